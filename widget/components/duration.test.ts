import { expect, test } from 'vitest';
import { duration } from './duration.ts';

test('lengths of time are short, whatever their size', () => {
  const minute = 60_000;
  expect(duration(-5, 'en')).toBe('0:00');
  expect(duration(42_900, 'en')).toBe('0:42');
  expect(duration(12 * minute + 5_000, 'en')).toBe('12:05');
  expect(duration(125 * minute, 'en')).toBe('2h 5m');
  expect(duration(125 * minute, 'zh')).toBe('2小时 5分钟');
  expect(duration(3 * 24 * 60 * minute, 'en')).toBe('3d');
});
