import { createHash } from 'node:crypto';
import {
  FetchFailure,
  type HostFetch,
  type HostFetchOptions,
  type HostResponse,
  type KeptToken,
  SendFailure,
  type TokenCache,
} from '../contract/index.ts';
import { parseJson } from './json.ts';

/** One request to a platform's API. */
export interface ApiCall extends HostFetchOptions {
  url: string;
  /** Sent as JSON. For exact bytes use `body`. */
  json?: unknown;
}

/** What the platform answered. */
export interface ApiAnswer {
  status: number;
  ok: boolean;
  /** Names in lower case. */
  headers: HostResponse['headers'];
  text: string;
  /** The text as JSON, large numbers as strings; undefined when it is none. */
  body: unknown;
}

/** Reads an answer: why it is a failure, or undefined when the platform did what it was asked. */
export type FailureOf = (answer: ApiAnswer) => SendFailure | undefined;

/**
 * Call a platform. Rejects with SendFailure: by `failureOf` when there is an answer, else by what is known of the
 * request. An unknown outcome is `unknown`, never `unreachable`.
 */
export async function callApi(fetch: HostFetch, call: ApiCall, failureOf: FailureOf): Promise<ApiAnswer> {
  const { url, json, ...options } = call;
  if (json !== undefined) {
    options.body = JSON.stringify(json);
    options.headers = { 'content-type': 'application/json', ...options.headers };
  }
  let answer: ApiAnswer;
  try {
    const response = await fetch(url, options);
    const text = await response.text();
    const { status, ok, headers } = response;
    answer = { status, ok, headers, text, body: parseJson(text) };
  } catch (error) {
    throw withoutAnswer(error, options.signal);
  }
  const failure = failureOf(answer);
  if (failure !== undefined) throw failure;
  return answer;
}

const kindOf = {
  'not-sent': 'unreachable',
  'no-answer': 'unknown',
  'refused-address': 'refused',
  'too-large': 'refused',
} as const satisfies Record<FetchFailure['kind'], SendFailure['kind']>;

/** A request that got no answer, by whether it can have been taken. Errors of another kind stay what they are. */
export function withoutAnswer(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof FetchFailure) return new SendFailure(kindOf[error.kind], error.message, { cause: error });
  if (signal?.aborted === true)
    return new SendFailure('unknown', 'The request was ended before its answer.', { cause: error });
  return error;
}

/** The platform refused the token itself. Thrown to the end it stops the channel; {@link withToken} tries once more. */
export class TokenRefused extends SendFailure {
  constructor(message: string, options: { code?: string; cause?: unknown } = {}) {
    super('channel-broken', message, options);
    this.name = 'TokenRefused';
  }
}

/**
 * Call with the token called `name`; when that one is {@link TokenRefused}, make a new one and call once more. `seed`
 * is what tokens are made from, and is kept as its hash only. Nothing was sent while a token was being made: that
 * it could not be had in time is `unreachable`, never `unknown`.
 */
export async function withToken<Answer>(
  tokens: TokenCache,
  name: string,
  seed: string,
  make: (before: KeptToken | undefined) => Promise<KeptToken>,
  call: (token: string) => Promise<Answer>,
): Promise<Answer> {
  const hash = createHash('sha256').update(seed).digest('base64url');
  const get = async () => {
    try {
      return (await tokens.get(name, hash, make)).value;
    } catch (error) {
      if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
      throw new SendFailure('unreachable', error.message, { cause: error });
    }
  };
  const value = await get();
  try {
    return await call(value);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    await tokens.spoil(name, value);
  }
  return call(await get());
}

/** Milliseconds a Retry-After header asks for (seconds, or an HTTP date), or undefined. `now`: ms since the epoch. */
export function retryAfterOf(headers: HostResponse['headers'], now: number): number | undefined {
  const told = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(told)) return Math.ceil(Number(told) * 1000);
  const at = /GMT$/.test(told) ? Date.parse(told) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/**
 * What a status says where the platform's body says nothing better. 429 and 503 were surely not taken; of other 5xx,
 * and of 408, nobody can say. `said` is the platform's own words, without secrets.
 */
export function failureOfStatus(answer: ApiAnswer, now: number, said?: string): SendFailure | undefined {
  if (answer.ok) return undefined;
  const { status } = answer;
  const words = `The platform answered ${status}${said === undefined ? '' : `: ${said.slice(0, 300)}`}.`;
  const after = retryAfterOf(answer.headers, now);
  const options = { code: String(status), ...(after === undefined ? {} : { after }) };
  if (status === 429) return new SendFailure('rate-limited', words, options);
  if (status === 503) return new SendFailure(after === undefined ? 'unreachable' : 'rate-limited', words, options);
  if (status === 401 || status === 403) return new SendFailure('channel-broken', words, options);
  if (status >= 500 || status === 408) return new SendFailure('unknown', words, options);
  return new SendFailure('refused', words, options);
}
