import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { createCoalescer } from './coalesce.ts';

describe('gathered wake-ups', () => {
  it('are one piece of work for each key, with the latest facts', async () => {
    const clock = fakeClock();
    const done: string[] = [];
    const coalescer = createCoalescer<number>({
      clock,
      log: silentLog(),
      delay: 250,
      work: async (key, facts) => void done.push(`${key}${facts}`),
    });
    coalescer.wake('a', 1);
    coalescer.wake('a', 2);
    coalescer.wake('b', 3);
    await clock.advance(249);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(['a2', 'b3']);
  });

  it('during the work lead to another round, so that the last word is never an old one', async () => {
    const clock = fakeClock();
    const done: number[] = [];
    const coalescer = createCoalescer<number>({
      clock,
      log: silentLog(),
      delay: 10,
      async work(key, facts) {
        if (facts === 1) coalescer.wake(key, 2);
        done.push(facts);
      },
    });
    coalescer.wake('a', 1);
    await clock.advance(10);
    expect(done).toEqual([1]);
    await clock.advance(10);
    expect(done).toEqual([1, 2]);
  });

  it('go on after one of them failed, and stop when told to', async () => {
    const clock = fakeClock();
    const log = silentLog();
    const done: string[] = [];
    const coalescer = createCoalescer<string>({
      clock,
      log,
      delay: 10,
      async work(key) {
        if (key === 'a') throw new Error('no');
        done.push(key);
      },
    });
    coalescer.wake('a', '');
    coalescer.wake('b', '');
    await clock.advance(10);
    expect(done).toEqual(['b']);
    expect(log.lines).toHaveLength(1);
    coalescer.wake('c', '');
    coalescer.stop();
    coalescer.wake('d', '');
    await clock.advance(100);
    expect(done).toEqual(['b']);
  });
});
