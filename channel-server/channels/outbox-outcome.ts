import { SendFailure } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { DeliveryReason } from './delivery.ts';

/** How long a message that fails may hold up those after it, ms. DESIGN §3. */
export const longestHold = 10 * 60_000;

/** The last attempt begins this much before the end: a pause of its channel and its own time go into it, ms. */
const lastAttempt = 60_000;

const backoff = { first: 1_000, longest: 60_000 };

/** How long to wait after the nth failure in a row, ms: twice as long each time, at most a minute, with jitter. */
export function backoffOf(failures: number, random: () => number): number {
  const whole = Math.min(backoff.longest, backoff.first * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.round(whole * (0.5 + random() / 2));
}

/** When to try again, or undefined when the message has held up its conversation for too long. */
export function retryAt(
  facts: { now: number; failures: number; failingSince: number; after: number | undefined },
  random: () => number,
): number | undefined {
  const { now, failures, failingSince, after } = facts;
  const end = failingSince + longestHold - lastAttempt;
  if (now >= end) return undefined;
  // What the platform asks for is kept, with a little more so that not all come back at once.
  if (after !== undefined) {
    const at = now + Math.round(Math.max(after, 0) * (1 + random() / 20)) + 50;
    return at > end ? undefined : at;
  }
  // One last attempt is made at the very end.
  return Math.min(end, now + backoffOf(failures, random));
}

/**
 * What a failed attempt means. Whatever is no SendFailure was thrown by a mistake, perhaps after the request was written:
 * nobody knows.
 */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error;
  return new SendFailure('unknown', 'The message was being sent when something went wrong on the server.', {
    cause: error,
  });
}

/** What failed preparations mean: nothing was sent by them, they may be repeated. */
export function preparationFailureOf(error: unknown): SendFailure {
  if (error instanceof SendFailure) {
    if (error.kind !== 'unknown') return error;
    return new SendFailure('unreachable', error.message, { cause: error });
  }
  if (error instanceof FoyerError && error.code.startsWith('MEDIA_')) {
    return new SendFailure('refused', error.message, { cause: error });
  }
  return new SendFailure('unreachable', 'What the message needs could not be made ready.', { cause: error });
}

export function reasonOf({ kind, code, message }: SendFailure): DeliveryReason {
  return { kind, ...(code === undefined ? {} : { code }), text: message };
}
