import { SendFailure } from '../contract/index.ts';
import { type ApiAnswer, failureOfStatus, TokenRefused } from '../kit/api.ts';
import { asArray, asNumber, asString, recordOf } from '../kit/inbound.ts';

/** Why X does not deliver to this person: their settings, a block, no such person. By code of the older form. */
const personal: ReadonlySet<string> = new Set(['34', '50', '108', '109', '150', '349', '476']);
/** The account itself is locked or suspended, the app is not allowed, the credentials are wrong. */
const ours: ReadonlySet<string> = new Set(['32', '63', '64', '89', '93', '215', '220', '226', '326', '453']);
/** Problems of the app, not of one recipient. */
const appProblems: ReadonlySet<string> = new Set([
  'client-forbidden',
  'unsupported-authentication',
  'oauth1-permissions',
]);

/**
 * What an answer of API v2 means, or undefined when X did what it was asked. By the problem's type and code, else by
 * status. `about`: only of a message do 403 and 404 speak of its recipient. Source: X API v2, response codes and
 * errors; problem types.
 */
export function failureOf(
  answer: ApiAnswer,
  now: number,
  about: 'message' | 'anything' = 'anything',
): SendFailure | undefined {
  if (answer.ok) return undefined;
  const { status } = answer;
  const problem = problemOf(answer.body);
  const said = problem.words ?? 'no reason given';
  const code = problem.code ?? problem.type ?? String(status);
  const broken = (words: string) => new SendFailure('channel-broken', `${words} X says: ${said}`, { code });
  if (status === 429 && problem.type !== 'usage-capped') {
    return new SendFailure('rate-limited', `X takes no more for now. X says: ${said}`, {
      code,
      after: waitOf(answer, now),
    });
  }
  if (status === 429 || status === 402) return broken('The app has used up its plan or its credits.');
  if (status === 401) {
    return new TokenRefused(`X refused the access token; enter a valid one. X says: ${said}`, { code });
  }
  if (problem.code !== undefined && ours.has(problem.code)) return broken('X refuses the account or the app.');
  if (status === 403 && (about === 'anything' || appProblems.has(problem.type ?? ''))) {
    return broken('The app may not do this: check its permissions and its plan.');
  }
  const isPersonal = status === 403 || status === 404 || (problem.code !== undefined && personal.has(problem.code));
  if (about === 'message' && isPersonal) return blocked(said, code);
  return failureOfStatus(answer, now, problem.words);
}

/** 403 for a message means the recipient: direct messages closed, a block, only verified senders. */
function blocked(said: string, code: string): SendFailure {
  return new SendFailure('blocked', `This person cannot be written to on X. X says: ${said}`, {
    code,
    closed: 'blocked',
  });
}

interface Problem {
  /** Last part of the problem's address: `client-forbidden`. */
  type?: string | undefined;
  code?: string | undefined;
  words?: string | undefined;
}

/** problem+json, or the older `{errors: [{code, message}]}`, or both at once. */
function problemOf(body: unknown): Problem {
  const problem = recordOf(body);
  const first = recordOf(asArray(problem.errors)[0]);
  const words =
    asString(problem.detail) ?? asString(first.detail) ?? asString(first.message) ?? asString(problem.title);
  // Some answers name the older code only in their words: "… (349)".
  const told = /\((\d{2,3})\)|\bcode:?\s(\d{2,3})\b/i.exec(words ?? '');
  return {
    type: (asString(problem.type) ?? asString(first.type))?.split('/').at(-1),
    code: asString(first.code) ?? asString(problem.code) ?? told?.[1] ?? told?.[2],
    words: words?.slice(0, 300),
  };
}

const windows = ['x-rate-limit', 'x-user-limit-24hour', 'x-app-limit-24hour'] as const;

/**
 * How long to wait: until the last of the used-up limits is reset (headers in seconds since the epoch; there is no
 * Retry-After). Between a second and a day; a minute when nothing is said.
 */
function waitOf(answer: ApiAnswer, now: number): number {
  const resets = windows.flatMap((name) => {
    const reset = asNumber(answer.headers[`${name}-reset`]);
    const left = asNumber(answer.headers[`${name}-remaining`]);
    return reset === undefined ? [] : [{ at: reset * 1000, used: left === undefined || left <= 0 }];
  });
  const used = resets.filter((reset) => reset.used);
  const until = Math.max(...(used.length > 0 ? used : resets).map(({ at }) => at));
  if (!Number.isFinite(until)) return 60_000;
  return Math.min(Math.max(until - now, 1_000), 24 * 60 * 60_000);
}
