/** Runs tasks that share a key one after the other, in the order asked; others run side by side. */
export interface KeyedLock {
  /** Hold all of `keys` while `task` runs. */
  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T>;
}

export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();

  function one<T>(key: string, task: () => Promise<T>): Promise<T> {
    const result = (tails.get(key) ?? Promise.resolve()).then(task);
    // The queue goes on after a failure, which the caller of `run` gets.
    const tail = result.catch(() => {}).then(() => void (tails.get(key) === tail && tails.delete(key)));
    tails.set(key, tail);
    return result;
  }

  return {
    run(keys, task) {
      // Always in the same order, so that no two tasks wait for each other.
      const sorted = [...new Set(keys)].sort();
      return sorted.reduceRight<typeof task>((inner, key) => () => one(key, inner), task)();
    },
  };
}
