import { expect, test } from 'vitest';
import { contrast, inkOn } from './accent.ts';

const grounds = ['#ffffff', '#14171c'] as const;

test.each(['#2f5d50', '#ffe14d', '#000000', '#ffffff', '#d5341f', '#3457d5'])(
  '%s as text can be read in the light and in the dark',
  (accent) => {
    for (const ground of grounds) expect(contrast(inkOn(accent, ground), ground)).toBeGreaterThanOrEqual(4.5);
  },
);

test('a colour that can be read stays as it is', () => {
  expect(inkOn('#2f5d50', '#ffffff')).toBe('#2f5d50');
});
