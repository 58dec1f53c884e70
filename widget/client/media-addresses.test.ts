import { expect, test, vi } from 'vitest';
import type { MediaAddress } from '../../adapters/contract/index.ts';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { batchSize, createMediaAddresses } from './media-addresses.ts';

const id = (count: number) => `med_${count.toString(16).padStart(32, '0')}`;

function setUp() {
  const clock = fakeClock();
  const resolve = vi.fn(
    async (ids: string[]): Promise<MediaAddress[]> =>
      ids.map((each) => ({
        id: each,
        state: 'ready',
        name: 'a.png',
        contentType: 'image/png',
        size: 1,
        url: `/media/${each}?e=${clock.now()}`,
        expiresAt: new Date(clock.now() + 3_600_000).toISOString(),
      })),
  );
  return { clock, resolve, media: createMediaAddresses({ clock, server: 'https://foyer.example', resolve }) };
}

test('addresses are asked for together, at most fifty at once, and made absolute', async () => {
  const { clock, resolve, media } = setUp();
  for (let count = 0; count < batchSize + 1; count += 1) expect(media.lookup(`media:${id(count)}`)).toBeUndefined();
  await clock.advance(100);
  expect(resolve.mock.calls.map(([ids]) => ids.length)).toEqual([batchSize, 1]);
  expect(media.lookup(`media:${id(0)}/thumbnail`)?.url).toMatch(`https://foyer.example/media/${id(0)}?e=`);
  expect(resolve).toHaveBeenCalledTimes(2);
});

test('addresses are renewed before they end', async () => {
  const { clock, resolve, media } = setUp();
  media.lookup(id(1));
  await clock.advance(100);
  const first = media.lookup(id(1))?.url;
  await clock.advance(3_400_000);
  expect(resolve).toHaveBeenCalledTimes(2);
  expect(media.lookup(id(1))?.url).not.toBe(first);
});

test('what cannot be had now is asked for again by itself, less and less often, and not for ever', async () => {
  const { clock, resolve, media } = setUp();
  resolve.mockRejectedValueOnce(new Error('no connection')).mockResolvedValueOnce([]);
  media.lookup(id(1));
  await clock.advance(100);
  media.lookup(id(1));
  await clock.advance(100);
  expect(resolve).toHaveBeenCalledTimes(1);
  await clock.advance(2_000);
  expect(media.lookup(id(1))).toBeDefined();
  expect(resolve).toHaveBeenCalledTimes(3);

  resolve.mockResolvedValue([]);
  media.lookup(id(2));
  await clock.advance(3_000_000);
  expect(resolve.mock.calls.filter(([ids]) => ids.includes(id(2)))).toHaveLength(9);
  media.refresh();
  await clock.advance(100);
  expect(resolve.mock.calls.filter(([ids]) => ids.includes(id(2)))).toHaveLength(10);
});

test('what a signed-out visitor could see is forgotten, also what is still on its way', async () => {
  const { clock, media } = setUp();
  media.lookup(id(1));
  await clock.advance(21);
  media.clear();
  await clock.advance(100);
  const changed = vi.fn();
  media.subscribe(changed);
  expect(media.lookup(id(1))).toBeUndefined();
});
