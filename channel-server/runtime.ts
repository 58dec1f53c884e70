import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock, Ids, Log } from '../adapters/contract/index.ts';

/** Longest wait a Node timer can hold. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), longest));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemIds: Ids = {
  next: (prefix) => `${prefix}_${v7().replaceAll('-', '')}`,
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
};

/**
 * Run `work` once after `first` ms and then again and again, `every` ms after the last one ended. A failure is
 * logged and the next turn comes as usual. The answer stops it; a turn under way ends when what it works on closes.
 */
export function repeat(
  work: () => Promise<unknown>,
  { first, every, clock, log, name }: { first: number; every: number; clock: Clock; log: Log; name: string },
): () => void {
  let stopped = false;
  let cancel = clock.after(first, turn);
  function turn(): void {
    work()
      .catch((error: unknown) => {
        if (!stopped) log.error({ err: error }, `${name} failed`);
      })
      .finally(() => {
        if (!stopped) cancel = clock.after(every, turn);
      });
  }
  return () => {
    stopped = true;
    cancel();
  };
}
