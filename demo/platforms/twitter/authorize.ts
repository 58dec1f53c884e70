import { type ApiAnswer, ApiRefusal, type ApiRequest } from '../phone/api.ts';
import type { Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import type { TwitterAccount } from './account.ts';
import { oauth1Signature, oauthParameters } from './oauth1.ts';

/** Refuse as X does: problem+json. */
export function problem(
  status: number,
  title: string,
  detail = title,
  type = 'about:blank',
  more: object = {},
): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { ...more, title, detail, type, status },
  };
}

export const unauthorized = problem(401, 'Unauthorized');

/** Largest difference of clocks, and how long nonces are remembered, ms. */
const clockSkew = 5 * 60_000;

/**
 * Check who calls: an OAuth 1.0a signature made with all four secrets, or an OAuth 2.0 user token.
 * @throws ApiRefusal with 401.
 */
export function createAuthorization({ world }: Ground, account: TwitterAccount): (request: ApiRequest) => void {
  return (request) => {
    const { authorization } = request.headers;
    const [, bearer] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
    if (bearer !== undefined) {
      const live = account.bearer !== undefined && account.bearer.until > world.now();
      if (live && same(bearer, account.bearer?.value ?? '')) return;
      throw new ApiRefusal(unauthorized);
    }
    const oauth = oauthParameters(authorization);
    if (oauth === undefined || !signed(request, oauth)) throw new ApiRefusal(unauthorized);
  };

  function signed(request: ApiRequest, oauth: Map<string, string>): boolean {
    const signature = oauth.get('oauth_signature') ?? '';
    const nonce = oauth.get('oauth_nonce') ?? '';
    const timestamp = oauth.get('oauth_timestamp') ?? '';
    if (oauth.get('oauth_consumer_key') !== account.consumerKey) return false;
    if (oauth.get('oauth_token') !== account.accessToken) return false;
    if (oauth.get('oauth_signature_method') !== 'HMAC-SHA1') return false;
    if ((oauth.get('oauth_version') ?? '1.0') !== '1.0') return false;
    if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - world.now()) > clockSkew) return false;
    if (nonce === '' || account.usedNonces.has(`${timestamp} ${nonce}`)) return false;
    oauth.delete('oauth_signature');
    const form = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
      ? [...new URLSearchParams(request.body.toString('utf8'))]
      : [];
    const expected = oauth1Signature({
      method: request.method,
      url: `https://${request.headers['x-forwarded-host'] ?? 'api.x.com'}${request.path}`,
      parameters: [...oauth, ...request.query, ...form],
      consumerSecret: account.consumerSecret,
      tokenSecret: account.accessTokenSecret,
    });
    if (!same(signature, expected)) return false;
    remember(`${timestamp} ${nonce}`);
    return true;
  }

  function remember(nonce: string): void {
    account.usedNonces.set(nonce, world.now());
    for (const [old, at] of account.usedNonces) {
      if (at > world.now() - 2 * clockSkew && account.usedNonces.size < 20_000) break;
      account.usedNonces.delete(old);
    }
  }
}
