import type { Clock } from '../../adapters/contract/index.ts';

/** A clock that moves only when told. */
export interface FakeClock extends Clock {
  /** Move time forward, running what falls due on the way, oldest first. */
  advance(ms: number): Promise<void>;
}

export function fakeClock(start = Date.UTC(2026, 10, 21, 9, 0, 0)): FakeClock {
  let now = start;
  let next = 0;
  const waiting = new Map<number, { due: number; run: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    now: () => now,
    after(ms, run) {
      const id = next++;
      waiting.set(id, { due: now + Math.max(0, ms), run });
      return () => void waiting.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...waiting].filter(([, w]) => w.due <= end).sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0];
        if (due === undefined) break;
        waiting.delete(due[0]);
        now = Math.max(now, due[1].due);
        due[1].run();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
