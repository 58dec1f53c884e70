import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FetchedFile, MediaFailure } from '../../adapters/contract/index.ts';
import { createMediaFetcher } from '../../channel-server/channels/media-fetch.ts';
import type { Signal } from '../../channel-server/session/signals.ts';
import { type BellHouse, bellHouse, says, sends } from '../support/doorbell.ts';
import { photoWithPlace } from '../support/media-files.ts';

let house: BellHouse;
const signals: Signal[] = [];
/** What the platform gives out, by reference; each asked for counts. */
const files = new Map<string, () => FetchedFile | Promise<FetchedFile>>();
const asked = new Map<string, number>();

beforeAll(async () => {
  house = await bellHouse();
  house.dependencies.signals.subscribe((signal) => void signals.push(signal));
});
beforeEach(() => {
  house.client.fetch = async (reference) => {
    const name = (reference as { reference: string }).reference;
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const file = files.get(name);
    if (file === undefined) throw new MediaFailure('gone', 'no such file');
    return file();
  };
});
afterAll(() => house.stop());

async function* bytes(...chunks: (Buffer | string)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}
const ring = async (...items: unknown[]) => {
  expect((await house.ring(items)).status).toBe(200);
};
/** The media of the newest message of somebody. */
async function mediaOf(who: string) {
  const urls = (await house.logOf(`user:${who}`))
    .filter(({ from, type }) => type === 'message' && from.role === 'user')
    .flatMap(({ attachments = [] }) => attachments.map(({ contentUrl = '' }) => contentUrl.slice('media:'.length)));
  return house.storage.media.several('one', urls);
}
const settled = async (who: string) => {
  await expect.poll(async () => (await mediaOf(who)).map(({ state }) => state)).not.toContain('pending');
  return mediaOf(who);
};

describe('files of a platform’s customers', () => {
  it('are in the log at once and in the cache soon, made harmless like every upload', async () => {
    const photo = await photoWithPlace(1200, 800);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    files.set('photo', async () => {
      await held;
      return { contentType: 'application/octet-stream', stream: bytes(photo.subarray(0, 999), photo.subarray(999)) };
    });
    await ring(sends('pia', 'photo', { name: '../holiday.jpg', content: { width: 1200 } }));
    const [message] = await house.logOf('user:pia');
    const [attachment] = message?.attachments ?? [];
    expect(attachment).toMatchObject({ contentType: 'image/jpeg', name: 'holiday.jpg' });
    expect(attachment).not.toHaveProperty('media');
    const [pending] = await mediaOf('pia');
    expect(pending).toMatchObject({ state: 'pending', sessionId: message?.conversation.id, size: 0, hash: null });
    release();
    const [ready] = await settled('pia');
    expect(ready).toMatchObject({ state: 'ready', contentType: 'image/jpeg', name: 'holiday.jpg', width: 800 });
    expect(ready?.thumbnailHash).not.toBeNull();
    await expect
      .poll(() => signals.findLast((signal) => signal.kind === 'media'))
      .toEqual({ kind: 'media', tenantId: 'one', sessionId: pending?.sessionId, mediaId: pending?.id });
    const token = await house.tokenOf('one-ada');
    const { json } = await house.request('GET', `/api/v1/media/${ready?.id}`, { token });
    const stored = Buffer.from(await (await fetch(json.url)).arrayBuffer());
    expect(stored.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(stored.includes('Canary')).toBe(false);
  });

  it('two pictures 200 ms apart are two messages of one session', async () => {
    const photo = await photoWithPlace(60, 40);
    files.set('p1', () => ({ stream: bytes(photo) }));
    files.set('p2', () => ({ stream: bytes(photo) }));
    await ring(sends('duo', 'p1'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await ring(sends('duo', 'p2'));
    expect(await house.sessionsOf('user:duo')).toHaveLength(1);
    expect((await settled('duo')).map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('of a repeated message are fetched once', async () => {
    files.set('once', () => ({ stream: bytes('words') }));
    const message = sends('rita', 'once');
    await Promise.all([ring(message), ring(message), ring(message)]);
    await settled('rita');
    expect(asked.get('once')).toBe(1);
  });

  it('that are gone, must not be had, are empty or of a dangerous kind are said to be so', async () => {
    files.set('guarded', () => {
      throw new MediaFailure('refused', 'The address is private.');
    });
    files.set('empty', () => ({ stream: bytes() }));
    await ring(sends('gone', 'nothing there'), sends('guarded', 'guarded'), sends('empty', 'empty'));
    expect(await settled('gone')).toMatchObject([{ state: 'failed', hint: 'The platform no longer has this file.' }]);
    expect(await settled('guarded')).toMatchObject([{ state: 'quarantined', hint: 'The address is private.' }]);
    expect(await settled('empty')).toMatchObject([{ state: 'failed', hint: 'The file is empty.' }]);
    expect(await house.storage.mediaFetches.nextDue()).toBeUndefined();
  });

  it('are tried again when they are not to be had yet or the stream breaks', async () => {
    let tries = 0;
    files.set('soon', () => {
      tries += 1;
      if (tries === 1) throw new MediaFailure('later', 'not ready', { after: 20 });
      if (tries === 2) {
        return {
          stream: (async function* () {
            yield Buffer.from('half');
            throw new MediaFailure('later', 'cut', { after: 20 });
          })(),
        };
      }
      return { stream: bytes('whole words') };
    });
    await ring(sends('sue', 'soon'));
    const [ready] = await settled('sue');
    expect(ready).toMatchObject({ state: 'ready', size: 11 });
    expect(tries).toBe(3);
  });

  it('of a slow platform hold up those of no other, and are given up after a day', async () => {
    // `house` has its own fetcher; here one alone is looked at, over rows it is given.
    const told: string[] = [];
    const rows = ['slow1', 'slow2', 'slow3', 'slow4', 'fast'].map((id, n) => ({
      id,
      tenantId: 'one',
      channelId: id.startsWith('slow') ? 'slow' : 'fast',
      sessionId: 's',
      reference: id,
      attempts: 0,
      dueAt: n,
      leaseUntil: Date.now() + 60_000,
      createdAt: Date.now() - 25 * 3_600_000,
    }));
    const fetcher = createMediaFetcher({
      fetches: { claim: async () => rows.splice(0), nextDue: async () => undefined },
      mediaCache: {
        async fill(id) {
          told.push(id);
          return 'ready';
        },
        find: async () => undefined,
      },
      clientOf: (channelId) =>
        ({
          fetch: (reference: unknown) =>
            channelId === 'slow'
              ? new Promise(() => {})
              : Promise.resolve({ name: String(reference), stream: bytes('x') }),
        }) as never,
      unitOfWork: {
        async commit(changes) {
          told.push(JSON.stringify(changes));
          return { outcome: 'applied', appended: [] };
        },
      },
      signals: house.dependencies.signals,
      clock: house.dependencies.clock,
      log: house.log,
    });
    fetcher.start();
    await expect.poll(() => told).toContain('fast');
    await fetcher.stop();
    // The three under way were given back or given up, none was waited for.
    expect(told.filter((each) => each.includes('did not give out'))).toHaveLength(3);
  });

  it('named before a restart are fetched after it', async () => {
    delete house.client.fetch;
    await ring(says('rob', '', { attachments: [{ contentType: 'text/plain', media: { reference: 'late' } }] }));
    const [pending] = await mediaOf('rob');
    expect(pending?.state).toBe('pending');
    // A process that died with it: its lease runs out.
    const expired = Date.now() - 1;
    await house.dependencies.unitOfWork.commit([
      {
        kind: 'update',
        record: 'mediaFetch',
        where: { id: pending?.id ?? '' },
        set: { dueAt: expired, leaseUntil: expired },
      },
    ]);
    const fetcher = createMediaFetcher({
      ...house.dependencies,
      fetches: house.storage.mediaFetches,
      clientOf: () => ({ fetch: async () => ({ name: 'notes.txt', stream: bytes('after all') }) }) as never,
    });
    fetcher.start();
    expect(await settled('rob')).toMatchObject([{ state: 'ready', name: 'notes.txt', size: 9 }]);
    await fetcher.stop();
  });
});
