import { verify } from 'node:crypto';
import { type ApiAnswer, ApiRefusal, type ApiRequest } from '../../phone/api.ts';
import { fieldsOf, jsonOf } from '../../phone/checks.ts';
import type { Ground } from '../../phone/platform.ts';
import { token } from '../../phone/world.ts';
import { type RbmAccount, remember, tokenLife } from './account.ts';
import { refuse, unauthenticated } from './refusal.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const scope = 'https://www.googleapis.com/auth/rcsbusinessmessaging';
const timeframe =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

/**
 * Google's token server for service accounts, and the check of its tokens. Source: Google Identity, "Using OAuth 2.0 for
 * Server to Server Applications".
 */
export function createOauth({ world }: Ground, account: RbmAccount) {
  const no = (error: string, description: string): ApiAnswer => ({
    status: 400,
    body: { error, error_description: description },
  });

  function problemOf(assertion: string): ApiAnswer | undefined {
    const parts = assertion.split('.');
    const [head = '', claims = '', signature = ''] = parts;
    const read = (part: string) => fieldsOf(jsonOf(Buffer.from(part, 'base64url')));
    const header = read(head);
    const { iss, aud, iat, exp, scope: asked } = read(claims);
    if (parts.length !== 3 || header.alg !== 'RS256') return no('invalid_grant', 'Invalid JWT: Invalid header.');
    if (iss !== account.serviceAccountKey.client_email) return no('invalid_grant', 'Invalid grant: account not found');
    const known = header.kid === undefined || header.kid === account.serviceAccountKey.private_key_id;
    const signed = Buffer.from(`${head}.${claims}`);
    if (!known || !verify('sha256', signed, account.publicKey, Buffer.from(signature, 'base64url'))) {
      return no('invalid_grant', 'Invalid JWT Signature.');
    }
    if (aud !== account.serviceAccountKey.token_uri) {
      return no('invalid_grant', 'Invalid JWT: Failed audience check.');
    }
    const now = world.now() / 1000;
    const [from, until] = [Number(iat), Number(exp)];
    if (!Number.isInteger(from) || !Number.isInteger(until)) return no('invalid_grant', timeframe);
    if (from > now + 300 || until < now || until - from > 3_600) return no('invalid_grant', timeframe);
    if (typeof asked !== 'string' || !asked.split(' ').includes(scope)) {
      return no('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    }
    return undefined;
  }

  return {
    /** `POST https://oauth2.googleapis.com/token`. */
    issue({ headers, body }: ApiRequest): ApiAnswer {
      if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
        return no('invalid_request', 'Required parameter is missing: grant_type');
      }
      const form = new URLSearchParams(body.toString('utf8'));
      if (form.get('grant_type') !== grantType) {
        return no('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
      }
      const problem = problemOf(form.get('assertion') ?? '');
      if (problem !== undefined) return problem;
      const accessToken = `ya29.c.${token(world, 120)}`;
      remember(account.tokens, accessToken, world.now() + tokenLife * 1000);
      return {
        status: 200,
        body: { access_token: accessToken, expires_in: tokenLife - 1, token_type: 'Bearer' },
      };
    },
    /** @throws ApiRefusal unless the request carries a live token and names the agent it is for. */
    authorize({ headers, query }: ApiRequest): void {
      const [, given = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
      const until = account.tokens.get(given);
      if (until === undefined || until <= world.now()) throw new ApiRefusal(unauthenticated);
      const agentId = query.get('agentId');
      if (agentId === null || agentId === '') refuse(400, 'Agent id is required.');
      if (agentId !== account.agentId) refuse(403, 'The caller does not have permission');
    },
  };
}

export type RbmOauth = ReturnType<typeof createOauth>;
