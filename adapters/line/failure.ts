import { SendFailure } from '../contract/index.ts';
import {
  type ApiAnswer,
  asArray,
  asRecord,
  asString,
  failureOfStatus,
  recordOf,
  retryAfterOf,
  TokenRefused,
} from '../kit/index.ts';

/** Code of a failure that lasts until the plan is raised, or the month is over. */
export const monthlyLimit = 'monthly-limit';

/** The reply token was used or is too old: surely nothing was sent. */
export class ReplyTokenInvalid extends SendFailure {
  constructor(message: string) {
    super('refused', message, { code: '400' });
    this.name = 'ReplyTokenInvalid';
  }
}

/** What an answer of LINE's API means. 409 is no failure: a push with this retry key was accepted before. */
export function failureOf(answer: ApiAnswer, now: number): SendFailure | undefined {
  const { status, headers } = answer;
  if (answer.ok || status === 409) return undefined;
  const said = wordsOf(answer);
  const code = String(status);
  if (status === 401) return new TokenRefused(`LINE refused the channel access token: ${said}`, { code });
  if (status === 400 && /invalid reply token/i.test(said)) return new ReplyTokenInvalid(said);
  if (status === 400 && /failed to send messages/i.test(said)) {
    // LINE says this of ids it does not know; pushing to somebody who blocked the account is answered with 200.
    return new SendFailure('blocked', 'LINE knows no such user or group, or the account is not in it any more.', {
      code,
    });
  }
  if (status === 429 && /monthly limit/i.test(said)) {
    // Replies are free and still go, so the channel goes on.
    const words =
      "The month's messages are used up: only answers within a minute of a customer's message go. Raise the plan in LINE Official Account Manager.";
    return new SendFailure('refused', words, { code: monthlyLimit });
  }
  if (status === 429) {
    const after = retryAfterOf(headers, now);
    return new SendFailure('rate-limited', said, { code, ...(after === undefined ? {} : { after }) });
  }
  return failureOfStatus(answer, now, said);
}

/** `{message, details: [{message, property}]}` in one line. */
function wordsOf({ body, status }: ApiAnswer): string {
  const error = recordOf(body);
  // The token endpoint answers as OAuth does.
  const message = asString(error.message) ?? asString(error.error_description) ?? asString(error.error);
  const details = asArray(error.details).flatMap((detail) => {
    const property = asString(asRecord(detail)?.property);
    const why = asString(asRecord(detail)?.message);
    return why === undefined ? [] : [property === undefined ? why : `${property}: ${why}`];
  });
  return [message ?? `HTTP ${status}`, ...details].join('; ').slice(0, 300);
}
