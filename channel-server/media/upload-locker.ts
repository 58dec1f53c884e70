import { ERRORS, type Locker } from '@tus/server';
import type { Clock } from '../../adapters/contract/index.ts';

interface Holder {
  /** Ask whoever has the upload to let go: a new request for it means that the old connection is dead. */
  cancel: () => void;
  waiting: Set<() => void>;
}

/**
 * One request per upload at a time. Waiting costs nothing (tus's own locker spins), and ends after `timeout`
 * milliseconds with a refusal.
 */
export function createUploadLocker(clock: Clock, timeout: number): Locker {
  const holders = new Map<string, Holder>();

  return {
    newLock(id) {
      return {
        async lock(signal, cancel) {
          const give = () => void cancel();
          for (;;) {
            if (signal.aborted) throw ERRORS.ABORTED;
            const holder = holders.get(id);
            if (holder === undefined) {
              holders.set(id, { cancel: give, waiting: new Set() });
              return;
            }
            holder.cancel();
            if (!(await released(holder, signal))) throw ERRORS.ERR_LOCK_TIMEOUT;
          }
        },
        async unlock() {
          const holder = holders.get(id);
          holders.delete(id);
          for (const wake of holder?.waiting ?? []) wake();
        },
      };
    },
  };

  function released(holder: Holder, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (free: boolean) => {
        stop();
        signal.removeEventListener('abort', aborted);
        holder.waiting.delete(freed);
        resolve(free);
      };
      const freed = () => end(true);
      const aborted = () => end(true);
      const stop = clock.after(timeout, () => end(false));
      signal.addEventListener('abort', aborted);
      holder.waiting.add(freed);
    });
  }
}
