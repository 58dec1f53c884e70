import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { TimerHandlers, TimerRepository } from './ports.ts';
import type { Timer } from './timer.ts';

/** Runs due timers: one alarm waits for the earliest row; rows are claimed by a lease. */
export interface TimerRunner {
  handle(handlers: TimerHandlers): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A timer was set that may be due before the alarm. */
  wake(dueAt: number): void;
}
export type { Timer };

export interface TimerRunnerDependencies {
  timers: TimerRepository;
  clock: Clock;
  log: Log;
  /** How long a claim holds, ms: longer than any handler takes. A handler that failed runs again after it. */
  lease?: number;
  /** Look for due rows at least this often, ms, so that a lost wake-up only delays. */
  sweep?: number;
  /** Most handlers at a time. */
  most?: number;
}

/** Wait after a look that could claim nothing of what is due, or could not look, ms. */
const pause = 250;
/** A handler that keeps failing is left alone for at most this long, ms. */
const longestBackoff = 10 * 60_000;

/**
 * One process's share of the timers. Handlers run at least once for a due row and take it away, or move it, in
 * their own commit; a row whose handler failed or died is free again when its lease ends.
 */
export function createTimerRunner(d: TimerRunnerDependencies): TimerRunner {
  const { timers, clock, log, lease = 30_000, sweep = 30_000, most = 200 } = d;
  const handlers: TimerHandlers = {};
  const running = new Set<Promise<void>>();
  /** Failures in a row, by timer: forgotten at the first success. */
  const failures = new Map<string, { count: number; until: number }>();
  let state: 'new' | 'started' | 'stopped' = 'new';
  let alarm: { at: number; cancel: () => void } | undefined;
  let looking: Promise<void> | undefined;
  /** The earliest wake-up that came while looking. */
  let wokenAt = Number.POSITIVE_INFINITY;
  let storeFailures = 0;

  function ringAt(at: number): void {
    if (state !== 'started' || (alarm !== undefined && alarm.at <= at)) return;
    alarm?.cancel();
    alarm = { at, cancel: clock.after(Math.max(0, at - clock.now()), ring) };
  }

  function ring(): void {
    alarm = undefined;
    if (state !== 'started' || looking !== undefined) return;
    looking = look().finally(() => {
      looking = undefined;
      // Woken between the last look and now.
      if (wokenAt < Number.POSITIVE_INFINITY) ringAt(wokenAt);
      wokenAt = Number.POSITIVE_INFINITY;
    });
  }

  /** Claim and start what is due, then set the alarm for what comes next. */
  async function look(): Promise<void> {
    try {
      let claimed = 0;
      for (;;) {
        const room = most - running.size;
        // A handler that ends looks again.
        if (state !== 'started' || room <= 0) return;
        const due = await timers.claimDue(clock.now(), room, lease);
        claimed = due.length;
        for (const timer of due) begin(timer);
        if (claimed < room) break;
      }
      const next = await timers.nextDue();
      storeFailures = 0;
      const now = clock.now();
      // Due, and yet not to be had: somebody else is just claiming it.
      const soonest = next !== undefined && next <= now && claimed === 0 ? now + pause : next;
      ringAt(Math.min(now + sweep, soonest ?? Number.POSITIVE_INFINITY));
    } catch (error) {
      storeFailures += 1;
      log.error({ error, failures: storeFailures }, 'timers could not be read: trying again');
      ringAt(clock.now() + Math.min(sweep, pause * 2 ** Math.min(storeFailures, 10)));
    }
  }

  function begin(timer: Timer): void {
    // Still being left alone: the claim keeps it away from others, too.
    if ((failures.get(timer.id)?.until ?? 0) > clock.now()) return;
    const run = execute(timer).finally(() => {
      const wasFull = running.size >= most;
      running.delete(run);
      if (wasFull) ringAt(clock.now());
    });
    running.add(run);
  }

  async function execute(timer: Timer): Promise<void> {
    const handler = handlers[timer.kind];
    try {
      if (handler === undefined) throw new Error(`Nobody handles timers of kind ${timer.kind}.`);
      await handler(timer);
      failures.delete(timer.id);
    } catch (error) {
      const count = (failures.get(timer.id)?.count ?? 0) + 1;
      // The claim itself is the first wait.
      const wait = Math.min(longestBackoff, lease * (2 ** Math.min(count - 1, 20) - 1));
      failures.set(timer.id, { count, until: clock.now() + wait });
      log.error({ error, timer: timer.id, failures: count }, 'a timer failed: it will run again');
      // Somebody else may have taken the row away since.
      if (failures.size > 10_000) failures.delete(failures.keys().next().value as string);
    }
  }

  return {
    handle: (more) => void Object.assign(handlers, more),
    async start() {
      if (state !== 'new') return;
      state = 'started';
      ring();
      await looking;
    },
    async stop() {
      state = 'stopped';
      alarm?.cancel();
      alarm = undefined;
      await looking;
      await Promise.all(running);
    },
    wake(dueAt) {
      if (looking !== undefined) wokenAt = Math.min(wokenAt, dueAt);
      ringAt(dueAt);
    },
  };
}
