import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { UploaderKey } from '../../channel-server/media/media.ts';
import { photoWithPlace, plainPng } from '../support/media-files.ts';
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
afterEach(() => server.stop());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The problem document of a refusal. */
async function problem(response: Response): Promise<{ status: number; code: string }> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as { status: number; code: string };
}

test('an upload in pieces becomes a medium with the bytes, the name and the size it was sent with', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(300_000);
  const created = await client.create(bytes.length, { filename: 'données.bin', filetype: 'text/html' });
  expect(created.status).toBe(201);
  const location = created.headers.get('location') ?? '';
  expect(location).toMatch(/^\/api\/v1\/media\/med_[0-9a-f]{32}$/);
  expect(created.headers.get('tus-resumable')).toBe('1.0.0');

  const first = await client.patch(location, 0, bytes.subarray(0, 100_000));
  expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '100000']);
  const where = await client.head(location);
  expect([where.headers.get('upload-offset'), where.headers.get('upload-length')]).toEqual(['100000', '300000']);
  const last = await client.patch(location, 100_000, bytes.subarray(100_000));
  expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '300000']);

  const media = await server.cache.find(location.split('/').pop() ?? '');
  expect(media).toMatchObject({
    tenantId: 'default',
    channelId: 'web',
    uploader: anna,
    sessionId: null,
    name: 'données.bin',
    contentType: 'application/octet-stream',
    size: 300_000,
    hash: sha256(bytes),
    state: 'ready',
  });
  const answer = await download(server, media?.id ?? '');
  expect(answer.status).toBe(200);
  expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(bytes));
});

test('an upload whose connection is cut goes on from the bytes that arrived', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(2_000_000);
  const location = (await client.create(bytes.length)).headers.get('location') ?? '';

  await new Promise<void>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        `PATCH ${location} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${anna}\r\ntus-resumable: 1.0.0\r\n` +
          `upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: ${bytes.length}\r\n\r\n`,
      );
      socket.write(bytes.subarray(0, 700_000), () => setTimeout(() => socket.destroy(), 50));
    });
    socket.on('close', () => resolve());
  });

  const offset = Number((await client.head(location)).headers.get('upload-offset'));
  expect(offset).toBeGreaterThan(0);
  expect(offset).toBeLessThanOrEqual(700_000);
  expect((await client.patch(location, offset, bytes.subarray(offset))).status).toBe(204);
  const media = await server.cache.find(location.split('/').pop() ?? '');
  expect(media?.hash).toBe(sha256(bytes));
});

test('a frozen connection gives way to the next request for its upload', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(200_000);
  const location = (await client.create(bytes.length)).headers.get('location') ?? '';
  const socket = connect(server.port, '127.0.0.1', () => {
    socket.write(
      `PATCH ${location} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${anna}\r\ntus-resumable: 1.0.0\r\n` +
        `upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 50_000));
  });
  socket.on('error', () => {});
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  const head = await client.head(location);
  expect(head.headers.get('upload-offset')).toBe('50000');
  expect(performance.now() - began).toBeLessThan(5_000);
  socket.destroy();
  expect((await client.patch(location, 50_000, bytes.subarray(50_000))).status).toBe(204);
});

test('an upload survives a restart of the server', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(100_000);
  const location = (await client.create(bytes.length)).headers.get('location') ?? '';
  await client.patch(location, 0, bytes.subarray(0, 60_000));
  await server.restart();
  const again = tusClient(server);
  expect((await again.head(location)).headers.get('upload-offset')).toBe('60000');
  expect((await tusClient(server, bert).head(location)).status).toBe(404);
  expect((await again.patch(location, 60_000, bytes.subarray(60_000))).status).toBe(204);
});

test('asking where a finished upload stands answers its whole length, though its picture was made anew', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const photo = await photoWithPlace();
  const { id, location } = await client.upload(photo, 'a.jpg');
  expect((await server.cache.find(id))?.size).not.toBe(photo.length);
  const head = await client.head(location);
  expect([head.status, head.headers.get('upload-offset')]).toEqual([200, String(photo.length)]);
  expect((await client.patch(location, photo.length, new Uint8Array(0))).status).toBe(204);
});

test('an upload complete on disk but unknown to the records is finished by the next question', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(50_000);
  const commit = server.storage.unitOfWork.commit;
  server.storage.unitOfWork.commit = async () => {
    throw new Error('the store went away');
  };
  const { id, location, last } = await client.upload(bytes, 'a.bin');
  expect(last.status).toBe(500);
  expect(await last.text()).not.toContain('went away');
  expect(await server.cache.find(id)).toBeUndefined();
  server.storage.unitOfWork.commit = commit;
  await server.restart();
  expect((await tusClient(server).head(location)).status).toBe(200);
  expect((await server.cache.find(id))?.hash).toBe(sha256(bytes));
});

test('requests at the same time for one finished upload store it once', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const bytes = randomBytes(3_000_000);
  const location = (await client.create(bytes.length)).headers.get('location') ?? '';
  const patch = client.patch(location, 0, bytes);
  const heads = await Promise.all(Array.from({ length: 5 }, () => client.head(location)));
  for (const head of heads) expect(head.status).toBe(200);
  await patch.catch(() => undefined);
  const offset = Number((await client.head(location)).headers.get('upload-offset'));
  if (offset < bytes.length) await client.patch(location, offset, bytes.subarray(offset));
  expect((await server.cache.find(location.split('/').pop() ?? ''))?.hash).toBe(sha256(bytes));
});

test("another's upload is not there: asking, continuing and removing it answer 404 and change nothing", async () => {
  server = await startMediaServer();
  const mine = tusClient(server);
  const location = (await mine.create(1000)).headers.get('location') ?? '';
  for (const other of [tusClient(server, bert), tusClient(server, anna, { 'x-test-tenant': 'other' })]) {
    const nobody = location.replace(/.{4}$/, 'ffff');
    expect((await other.head(location)).status).toBe(404);
    const foreign = await other.patch(location, 0, randomBytes(1000));
    const unknown = await other.patch(nobody, 0, randomBytes(1000));
    expect([foreign.status, await foreign.text()]).toEqual([404, await unknown.text()]);
    expect((await other.remove(location)).status).toBe(404);
  }
  expect((await mine.head(location)).headers.get('upload-offset')).toBe('0');
});

test('a request without a token is refused before anything is made', async () => {
  server = await startMediaServer();
  const answer = await fetch(`${server.url}/api/v1/media`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '10' },
  });
  expect(await problem(answer)).toMatchObject({ status: 401, code: 'ACCESS_NOT_SIGNED_IN' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await server.files()).toEqual([]);
});

test('wrong offsets, lengths and versions are refused with a clear error', async () => {
  server = await startMediaServer({ owner: { maxBytes: 5000 } });
  const client = tusClient(server);
  const refused: [number, string, Promise<Response>][] = [
    [413, 'MEDIA_TOO_LARGE', client.create(5001)],
    [413, 'MEDIA_TOO_LARGE', client.create('9007199254740992')],
    [400, 'REQUEST_INVALID', client.create('-1')],
    [400, 'REQUEST_INVALID', client.create('1e3')],
    [400, 'REQUEST_INVALID', client.create(10, {}, { 'upload-metadata': 'filename !!!' })],
    [412, 'REQUEST_INVALID', client.create(10, {}, { 'tus-resumable': '' })],
  ];
  for (const [status, code, request] of refused) expect(await problem(await request)).toMatchObject({ status, code });

  const location = (await client.create(1000)).headers.get('location') ?? '';
  await client.patch(location, 0, randomBytes(400));
  expect(await problem(await client.patch(location, 0, randomBytes(10)))).toMatchObject({ status: 409 });
  expect(await problem(await client.patch(location, 900, randomBytes(10)))).toMatchObject({ status: 409 });
  expect(await problem(await client.patch(location, 400, randomBytes(601)))).toMatchObject({ status: 413 });
  expect(await problem(await client.patch(location, '4e2', randomBytes(1)))).toMatchObject({ status: 400 });
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(5000)),
  });
  const lying = await client.patch(location, 400, endless).catch(() => undefined);
  expect(lying === undefined || lying.status === 413).toBe(true);
  expect(Number((await client.head(location)).headers.get('upload-offset'))).toBeLessThanOrEqual(1000);
  for (const path of ['/api/v1/media/..%2f..%2fetc%2fpasswd', '/api/v1/media/med_1', '/api/v1/media/%00']) {
    expect([400, 404]).toContain((await client.head(path)).status);
  }
});

test('an empty file is refused', async () => {
  server = await startMediaServer();
  expect(await problem(await tusClient(server).create(0, { filename: 'nothing' }))).toMatchObject({ status: 415 });
});

test('only types on the allow-list are taken, by their bytes and not by what the sender says', async () => {
  server = await startMediaServer({ owner: { types: ['image/*', 'application/pdf'] } });
  const client = tusClient(server);
  expect((await client.upload(await plainPng(), 'a.exe', 'application/x-msdownload')).last.status).toBe(204);
  const { id, location, last } = await client.upload(randomBytes(500), 'a.png', 'image/png');
  expect(await problem(last)).toMatchObject({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
  expect(await server.cache.find(id)).toMatchObject({ state: 'failed', hash: null });
  expect((await client.head(location)).status).toBe(415);
  const [address] = await server.cache.addresses('default', anna, [id]);
  expect(address).toMatchObject({ state: 'failed', hint: 'Files of this kind cannot be sent here.' });
  expect(address?.url).toBeUndefined();
});

test('an uploader takes back an unfinished or an unused file, but not one that a message used', async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const unfinished = (await client.create(1000)).headers.get('location') ?? '';
  await client.patch(unfinished, 0, randomBytes(10));
  expect((await client.remove(unfinished)).status).toBe(204);
  expect((await client.head(unfinished)).status).toBe(404);

  const unused = await client.upload(await photoWithPlace(), 'a.jpg');
  expect((await client.remove(unused.location)).status).toBe(204);
  expect(await server.cache.find(unused.id)).toBeUndefined();
  expect(await server.files()).toEqual([]);

  const used = await client.upload(await plainPng(), 'b.png');
  await server.link(used.id, anna);
  expect(await problem(await client.remove(used.location))).toMatchObject({ status: 409 });
  expect((await download(server, used.id)).status).toBe(200);
});

test('browsers of any site may upload and read the answers', async () => {
  server = await startMediaServer();
  const preflight = await fetch(`${server.url}/api/v1/media`, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'PATCH' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Upload-Offset');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const created = await tusClient(server, anna, { origin: 'https://shop.example' }).create(10);
  expect(created.headers.get('access-control-allow-origin')).toBe('*');
  for (const header of ['Location', 'Upload-Offset', 'Upload-Length', 'Tus-Resumable']) {
    expect(created.headers.get('access-control-expose-headers')).toContain(header);
  }
});

test('a tenant whose space is used up is refused, others are not', async () => {
  server = await startMediaServer({ limits: { tenantBytes: 10_000 } });
  const client = tusClient(server);
  await client.put(randomBytes(6000), 'a.bin');
  expect(await problem(await client.create(5000))).toMatchObject({ status: 507, code: 'MEDIA_QUOTA_EXCEEDED' });
  expect((await client.create(3000)).status).toBe(201);
  expect((await tusClient(server, anna, { 'x-test-tenant': 'other' }).create(5000)).status).toBe(201);
});

test('a nearly full disk takes no more files, begun or new', async () => {
  let free = 50_000;
  server = await startMediaServer({ disk: async () => ({ free, total: 100_000 }) });
  const client = tusClient(server);
  const location = (await client.create(40_000)).headers.get('location') ?? '';
  expect(await problem(await client.create(46_000))).toMatchObject({ status: 507, code: 'MEDIA_QUOTA_EXCEEDED' });
  free = 20_000;
  expect(await problem(await client.patch(location, 0, randomBytes(40_000)))).toMatchObject({ status: 507 });
  free = 60_000;
  expect((await client.patch(location, 0, randomBytes(40_000))).status).toBe(204);
});

test('one uploader has a limited number of unfinished uploads; rested ones make room', async () => {
  server = await startMediaServer({ limits: { unfinishedPerUploader: 3 } });
  const client = tusClient(server);
  const locations: string[] = [];
  for (let n = 0; n < 3; n += 1) locations.push((await client.create(100)).headers.get('location') ?? '');
  expect(await problem(await client.create(100))).toMatchObject({ status: 429 });
  expect((await tusClient(server, bert).create(100)).status).toBe(201);
  server.clock.skip(2 * 60_000);
  expect((await client.create(100)).status).toBe(201);
  expect((await client.head(locations[0] ?? '')).status).toBe(404);
  expect((await client.head(locations[1] ?? '')).status).toBe(200);
});

test('an upload that brings no bytes is cut and can be resumed', async () => {
  server = await startMediaServer({ limits: { stallAfter: 300 } });
  const client = tusClient(server);
  const location = (await client.create(1000)).headers.get('location') ?? '';
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(
        `PATCH ${location} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${anna}\r\ntus-resumable: 1.0.0\r\n` +
          'upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 1000\r\n\r\nabc',
      ),
    );
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  expect(answer === '' || answer.startsWith('HTTP/1.1 408')).toBe(true);
  expect((await client.head(location)).headers.get('upload-offset')).toBe('3');
  expect((await client.patch(location, 3, randomBytes(997))).status).toBe(204);
});

test("a message takes only its own sender's ready media, each once, and a repeat is left to the commit", async () => {
  server = await startMediaServer();
  const client = tusClient(server);
  const photo = await client.put(await photoWithPlace(), 'my photo.jpg');
  const linked = await server.cache.link('default', anna, [`media:${photo}`, `media:${photo}`]);
  expect(linked.attachments).toEqual([
    {
      contentType: 'image/jpeg',
      contentUrl: `media:${photo}`,
      thumbnailUrl: `media:${photo}/thumbnail`,
      name: 'my photo.jpg',
      content: { size: expect.any(Number), width: 800, height: 1200 },
    },
  ]);
  const running = (await client.create(10)).headers.get('location')?.split('/').pop();
  const code = (tenant: string, who: UploaderKey, url: string) =>
    server.cache.link(tenant, who, [url]).then(
      () => 'linked',
      (error) => error.code,
    );
  expect(await code('default', bert, `media:${photo}`)).toBe('MEDIA_NOT_FOUND');
  expect(await code('other', anna, `media:${photo}`)).toBe('MEDIA_NOT_FOUND');
  expect(await code('default', anna, `media:${photo}/thumbnail`)).toBe('MEDIA_NOT_FOUND');
  expect(await code('default', anna, 'https://evil.example/x.png')).toBe('MEDIA_NOT_FOUND');
  expect(await code('default', anna, `media:${running}`)).toBe('MEDIA_NOT_READY');
  expect(await code('default', bert, `media:${running}`)).toBe('MEDIA_NOT_FOUND');

  const { commit } = server.storage.unitOfWork;
  expect(await commit(linked.changes('ses_1'))).toMatchObject({ outcome: 'applied' });
  const again = await server.cache.link('default', anna, [`media:${photo}`]);
  expect(await commit(again.changes('ses_2'))).toEqual({ outcome: 'refused', refusal: 'MEDIA_NOT_FOUND' });
  expect((await addressOf(server, photo, bert)).sessionId).toBe('ses_1');
});
