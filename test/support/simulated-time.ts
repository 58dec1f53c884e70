import type { Clock } from '../../adapters/contract/index.ts';

/** Real time that runs `pace` times as fast: waits of minutes become seconds, in their right proportions. */
export function fastClock(pace: number): Clock {
  const start = Date.now();
  const began = performance.now();
  return {
    now: () => Math.floor(start + (performance.now() - began) * pace),
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms) / pace);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
