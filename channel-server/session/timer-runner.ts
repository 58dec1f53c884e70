import type { TimerHandlers } from './ports.ts';
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
