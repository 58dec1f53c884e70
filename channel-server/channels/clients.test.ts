import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type AdapterHost,
  type Capabilities,
  type ChannelClient,
  defineAdapter,
  type HostFile,
  type Inbound,
} from '../../adapters/contract/index.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import type { Media } from '../media/media.ts';
import { createTranscoder } from '../media/transcoder.ts';
import { systemClock } from '../runtime.ts';
import { createSignalBus } from '../session/signal-bus.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import type { Channel } from './channel.ts';
import { createChannelService } from './channel-service.ts';
import { createChannelStatusKeeper } from './channel-status-keeper.ts';
import { createClients } from './clients.ts';
import { createHostMedia } from './clients-media.ts';
import { createConnections } from './guarded-fetch-dispatch.ts';
import { createSealing } from './sealing.ts';

let folder: string;
let storage: Storage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-clients-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Clients of a channel type that tells what happens to it. */
async function furnished(id: string) {
  const log = silentLog();
  storage = await openStorage({ dataDir: join(folder, id), clock: systemClock, log });
  const signals = createSignalBus(log);
  const story: string[] = [];
  const hosts: AdapterHost[] = [];
  const received: Inbound[][] = [];
  const type = defineAdapter({
    type: 'wire',
    title: 'Wire',
    settings: z.strictObject({ line: z.string(), breaks: z.boolean().default(false) }),
    capabilities: () => ({ lifecycle: {}, presence: 'none' }) as Capabilities,
    create(host) {
      const { line, breaks } = host.channel.settings;
      if (breaks) throw new Error('canary');
      hosts.push(host as AdapterHost);
      story.push(`make ${line}`);
      const client: ChannelClient = {
        send: () => Promise.reject(new Error('not used')),
        test: async () => [],
        async start() {
          story.push(`start ${line}`);
        },
        async stop() {
          await new Promise((done) => setTimeout(done, 20));
          story.push(`stop ${line}`);
        },
      };
      return client;
    },
  });
  const { unitOfWork, channels } = storage;
  const shared = { unitOfWork, signals, clock: systemClock, log };
  const channelService = createChannelService({ ...shared, channels, adapters: { type }, secretKey: 'key' });
  await channelService.start();
  const connections = createConnections();
  const clients = createClients({
    ...shared,
    channelService,
    channels,
    status: createChannelStatusKeeper({ ...shared, channels }),
    connections,
    sealing: createSealing('key'),
    mediaCache: { find: async () => undefined, open: async () => undefined },
    transcoder: createTranscoder(),
    receive: async (_channel, items) => void received.push(items),
    folder: join(folder, 'channels'),
  });
  const channel = (settings: Record<string, unknown>, enabled = true): Channel => ({
    id,
    tenantId: 'acme',
    type: 'wire',
    name: 'Wire',
    queueId: 'support',
    settings,
    enabled,
    declared: false,
  });
  const close = async () => {
    await clients.stop();
    await connections.close();
    await storage.close();
  };
  return { clients, close, channelService, channel, story, hosts, received, log };
}

describe('the client of a channel', () => {
  it('connects when it runs, is made anew when it changes, and never twice at the same time', async () => {
    const { clients, channelService, channel, story, close } = await furnished('changing');
    await channelService.save(channel({ line: 'one' }));
    clients.start();
    await channelService.save(channel({ line: 'two' }));
    const client = clients.clientOf('changing');
    expect(clients.clientOf('changing')).toBe(client);
    await channelService.save(channel({ line: 'two' }, false));
    expect(clients.clientOf('changing')).toBeUndefined();
    await channelService.save(channel({ line: 'three' }));
    await expect.poll(() => story).toContain('start three');
    await close();
    // The second was replaced before its turn to connect came.
    const words = ['make one', 'start one', 'make two', 'make three', 'stop one', 'start three', 'stop three'];
    expect(story).toEqual(words);
  });

  it('says how it is until another has its place', async () => {
    const { clients, channelService, channel, hosts, close } = await furnished('reporting');
    await channelService.save(channel({ line: 'one' }));
    clients.start();
    hosts[0]?.report({ state: 'waiting-for-login', qr: 'scan me' });
    const report = async () => (await storage.channels.status('reporting'))?.report;
    await expect.poll(report).toEqual({ state: 'waiting-for-login', qr: 'scan me' });
    await channelService.save(channel({ line: 'two' }));
    hosts[1]?.report({ state: 'connected' });
    hosts[0]?.report({ state: 'failed' });
    await expect.poll(report).toEqual({ state: 'connected' });
    await close();
  });

  it('hands on what it heard, and has a folder of its own', async () => {
    const { clients, channelService, channel, hosts, received, close } = await furnished('hearing');
    await channelService.save(channel({ line: 'one' }));
    clients.start();
    const item: Inbound = { kind: 'notice', code: 'wire:hum', text: 'It hums.', severity: 'info' };
    await hosts[0]?.receive([item]);
    expect(received).toEqual([[item]]);
    const own = await hosts[0]?.folder();
    expect(own).toBe(join(folder, 'channels', 'hearing'));
    expect((await stat(own ?? '')).mode & 0o777).toBe(0o700);
    await close();
  });

  it('that cannot be made leaves the others alone and is said once, without what its library said', async () => {
    const { clients, channelService, channel, log, close } = await furnished('broken');
    await channelService.save(channel({ line: 'one', breaks: true }));
    clients.start();
    expect(clients.clientOf('broken')).toBeUndefined();
    expect(clients.clientOf('broken')).toBeUndefined();
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    const problem = async () => (await storage.channels.status('broken'))?.problem;
    await expect.poll(problem).toMatch(/could not be started/);
    expect(await problem()).not.toContain('canary');
    await close();
  });
});

const record = (contentType: string, bytes: Buffer): Media => ({
  id: 'med_1',
  tenantId: 'acme',
  channelId: null,
  uploader: 'account:acc_1',
  sessionId: 'ses_1',
  audience: 'all',
  name: contentType.startsWith('image/') ? 'picture.png' : 'voice.webm',
  contentType,
  size: bytes.length,
  hash: 'x',
  thumbnailHash: null,
  width: null,
  height: null,
  state: 'ready',
  hint: null,
  createdAt: 0,
  expiresAt: null,
});

/** A medium with these bytes, as the media cache gives it. */
function holding(contentType: string, bytes: Buffer, ffmpeg?: string) {
  const media = record(contentType, bytes);
  const { name, size } = media;
  const transcoder = createTranscoder({ timeout: 3_000, ...(ffmpeg === undefined ? {} : { ffmpeg }) });
  return createHostMedia(
    'acme',
    {
      find: async (id) => (id === 'med_1' ? media : undefined),
      open: async () => ({ stream: Readable.from([bytes]), contentType, name, inline: true, size }),
    },
    transcoder,
  );
}
const read = async (file: HostFile) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream()) chunks.push(chunk);
  return Buffer.concat(chunks);
};
const noise = (side: number) =>
  sharp(Buffer.from(Array.from({ length: side * side * 3 }, (_, n) => (n * 7919) % 251)), {
    raw: { width: side, height: side, channels: 3 },
  })
    .png()
    .toBuffer();

describe('a file for a platform', () => {
  it('is given as it is when its form will do, as often as it is read', async () => {
    const picture = await noise(50);
    const file = await holding('image/png', picture).open('med_1', { contentType: 'image/png', maxBytes: 1_000_000 });
    expect(file).toMatchObject({ name: 'picture.png', contentType: 'image/png', size: picture.length });
    expect((await read(file)).equals(picture)).toBe(true);
    expect((await read(file)).equals(picture)).toBe(true);
  });

  it('becomes another kind of picture, small enough', async () => {
    const picture = await noise(1_500);
    const file = await holding('image/png', picture).open('med_1', { contentType: 'image/jpeg', maxBytes: 700_000 });
    expect(file).toMatchObject({ name: 'picture.jpg', contentType: 'image/jpeg' });
    const bytes = await read(file);
    expect(bytes.length).toBe(file.size);
    expect(bytes.length).toBeLessThanOrEqual(700_000);
    expect((await sharp(bytes).metadata()).format).toBe('jpeg');
  });

  it('that is gone, another company’s, or of no use for the form asked for is refused in plain words', async () => {
    const refused = (message: RegExp) => ({ kind: 'refused', message: expect.stringMatching(message) });
    const media = holding('application/pdf', Buffer.from('%PDF'));
    await expect(media.open('med_2')).rejects.toMatchObject(refused(/not there any more/));
    await expect(media.open('med_1', { contentType: 'image/jpeg' })).rejects.toMatchObject(refused(/application\/pdf/));
    const picture = holding('image/png', await noise(600));
    const tiny = { contentType: 'image/jpeg', maxBytes: 500 };
    await expect(picture.open('med_1', tiny)).rejects.toMatchObject(refused(/larger than the 500 bytes/));
    const broken = holding('image/png', Buffer.from('no picture'));
    await expect(broken.open('med_1', { contentType: 'image/jpeg' })).rejects.toMatchObject(refused(/could not be/));
  });

  it('that is a sound is converted by ffmpeg where there is one, within its time', async () => {
    const program = async (name: string, lines: string) => {
      const path = join(folder, name);
      await writeFile(path, `#!/bin/sh\n${lines}\n`);
      await chmod(path, 0o755);
      return path;
    };
    // Stands in for ffmpeg: its last argument is the file to be made.
    const works = await program('works', 'for last; do :; done; printf "%s" "$*" > "$last"');
    const voice = await holding('audio/webm', Buffer.from('opus'), works).open('med_1', { contentType: 'audio/amr' });
    expect(voice).toMatchObject({ name: 'voice.amr', contentType: 'audio/amr' });
    expect((await read(voice)).toString()).toMatch(/-ar 8000 -ac 1 .*-f amr/);
    const fails = holding('audio/webm', Buffer.from('x'), await program('fails', 'exit 1'));
    await expect(fails.open('med_1', { contentType: 'audio/mpeg' })).rejects.toMatchObject({ kind: 'refused' });
    const hangs = holding('audio/webm', Buffer.from('x'), await program('hangs', 'exec sleep 60'));
    await expect(hangs.open('med_1', { contentType: 'audio/mpeg' })).rejects.toMatchObject({ kind: 'refused' });
    const none = holding('audio/webm', Buffer.from('x'), join(folder, 'no-such-program'));
    await expect(none.open('med_1', { contentType: 'audio/mpeg' })).rejects.toMatchObject({
      message: expect.stringContaining('ffmpeg'),
    });
  }, 15_000);
});
