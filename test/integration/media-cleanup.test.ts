import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createFilesystemMediaStore } from '../../channel-server/media/stores/filesystem.ts';
import { photoWithPlace, plainPng } from '../support/media-files.ts';
import { addressOf, anna, download, type MediaServer, startMediaServer, tusClient } from '../support/media-server.ts';

let server: MediaServer;
afterEach(() => server.stop());

const day = 24 * 60 * 60 * 1000;

test('files that no message used are gone after a day, with their bytes; used ones stay', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const used = await client.put(await photoWithPlace(), 'used.jpg');
  await server.link(used, anna);
  const unused = await client.put(await photoWithPlace(), 'unused.jpg');
  await client.upload(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(99)]), 'refused.png');
  await server.cache.sweep();
  expect((await download(server, unused)).status).toBe(200);

  server.clock.skip(day + 1000);
  await server.restart();
  await server.cache.sweep();
  expect(await server.cache.find(unused)).toBeUndefined();
  expect((await download(server, used)).status).toBe(200);
  expect(await server.files()).toHaveLength(2);
  expect(await server.storage.media.usage('default')).toBe((await server.cache.find(used))?.size);
});

test('ten thousand bytes of unfinished uploads are gone after a day', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const locations: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    const location = (await client.create(5000)).headers.get('location') ?? '';
    await client.patch(location, 0, randomBytes(1000));
    locations.push(location);
  }
  server.clock.skip(day + 1000);
  expect((await client.head(locations[0] ?? '')).status).toBe(410);
  expect((await client.patch(locations[0] ?? '', 1000, randomBytes(10))).status).toBe(410);
  await server.cache.sweep();
  expect(await server.files()).toEqual([]);
  expect((await client.head(locations[0] ?? '')).status).toBe(404);
});

test('bytes that a crash left between the store and the record are found and removed', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  server.storage.unitOfWork.commit = async () => {
    throw new Error('killed here');
  };
  await client.upload(await photoWithPlace(), 'a.jpg');
  await client.upload(randomBytes(5000), 'b.bin');
  await server.restart();
  expect((await server.files()).filter((name) => /^[0-9a-f]{64}$/.test(name))).toHaveLength(3);
  server.clock.skip(day + 1000);
  await server.cache.sweep();
  expect(await server.files()).toEqual([]);
});

test('an interrupted removal is completed by the next sweep', async () => {
  const folder = { store: createFilesystemMediaStore('/nonexistent') };
  server = await startMediaServer({
    store: {
      put: (hash, file) => folder.store.put(hash, file),
      read: (hash, range) => folder.store.read(hash, range),
      size: (hash) => folder.store.size(hash),
      remove: (hash) => (broken ? Promise.reject(new Error('the disk is away')) : folder.store.remove(hash)),
    },
  });
  let broken = true;
  folder.store = createFilesystemMediaStore(`${server.folder}/media`);
  const id = await tusClient(server).put(randomBytes(5000), 'a.bin');
  server.clock.skip(day + 1000);
  await server.cache.sweep();
  expect(await server.cache.find(id)).toMatchObject({ state: 'expired' });
  expect(await server.cache.addresses('default', anna, [id])).toMatchObject([{ state: 'expired' }]);
  await expect(server.cache.link('default', anna, [`media:${id}`])).rejects.toMatchObject({ code: 'MEDIA_NOT_FOUND' });
  broken = false;
  await server.cache.sweep();
  expect(await server.cache.find(id)).toBeUndefined();
  expect(await server.files()).toEqual([]);
});

test('media past their time lose their bytes and say so, but stay known', async () => {
  server = await startMediaServer({ limits: { keepFor: 7 * day } });
  const id = await tusClient(server).put(await plainPng(), 'a.png');
  await server.link(id, anna);
  const { url } = await addressOf(server, id);
  server.clock.skip(7 * day);
  expect((await fetch(server.url + url)).status).toBe(404);
  expect(await addressOf(server, id)).toMatchObject({ state: 'expired' });
  await server.cache.sweep();
  expect(await addressOf(server, id)).toMatchObject({
    state: 'expired',
    hint: 'This file is no longer kept.',
    size: 0,
  });
  expect(await server.files()).toEqual([]);
  await server.cache.sweep();
});

test('a message that links a file while it is being removed either has it or is refused', async () => {
  server = await startMediaServer();
  for (let round = 0; round < 10; round += 1) {
    const { id, location } = await tusClient(server).upload(randomBytes(100), 'a.bin');
    const linked = await server.cache.link('default', anna, [`media:${id}`]);
    const [removal, link] = await Promise.all([
      tusClient(server).remove(location),
      server.storage.unitOfWork.commit(linked.changes('ses_1')),
    ]);
    const kept = (await server.cache.find(id)) !== undefined;
    expect([removal.status, link.outcome, kept]).toEqual(kept ? [409, 'applied', true] : [204, 'refused', false]);
    if (kept) expect((await download(server, id)).status).toBe(200);
  }
});
