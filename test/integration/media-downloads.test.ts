import { createHash, randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressLifetime } from '../../channel-server/media/signing.ts';
import { animation, photoWithPlace, plainPng } from '../support/media-files.ts';
import {
  addressOf,
  anna,
  bert,
  download,
  type MediaServer,
  startMediaServer,
  tusClient,
} from '../support/media-server.ts';

let server: MediaServer;
beforeAll(async () => {
  server = await startMediaServer();
});
afterAll(() => server.stop());

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const put = (bytes: Uint8Array, name: string) => tusClient(server).put(bytes, name);

test('every download is fenced in: not sniffed, sandboxed, not cached, open to other sites, and takes no cookie', async () => {
  const id = await put(await plainPng(), 'a.png');
  const answer = await download(server, id, { headers: { cookie: 'session=1' } });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': 'inline; filename=a.png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'accept-ranges': 'bytes',
  });
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('one range is served; several, impossible and senseless ones answer 416', async () => {
  const bytes = randomBytes(10_000);
  const { url } = await addressOf(server, await put(bytes, 'a.bin'));
  const ask = (range: string, more: Record<string, string> = {}) =>
    fetch(server.url + url, { headers: { range, ...more } });
  for (const [range, start, end] of [
    ['bytes=0-99', 0, 99],
    ['bytes=9990-', 9990, 9999],
    ['bytes=-10', 9990, 9999],
    ['bytes=5000-999999', 5000, 9999],
    ['bytes=0-0', 0, 0],
  ] as const) {
    const answer = await ask(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/10000`]);
    expect(answer.headers.get('content-length')).toBe(String(end - start + 1));
    expect((await bytesOf(answer)).equals(bytes.subarray(start, end + 1))).toBe(true);
  }
  const many = `bytes=${Array.from({ length: 1000 }, (_, n) => `${n}-${n + 10}`).join(',')}`;
  for (const range of ['bytes=10000-', 'bytes=0-1,5-6', 'bytes=9-1', 'bytes=-0', 'bytes=-', 'bytes=a-b', many]) {
    expect((await ask(range)).status).toBe(416);
  }
  expect((await ask('lines=1-2')).status).toBe(200);
  const etag = (await ask('bytes=0-1')).headers.get('etag') ?? '';
  expect((await ask('bytes=0-1', { 'if-range': etag })).status).toBe(206);
  expect((await ask('bytes=0-1', { 'if-range': '"other"' })).status).toBe(200);
});

test('HEAD answers the headers of the download', async () => {
  const answer = await download(server, await put(randomBytes(1234), 'a.bin'), { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '1234']);
});

test('forged, altered, stale, foreign and unknown addresses all get the same answer', async () => {
  const id = await put(await photoWithPlace(), 'a.jpg');
  const other = await put(await plainPng(), 'b.png');
  const { url = '', thumbnailUrl = '' } = await addressOf(server, id);
  const [path = '', query = ''] = url.split('?');
  const fields = new URLSearchParams(query);
  const altered = (change: Record<string, string>) =>
    `${path}?${new URLSearchParams({ ...Object.fromEntries(fields), ...change })}`;
  const s = fields.get('s') ?? '';

  const refused = [
    path,
    `${path}?r=&e=&s=`,
    `${path}?${query}&s=x`,
    altered({ r: bert }),
    altered({ r: 'system' }),
    altered({ e: String(Number(fields.get('e')) + 3600) }),
    altered({ e: '9'.repeat(400) }),
    altered({ s: s.slice(1) }),
    altered({ s: `${s}A` }),
    ...['A', 'B', 'C', 'D'].map((last) => altered({ s: s.slice(0, -1) + (s.endsWith(last) ? 'E' : last) })),
    altered({ s: '\u00e9'.repeat(43) }),
    url.replace(id, other),
    url.replace(id, `${id}/thumbnail`),
    thumbnailUrl.replace('/thumbnail', ''),
    url.replace(id, 'med_ffffffffffffffffffffffffffffffff'),
    url.replace(id, '..%2f..%2ffoyer.db'),
  ];
  const bodies = new Set<string>();
  for (const address of refused) {
    const answer = await fetch(server.url + address);
    expect([answer.status, address]).toEqual([404, address]);
    bodies.add(await answer.text());
  }
  expect((await fetch(server.url + url)).status).toBe(200);
  expect((await fetch(server.url + thumbnailUrl)).status).toBe(200);
  server.clock.skip(addressLifetime);
  const stale = await fetch(server.url + url);
  expect(stale.status).toBe(404);
  bodies.add(await stale.text());
  expect([...bodies]).toHaveLength(1);
  expect(stale.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a good address stops working when its reader loses the right, and before linking only its uploader has one', async () => {
  const id = await put(randomBytes(100), 'a.bin');
  expect(await server.cache.addresses('default', bert, [id])).toEqual([]);
  expect(await server.cache.addresses('other', anna, [id])).toEqual([]);
  await server.link(id, anna);
  const { url } = await addressOf(server, id, bert);
  expect((await fetch(server.url + url)).status).toBe(200);
  const before = server.mayRead;
  server.mayRead = async (reader, media) => reader !== bert && (await before(reader, media));
  expect((await fetch(server.url + url)).status).toBe(404);
  server.mayRead = before;
});

test('a photo loses place, maker and author, stands upright and has a small picture', async () => {
  const photo = await photoWithPlace(1200, 800);
  expect(photo.includes('CanaryPhone')).toBe(true);
  expect((await sharp(photo).metadata()).exif).toBeDefined();
  const id = await put(photo, 'IMG_1.JPEG');
  const address = await addressOf(server, id);
  expect(address).toMatchObject({ name: 'IMG_1.JPEG', contentType: 'image/jpeg', width: 800, height: 1200 });
  const full = await bytesOf(await fetch(server.url + address.url));
  const small = await bytesOf(await fetch(server.url + address.thumbnailUrl));
  for (const picture of [full, small]) {
    const { exif, xmp, iptc, orientation } = await sharp(picture).metadata();
    expect([exif, xmp, iptc, orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(picture.includes('Canary')).toBe(false);
  }
  expect(await sharp(full).metadata()).toMatchObject({ format: 'jpeg', width: 800, height: 1200 });
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 320, height: 480 });
});

test.each(['gif', 'webp'] as const)('an animated %s stays animated, its small picture does not', async (format) => {
  const id = await put(await animation(format), `a.${format}`);
  const address = await addressOf(server, id);
  expect(address).toMatchObject({ contentType: `image/${format}`, width: 64, height: 64 });
  const full = await bytesOf(await fetch(server.url + address.url));
  expect((await sharp(full, { animated: true }).metadata()).pages).toBe(4);
  const small = await bytesOf(await fetch(server.url + address.thumbnailUrl));
  expect((await sharp(small, { animated: true }).metadata()).pages ?? 1).toBe(1);
});

test('the same bytes sent by two people lie in the store once, until the last of them goes', async () => {
  const own = await startMediaServer();
  try {
    const bytes = randomBytes(5000);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const stored = async () => (await own.files()).filter((name) => name === hash).length;
    const first = await tusClient(own, anna).upload(bytes, 'a.bin');
    const second = await tusClient(own, bert).upload(bytes, 'b.bin');
    expect(first.id).not.toBe(second.id);
    expect(await stored()).toBe(1);
    expect((await tusClient(own, anna).remove(first.location)).status).toBe(204);
    expect(await stored()).toBe(1);
    expect((await bytesOf(await fetch(own.url + (await addressOf(own, second.id, bert)).url))).equals(bytes)).toBe(
      true,
    );
    expect((await tusClient(own, bert).remove(second.location)).status).toBe(204);
    expect(await stored()).toBe(0);
  } finally {
    await own.stop();
  }
});
