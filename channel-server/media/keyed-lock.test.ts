import { expect, test } from 'vitest';
import { createKeyedLock } from './keyed-lock.ts';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

test('tasks with a key in common run one after the other, others side by side, and failures release', async () => {
  const locks = createKeyedLock();
  const running = new Set<string>();
  let together = 0;
  const task = (keys: string[]) =>
    locks.run(keys, async () => {
      for (const key of keys) expect(running.has(key)).toBe(false);
      for (const key of keys) running.add(key);
      together = Math.max(together, running.size);
      await pause();
      for (const key of keys) running.delete(key);
      if (keys.includes('c')) throw new Error('failed');
      return keys.join('');
    });
  const results = await Promise.allSettled([
    task(['a', 'b']),
    task(['b', 'a']),
    task(['b', 'c']),
    task(['d']),
    task(['c', 'a']),
    task([]),
  ]);
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(together).toBe(3);
  expect(await locks.run(['x', 'x'], async () => 'once')).toBe('once');
});
