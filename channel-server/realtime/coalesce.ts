import type { Clock, Log } from '../../adapters/contract/index.ts';

/** Work by key, done once for many wake-ups. */
export interface Coalescer<Facts> {
  /** `facts` of the latest wake-up of a key win. */
  wake(key: string, facts: Facts): void;
  stop(): void;
}

/**
 * Gather wake-ups for `delay` ms, then do the work of each key once, one key after the other. A wake-up
 * during the work of its key leads to another round, so that the last word is never an old one.
 */
export function createCoalescer<Facts>(options: {
  clock: Clock;
  log: Log;
  delay: number;
  work: (key: string, facts: Facts) => Promise<void>;
}): Coalescer<Facts> {
  let waiting = new Map<string, Facts>();
  let armed = false;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const arm = () => {
    if (armed || stopped || waiting.size === 0) return;
    armed = true;
    cancel = options.clock.after(options.delay, () => void round());
  };
  const round = async () => {
    const batch = waiting;
    waiting = new Map();
    for (const [key, facts] of batch) {
      if (stopped) return;
      try {
        await options.work(key, facts);
      } catch (error) {
        options.log.warn({ err: error }, 'telling connected people about a change failed');
      }
    }
    armed = false;
    arm();
  };
  return {
    wake(key, facts) {
      if (stopped) return;
      waiting.set(key, facts);
      arm();
    },
    stop() {
      stopped = true;
      cancel?.();
      waiting.clear();
    },
  };
}
