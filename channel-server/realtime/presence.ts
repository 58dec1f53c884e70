import type { Clock, Log } from '../../adapters/contract/index.ts';

/** Who is here, told late when someone goes: a page change or a reload is not an absence. */
export interface Presence<Facts> {
  /** Someone connected. `matters`: it is to be told even if nobody was told that they had gone. */
  came(key: string, facts: Facts, matters: boolean): void;
  /** The last connection went. */
  went(key: string, facts: Facts): void;
  stop(): void;
}

export function createPresence<Facts>(options: {
  clock: Clock;
  log: Log;
  /** Milliseconds between going and being told gone. */
  patience: number;
  isHere: (key: string) => boolean;
  back: (facts: Facts) => Promise<void>;
  gone: (facts: Facts) => Promise<void>;
}): Presence<Facts> {
  const { clock, log, patience, isHere } = options;
  const leaving = new Map<string, () => void>();
  /** Tellings of one key follow one another, so that `gone` never overtakes `back`. */
  const telling = new Map<string, Promise<void>>();
  let stopped = false;

  const tell = (key: string, what: () => Promise<void>) => {
    const before = telling.get(key) ?? Promise.resolve();
    const mine = before.then(what).catch((error: unknown) => log.warn({ err: error }, 'presence could not be noted'));
    telling.set(key, mine);
    void mine.then(() => {
      if (telling.get(key) === mine) telling.delete(key);
    });
  };
  const wait = (key: string, facts: Facts) => {
    leaving.get(key)?.();
    const cancel = clock.after(patience, () => {
      leaving.delete(key);
      if (!stopped && !isHere(key)) tell(key, () => (isHere(key) ? Promise.resolve() : options.gone(facts)));
    });
    leaving.set(key, cancel);
  };

  return {
    came(key, facts, matters) {
      leaving.get(key)?.();
      leaving.delete(key);
      if (stopped || !(matters || telling.has(key))) return;
      tell(key, () => options.back(facts));
    },
    went(key, facts) {
      if (!stopped) wait(key, facts);
    },
    stop() {
      stopped = true;
      for (const cancel of leaving.values()) cancel();
      leaving.clear();
    },
  };
}
