import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server as TusServer } from '@tus/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../channel-server/runtime.ts';
import { type TusUploadOptions, UploadRefused, uploadByTus } from './tus-upload.ts';

let folder: string;
let server: Server;
let endpoint: string;
/** What to do with the next requests instead of serving them. */
const mishaps: ('cut' | 'busy' | 'half')[] = [];
const seen: { method: string; authorization: string | undefined }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-tus-'));
  const tus = new TusServer({
    path: '/api/v1/media',
    datastore: new FileStore({ directory: folder }),
    maxSize: 5_000_000,
    relativeLocation: true,
  });
  server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', authorization: request.headers.authorization });
    const mishap = mishaps.shift();
    if (mishap === 'cut') request.socket.destroy();
    else if (mishap === 'busy') response.writeHead(503, { 'retry-after': '0' }).end();
    else {
      if (mishap === 'half') request.once('data', () => setTimeout(() => request.socket.destroy(), 20));
      void tus.handle(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/media`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const bytes = (size: number) => new Uint8Array(size).map((_, index) => index * 31 + (index >> 8));

const options = (file: Blob, more: Partial<TusUploadOptions> = {}): TusUploadOptions => ({
  endpoint,
  file,
  token: () => 'visitor-token',
  metadata: { filename: '图 1.png', filetype: 'image/png' },
  clock: systemClock,
  pause: () => new Promise((resolve) => setTimeout(resolve, 5)),
  signal: new AbortController().signal,
  ...more,
});

test('a file arrives whole, in chunks, with progress, under the uploader’s token', async () => {
  const content = bytes(700_000);
  const progress: number[] = [];
  seen.length = 0;
  const id = await uploadByTus(options(new Blob([content]), { onProgress: (sent) => progress.push(sent) }));
  expect(new Uint8Array(await readFile(join(folder, id)))).toEqual(content);
  expect(progress.length).toBeGreaterThan(2);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress[progress.length - 1]).toBe(content.length);
  expect(seen.filter(({ method }) => method === 'PATCH').length).toBeGreaterThan(1);
  expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer visitor-token']));
  const { metadata } = JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as { metadata: object };
  expect(metadata).toEqual({ filename: '图 1.png', filetype: 'image/png' });
});

test('cut connections, a busy server and half a chunk only delay it', async () => {
  const content = bytes(400_000);
  const waiting: boolean[] = [];
  mishaps.push('cut', 'busy');
  const upload = uploadByTus(options(new Blob([content]), { onWaiting: (now) => waiting.push(now) }));
  await new Promise((resolve) => setTimeout(resolve, 60));
  mishaps.push('half', 'busy', 'cut');
  const id = await upload;
  expect(new Uint8Array(await readFile(join(folder, id)))).toEqual(content);
  expect(waiting.slice(0, 2)).toEqual([true, false]);
  mishaps.length = 0;
});

test('an upload the server has forgotten begins anew', async () => {
  const content = bytes(200_000);
  let removed = false;
  const forgetful: typeof fetch = async (input, init) => {
    if (init?.method === 'PATCH' && !removed) {
      removed = true;
      const id = String(input).split('/').pop() ?? '';
      await rm(join(folder, id));
      await rm(join(folder, `${id}.json`));
    }
    return fetch(input, init);
  };
  const id = await uploadByTus(options(new Blob([content]), { fetch: forgetful }));
  expect(new Uint8Array(await readFile(join(folder, id)))).toEqual(content);
});

test('a refusal ends it with what the server said', async () => {
  await expect(uploadByTus(options(new Blob([bytes(5_000_001)])))).rejects.toMatchObject({
    name: 'UploadRefused',
    status: 413,
  });
  expect(new UploadRefused(413, 'x')).toBeInstanceOf(Error);
});

test('cancelling stops it at once', async () => {
  const abort = new AbortController();
  const upload = uploadByTus(
    options(new Blob([bytes(2_000_000)]), { signal: abort.signal, onProgress: () => abort.abort() }),
  );
  await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
});
