import { type AdapterHost, type HostFetchOptions, type KeptToken, SendFailure } from '../contract/index.ts';
import { asNumber, asString, callApi, recordOf, TokenRefused, type UnknownRecord, withToken } from '../kit/index.ts';
import type { WechatSettings } from './config.ts';
import { failureOf } from './errcodes.ts';
import { origin } from './platform.ts';

/** Path, parameters and body of a request; the access token is added when it is sent. */
export interface WechatCall extends Pick<HostFetchOptions, 'headers' | 'timeout' | 'signal'> {
  path: string;
  query?: Record<string, string>;
  /** A body makes it a POST. */
  json?: unknown;
  body?: Uint8Array;
  /** Doing it twice does no harm: an unknown outcome is tried again. */
  harmless?: boolean;
  /** Counts from 1. */
  attempt?: number;
}

/** WeChat's API as one account. Everything rejects with SendFailure. */
export interface WechatApi {
  call(request: WechatCall): Promise<UnknownRecord>;
  /** Use the account's token; with a new one once more when it throws TokenRefused. */
  authorized<Answer>(use: (token: string) => Promise<Answer>): Promise<Answer>;
}

/** The address of a request with its token, which WeChat takes nowhere else. */
export function addressOf(path: string, token: string, query: Record<string, string> = {}): string {
  return `${origin}${path}?${new URLSearchParams({ access_token: token, ...query })}`;
}

export function createApi(host: AdapterHost<WechatSettings>): WechatApi {
  const { appId, appSecret } = host.channel.settings;

  function authorized<Answer>(use: (token: string) => Promise<Answer>): Promise<Answer> {
    return withToken(host.tokens, 'access_token', `${appId}\n${appSecret}`, make, use);
  }

  /**
   * The stable token: every node gets the same one until its last five minutes. When WeChat still gives the one that
   * was found wrong, a new one is forced (20 times a day, 30 s apart).
   */
  async function make(before: KeptToken | undefined): Promise<KeptToken> {
    const token = await askForToken(false);
    return token.value === before?.value ? askForToken(true) : token;
  }

  async function askForToken(force: boolean): Promise<KeptToken> {
    const now = host.clock.now();
    const call = {
      url: `${origin}/cgi-bin/stable_token`,
      method: 'POST',
      json: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: force },
    };
    const { body } = await callApi(host.fetch, call, (answer) => withoutToken(failureOf(answer, now)));
    const value = asString(recordOf(body).access_token);
    const seconds = asNumber(recordOf(body).expires_in);
    if (value === undefined || seconds === undefined) {
      throw new SendFailure('unreachable', 'WeChat gave no access token, and no reason.');
    }
    return { value, expiresAt: now + seconds * 1000 };
  }

  return {
    authorized,
    async call({ path, query, harmless: repeatable = false, attempt = 1, ...options }) {
      const method = options.json === undefined && options.body === undefined ? 'GET' : 'POST';
      const asked = authorized(async (token) => {
        const call = { url: addressOf(path, token, query), method, ...options };
        return callApi(host.fetch, call, (answer) => failureOf(answer, host.clock.now(), attempt));
      });
      return recordOf((await (repeatable ? harmless(asked) : asked)).body);
    },
  };
}

/** Where no token was sent, a "wrong credential" means the secret. */
function withoutToken(failure: SendFailure | undefined): SendFailure | undefined {
  if (!(failure instanceof TokenRefused)) return failure;
  const words = 'WeChat does not take AppID and AppSecret: copy both from the WeChat console.';
  return new SendFailure('channel-broken', `${words} (WeChat: ${failure.code})`, { code: failure.code ?? '' });
}

/** What may be done twice without harm can simply be tried again. */
async function harmless<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
    throw new SendFailure('unreachable', error.message, { cause: error });
  }
}
