import { type ConversationClosed, SendFailure, type SendFailureKind } from '../contract/index.ts';
import { type ApiAnswer, failureOfStatus, retryAfterOf } from './api.ts';
import { asArray, asNumber, asRecord, asString } from './inbound.ts';
import { parseJson } from './json.ts';

/** An error of the Graph API. What it means stands in `code`, then `subcode`; never in the HTTP status or the text. */
export interface GraphError {
  code: number;
  subcode: number | undefined;
  /** Meta's words, without what looks like a token. */
  text: string;
  transient: boolean;
}

/** What one does about an error. */
export interface GraphMeaning {
  kind: SendFailureKind;
  /** Milliseconds to wait. */
  after?: number;
  closed?: ConversationClosed;
  /** What to do about it, for people of the company. */
  advice?: string;
}

/** The channel's own table; undefined leaves it to the meanings all of Meta's channels share. */
export type GraphMeanings = (error: GraphError, attempt: number) => GraphMeaning | undefined;

/** `190/463`, as people look it up. */
export function graphCode({ code, subcode }: Pick<GraphError, 'code' | 'subcode'>): string {
  return subcode === undefined ? String(code) : `${code}/${subcode}`;
}

/** The error in an answer of the Graph API, or in one entry of a webhook's `errors`. */
export function graphErrorOf(value: unknown): GraphError | undefined {
  const error = asRecord(value);
  const code = asNumber(error?.code);
  if (error === undefined || code === undefined) return undefined;
  const details = asString(asRecord(error.error_data)?.details);
  const words = asString(error.error_user_msg) ?? asString(error.message) ?? asString(error.title) ?? 'no reason given';
  return {
    code,
    subcode: asNumber(error.error_subcode),
    text: withoutTokens(details === undefined || words.includes(details) ? words : `${words} ${details}`).slice(0, 400),
    transient: error.is_transient === true,
  };
}

/** Meta's text sometimes quotes the token it refuses. Nothing else in it is a word that long. */
function withoutTokens(text: string): string {
  return text.replace(/[\w|.-]{40,}/g, '…');
}

/** Meanings that all of Meta's channels share. Source: Graph API, error handling; Messenger and WhatsApp error codes. */
function sharedMeaning({ code, subcode, transient }: GraphError): GraphMeaning {
  if (code === 190) return { kind: 'channel-broken', advice: tokenAdvice(subcode) };
  if (code === 102) return { kind: 'channel-broken', advice: tokenAdvice(subcode) };
  if (code === 4 || code === 17 || code === 32 || code === 613) return { kind: 'rate-limited' };
  // Limits by business use case.
  if (code >= 80_000 && code <= 80_014) return { kind: 'rate-limited' };
  if (code === 1 || code === 2) return { kind: 'unreachable' };
  if (code === 368)
    return { kind: 'channel-broken', advice: 'Meta blocked the account over its policies: see Business Support Home.' };
  if (code === 0 || code === 3 || code === 10 || (code >= 200 && code <= 299)) {
    return { kind: 'channel-broken', advice: 'The token lacks a permission, or the app is not live.' };
  }
  return { kind: transient ? 'unreachable' : 'refused' };
}

function tokenAdvice(subcode: number | undefined): string {
  if (subcode === 463) return 'The access token has ended: make a new one and save it in the channel.';
  if (subcode === 460) return 'The access token was made invalid by a changed password: make a new one.';
  if (subcode === 458) return 'The app was removed from the account: connect it again and make a new access token.';
  return 'Make a new access token and save it in the channel.';
}

/** Waiting when Meta does not say how long, ms. */
const usualPause = 60_000;

/**
 * Why an answer of the Graph API is a failure, or undefined when it is none. `attempt` counts from 1; `now` is ms since
 * the epoch. An answer without Meta's error is judged by its status: there is no idempotency key, so what may have
 * been taken is `unknown`.
 */
export function graphFailureOf(
  answer: ApiAnswer,
  now: number,
  meanings: GraphMeanings = () => undefined,
  attempt = 1,
): SendFailure | undefined {
  const error = graphErrorOf(asRecord(answer.body)?.error);
  if (error === undefined) return failureOfStatus(answer, now);
  const { kind, after, closed, advice } = meanings(error, attempt) ?? sharedMeaning(error);
  const pause = kind === 'rate-limited' ? (after ?? told(answer, now) ?? usualPause) : after;
  const code = graphCode(error);
  return new SendFailure(kind, `Meta refused (${code}): ${error.text}${advice === undefined ? '' : ` ${advice}`}`, {
    code,
    ...(pause === undefined ? {} : { after: pause }),
    ...(closed === undefined ? {} : { closed }),
  });
}

/** `X-Business-Use-Case-Usage` tells in minutes when a limited account may go on. */
function told({ headers }: ApiAnswer, now: number): number | undefined {
  const usage = asRecord(parseJson(headers['x-business-use-case-usage'] ?? ''));
  const minutes = Object.values(usage ?? {})
    .flatMap((entries) => asArray(entries))
    .map((entry) => asNumber(asRecord(entry)?.estimated_time_to_regain_access) ?? 0);
  const longest = Math.max(0, ...minutes);
  return longest > 0 ? longest * 60_000 : retryAfterOf(headers, now);
}

/** The highest percentage of the app's hourly calls that an answer tells of (`X-App-Usage`), or 0. */
export function appUsageOf(headers: ApiAnswer['headers']): number {
  const usage = asRecord(parseJson(headers['x-app-usage'] ?? ''));
  return Math.max(0, ...Object.values(usage ?? {}).map((value) => asNumber(value) ?? 0));
}
