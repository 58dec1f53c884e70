import { expect, test } from 'vitest';
import { qrPath } from './qr-path.ts';

test('a code is drawn with its three corner marks inside the quiet zone', async () => {
  const { size, path } = await qrPath('2@AbCdEf0123456789,linked,device==');
  const dark = (x: number, y: number) =>
    [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].some(
      ([, from, row, length]) => Number(row) === y && x >= Number(from) && x < Number(from) + Number(length),
    );
  for (let at = 0; at < size; at++) {
    for (const edge of [0, 3, size - 4, size - 1]) expect(dark(at, edge) || dark(edge, at)).toBe(false);
  }
  for (const [x, y] of [
    [4, 4],
    [size - 11, 4],
    [4, size - 11],
  ] as const) {
    for (let step = 0; step < 7; step++) expect(dark(x + step, y) && dark(x, y + step)).toBe(true);
    expect(dark(x + 1, y + 1)).toBe(false);
    expect(dark(x + 3, y + 3)).toBe(true);
  }
});
