/** Runs work of the same key one after the other, in the order it was asked for. */
export interface Serial {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Keeps order within this process: a visitor's leaving is looked at after the message that came before it.
 * Nothing rests on it for correctness between processes: there the commit's conditions decide.
 */
export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const before = tails.get(key);
      const mine =
        before === undefined
          ? work()
          : before.then(
              () => work(),
              () => work(),
            );
      tails.set(key, mine);
      const done = () => {
        if (tails.get(key) === mine) tails.delete(key);
      };
      mine.then(done, done);
      return mine;
    },
  };
}
