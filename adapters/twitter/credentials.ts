import type { AdapterHost, KeptToken } from '../contract/index.ts';
import { SendFailure } from '../contract/index.ts';
import { callApi, failureOfStatus, withToken } from '../kit/api.ts';
import { asNumber, asString, recordOf } from '../kit/inbound.ts';
import type { TwitterSettings } from './config.ts';
import { failureOf } from './failures.ts';
import { authorization } from './oauth1.ts';
import { apiOrigin } from './platform.ts';

/** A request that is to be signed: what the Authorization header depends on. */
export interface Signable {
  method: string;
  url: string;
}

/** How requests are signed for one channel. */
export interface Credentials {
  /** Call with the account's rights. With OAuth 2 a refused token is renewed and the call made once more. */
  asAccount<Answer>(request: Signable, call: (authorization: string) => Promise<Answer>): Promise<Answer>;
  /** Call with the app's own rights, for what belongs to no account: webhooks and subscriptions. */
  asApp<Answer>(call: (authorization: string) => Promise<Answer>): Promise<Answer>;
}

/** `nonce`: a text never used before, for OAuth 1.0a. */
export function credentialsOf(host: AdapterHost<TwitterSettings>, nonce: () => string): Credentials {
  const { settings } = host.channel;
  const bearer = (token: string) => `Bearer ${token}`;
  return {
    async asAccount(request, call) {
      if (settings.auth === 'oauth1') {
        const { consumerKey, consumerSecret, accessToken: token = '', accessTokenSecret: tokenSecret = '' } = settings;
        const keys = { consumerKey, consumerSecret, token, tokenSecret };
        return call(authorization(request, keys, nonce(), host.clock.now()));
      }
      const seed = settings.refreshToken ?? '';
      return withToken(
        host.tokens,
        'oauth2',
        seed,
        (before) => refresh(host, before),
        (token) => call(bearer(token)),
      );
    },
    asApp(call) {
      const seed = `${settings.consumerKey}:${settings.consumerSecret}`;
      return withToken(
        host.tokens,
        'app',
        seed,
        () => appToken(host),
        (token) => call(bearer(token)),
      );
    },
  };
}

/**
 * A new access token for the newest refresh token, which X replaces at every use (m): the token cache keeps the
 * answer before anybody gets it, and lets one at a time do this. Source: OAuth 2.0 Authorization Code with PKCE.
 */
async function refresh(host: AdapterHost<TwitterSettings>, before: KeptToken | undefined): Promise<KeptToken> {
  const { settings } = host.channel;
  const token = before?.refresh ?? settings.refreshToken ?? '';
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: settings.clientId ?? '' };
  const { clientSecret } = settings;
  const answer = await tokenCall(
    host,
    'refresh token: authorise the app again and enter the new one here',
    '/2/oauth2/token',
    form,
    clientSecret === undefined ? undefined : basicOf(settings.clientId ?? '', clientSecret),
  );
  const { access_token, expires_in, refresh_token } = recordOf(answer);
  const value = asString(access_token);
  if (value === undefined) throw new SendFailure('channel-broken', 'X gave no access token for the refresh token.');
  return {
    value,
    expiresAt: host.clock.now() + (asNumber(expires_in) ?? 7200) * 1000,
    refresh: asString(refresh_token) ?? token,
  };
}

/** The app's own token; it does not expire. Source: OAuth 2.0 application-only. */
async function appToken(host: AdapterHost<TwitterSettings>): Promise<KeptToken> {
  const { consumerKey, consumerSecret } = host.channel.settings;
  const answer = await tokenCall(
    host,
    'consumer key and secret: compare them with the app’s page',
    '/oauth2/token',
    { grant_type: 'client_credentials' },
    basicOf(consumerKey, consumerSecret),
  );
  const value = asString(recordOf(answer).access_token);
  if (value === undefined) throw new SendFailure('channel-broken', 'X gave no token for the app.');
  return { value };
}

function basicOf(name: string, secret: string): string {
  const text = `${encodeURIComponent(name)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** The message itself was not sent yet: whatever goes wrong here, it was surely not taken. `what` completes "X refused the …". */
async function tokenCall(
  host: AdapterHost<TwitterSettings>,
  what: string,
  path: string,
  form: Record<string, string>,
  basic: string | undefined,
): Promise<unknown> {
  try {
    const answer = await callApi(
      host.fetch,
      {
        url: `${apiOrigin}${path}`,
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(basic === undefined ? {} : { authorization: basic }),
        },
        body: new URLSearchParams(form).toString(),
        redirect: 'refuse',
      },
      (got) => {
        const { error, error_description } = recordOf(got.body);
        const code = asString(error);
        if (got.status >= 400 && got.status < 429 && got.status !== 408) {
          const said = asString(error_description) ?? code ?? String(got.status);
          return new SendFailure('channel-broken', `X refused the ${what} (${said.slice(0, 200)}).`, {
            code: code ?? String(got.status),
          });
        }
        return failureOf(got, host.clock.now()) ?? failureOfStatus(got, host.clock.now());
      },
    );
    return answer.body;
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
    throw new SendFailure('unreachable', error.message, { cause: error });
  }
}
