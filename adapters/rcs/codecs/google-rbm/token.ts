import { importPKCS8, SignJWT } from 'jose';
import { type Clock, type HostFetch, type KeptToken, SendFailure, type TokenCache } from '../../../contract/index.ts';
import { type ApiAnswer, callApi, failureOfStatus, withToken } from '../../../kit/api.ts';
import { asNumber, asString, recordOf } from '../../../kit/inbound.ts';
import { type GoogleRbmSettings, serviceAccountOf } from '../../config.ts';
import { harmless } from '../calls.ts';
import { scopes, tokenUrl } from './platform.ts';

/** What a token is made with. */
export interface TokenHost {
  fetch: HostFetch;
  tokens: TokenCache;
  clock: Clock;
}

/** Call with an access token of the service account; one that Google refuses is made anew once. */
export function withAccess<Answer>(
  host: TokenHost,
  settings: GoogleRbmSettings,
  call: (token: string) => Promise<Answer>,
): Promise<Answer> {
  return withToken(host.tokens, 'access', settings.serviceAccountKey, () => makeToken(host, settings), call);
}

/**
 * A token for an hour, for a JWT that the service account's key signed (RS256). Source: Google identity, "Using OAuth
 * 2.0 for server to server applications". The key names an address for this, too; only Google's own is ever called.
 */
async function makeToken({ fetch, clock }: TokenHost, settings: GoogleRbmSettings): Promise<KeptToken> {
  const assertion = await assertionOf(settings, clock.now());
  const answer = await harmless(() =>
    callApi(
      fetch,
      {
        url: tokenUrl,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
      },
      (found) => failureOf(found, clock.now()),
    ),
  );
  const { access_token: value, expires_in: seconds } = recordOf(answer.body);
  const token = asString(value);
  if (token === undefined) throw new SendFailure('unreachable', 'Google answered without an access token.');
  return { value: token, expiresAt: clock.now() + (asNumber(seconds) ?? 3_600) * 1_000 };
}

function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  const { error, error_description: words } = recordOf(answer.body);
  const said = (asString(words) ?? asString(error))?.slice(0, 300);
  if (answer.ok || answer.status === 429 || answer.status >= 500) return failureOfStatus(answer, now, said);
  const why = said === undefined ? '' : `: ${said}`;
  return new SendFailure(
    'channel-broken',
    `Google gives no access token${why}. Check the service account key, and this server's clock.`,
    { code: asString(error) ?? String(answer.status) },
  );
}

async function assertionOf(settings: GoogleRbmSettings, now: number): Promise<string> {
  const account = serviceAccountOf(settings.serviceAccountKey);
  if (account === undefined) throw broken('The service account key is no JSON file of Google.');
  const issuedAt = Math.floor(now / 1_000);
  try {
    const key = await importPKCS8(account.private_key, 'RS256');
    return await new SignJWT({ scope: scopes })
      .setProtectedHeader({
        alg: 'RS256',
        typ: 'JWT',
        ...(account.private_key_id === undefined ? {} : { kid: account.private_key_id }),
      })
      .setIssuer(account.client_email)
      .setAudience(tokenUrl)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3_600)
      .sign(key);
  } catch {
    // The engine's words may quote the key.
    throw broken('The private key in the service account key cannot be read: paste the whole JSON file again.');
  }
}

function broken(message: string): SendFailure {
  return new SendFailure('channel-broken', message);
}
