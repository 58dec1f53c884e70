import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import type { Clock } from '../../adapters/contract/index.ts';
import { mediaRoutes } from '../../channel-server/http/media-routes.ts';
import type { Media, UploaderKey } from '../../channel-server/media/media.ts';
import {
  createMediaCache,
  type MediaCache,
  type MediaCacheOptions,
  type ReaderKey,
  type UploadOwner,
} from '../../channel-server/media/media-cache.ts';
import { createFilesystemMediaStore } from '../../channel-server/media/stores/filesystem.ts';
import { systemClock, systemIds } from '../../channel-server/runtime.ts';
import { openStorage, type Storage } from '../../channel-server/storage/open-storage.ts';
import { silentLog } from './silent-log.ts';

/** The media cache with its routes over real HTTP and the embedded store; a bearer token is the uploader's name. */
export interface MediaServer {
  url: string;
  port: number;
  folder: string;
  cache: MediaCache;
  storage: Storage;
  log: ReturnType<typeof silentLog>;
  /** System time, moved on by hand. */
  clock: Clock & { skip(ms: number): void };
  /** Everything that lies in the store and among the uploads. */
  files(): Promise<string[]>;
  /** Give an uploaded medium to a session, as a message would. */
  link(mediaId: string, uploader: UploaderKey, sessionId?: string): Promise<void>;
  /** The right that the address check asks for; by default the uploader, and everybody once it is linked. */
  mayRead: (reader: ReaderKey, media: Media) => Promise<boolean>;
  /** As after a crash: everything new but the data folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const anna = 'visitor:vis_0000000000000000000000000000000a';
export const bert = 'visitor:vis_0000000000000000000000000000000b';

export async function startMediaServer(
  options: Partial<Pick<MediaCacheOptions, 'limits' | 'disk' | 'store'>> & { owner?: Partial<UploadOwner> } = {},
): Promise<MediaServer> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-media-'));
  const log = silentLog();
  let skipped = 0;
  const clock = {
    now: () => systemClock.now() + skipped,
    after: systemClock.after,
    skip(ms: number) {
      skipped += ms;
    },
  };

  async function start() {
    const storage = await openStorage({ dataDir: folder, clock, log });
    const cache = createMediaCache({
      repository: storage.media,
      unitOfWork: storage.unitOfWork,
      store: options.store ?? createFilesystemMediaStore(join(folder, 'media')),
      folder: join(folder, 'uploads'),
      secret: 'a secret of the tests',
      clock,
      ids: systemIds,
      log,
      ...(options.limits && { limits: options.limits }),
      ...(options.disk && { disk: options.disk }),
    });
    const app = fastify({ forceCloseConnections: true });
    await app.register(mediaRoutes, {
      cache,
      async owner(request) {
        const token = /^Bearer (visitor:.+|account:.+)$/.exec(request.headers.authorization ?? '')?.[1];
        if (token === undefined) return undefined;
        const tenantId = request.headers['x-test-tenant'] === undefined ? 'default' : 'other';
        const uploader = token as UploaderKey;
        return { tenantId, channelId: 'web', uploader, maxBytes: 1024 ** 3, types: ['*'], ...options.owner };
      },
      mayRead: (reader, media) => server.mayRead(reader, media),
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { storage, cache, app };
  }

  let running = await start();
  const port = () => (running.app.server.address() as AddressInfo).port;
  const halt = async () => {
    await running.app.close();
    await running.cache.close();
    await running.storage.close();
  };
  const server: MediaServer = {
    get url() {
      return `http://127.0.0.1:${port()}`;
    },
    get port() {
      return port();
    },
    get cache() {
      return running.cache;
    },
    get storage() {
      return running.storage;
    },
    folder,
    log,
    clock,
    async files() {
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      return found.filter((f) => f.isFile() && !f.name.startsWith('foyer.')).map((f) => f.name);
    },
    async link(mediaId, uploader, sessionId = 'ses_1') {
      const linked = await running.cache.link('default', uploader, [`media:${mediaId}`]);
      const result = await running.storage.unitOfWork.commit(linked.changes(sessionId));
      if (result.outcome !== 'applied') throw new Error(`linking was ${result.outcome}`);
    },
    mayRead: async (reader, media) => media.sessionId !== null || media.uploader === reader,
    async restart() {
      await halt();
      running = await start();
    },
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return server;
}

type HeaderFields = Record<string, string>;
const tus = { 'tus-resumable': '1.0.0' };

/** A plain tus client of one uploader. */
export function tusClient(server: { url: string }, uploader: string = anna, more: HeaderFields = {}) {
  const headers = { ...tus, authorization: `Bearer ${uploader}`, ...more };
  const client = {
    /** POST; the upload's address is in `location`. */
    create: (size: number | string, metadata: HeaderFields = {}, extra: HeaderFields = {}) =>
      fetch(`${server.url}/api/v1/media`, {
        method: 'POST',
        headers: {
          ...headers,
          'upload-length': String(size),
          ...(Object.keys(metadata).length > 0 && { 'upload-metadata': encodeMetadata(metadata) }),
          ...extra,
        },
      }),
    head: (location: string) => fetch(server.url + location, { method: 'HEAD', headers }),
    patch: (location: string, offset: number | string, body: Uint8Array | ReadableStream, extra: HeaderFields = {}) =>
      fetch(server.url + location, {
        method: 'PATCH',
        headers: {
          ...headers,
          'upload-offset': String(offset),
          'content-type': 'application/offset+octet-stream',
          ...extra,
        },
        body,
        duplex: 'half',
      } as RequestInit),
    remove: (location: string) => fetch(server.url + location, { method: 'DELETE', headers }),
    /** Upload all at once; answers the last response and the medium's id. */
    async upload(
      bytes: Uint8Array,
      name: string,
      type = '',
    ): Promise<{ id: string; location: string; last: Response }> {
      const created = await client.create(bytes.length, { filename: name, filetype: type });
      const location = created.headers.get('location');
      if (location === null) throw new Error(`creating was answered ${created.status}: ${await created.text()}`);
      const last = await client.patch(location, 0, bytes);
      return { id: location.split('/').pop() ?? '', location, last };
    },
    /** As `upload`, failing unless the file is taken. */
    async put(bytes: Uint8Array, name: string, type = ''): Promise<string> {
      const { id, last } = await client.upload(bytes, name, type);
      if (last.status !== 204) throw new Error(`the upload was answered ${last.status}: ${await last.text()}`);
      return id;
    },
  };
  return client;
}

export function encodeMetadata(metadata: HeaderFields): string {
  return Object.entries(metadata)
    .map(([key, value]) => (value === '' ? key : `${key} ${Buffer.from(value).toString('base64')}`))
    .join(',');
}

/** The signed address of a medium for a reader, and what a fetch of it answers. */
export async function addressOf(server: MediaServer, id: string, reader: ReaderKey = anna) {
  const [address] = await server.cache.addresses('default', reader, [id]);
  if (address === undefined) throw new Error('there is no address');
  return address;
}

export async function download(server: MediaServer, id: string, init: RequestInit = {}): Promise<Response> {
  const { url } = await addressOf(server, id);
  if (url === undefined) throw new Error('there is no address');
  return await fetch(server.url + url, init);
}
