import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeptToken } from '../../adapters/contract/index.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { systemClock } from '../runtime.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { createSealing } from './sealing.ts';
import { createTokenCache } from './token-cache.ts';

let folder: string;
let storage: Storage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-tokens-'));
  storage = await openStorage({ dataDir: folder, clock: systemClock, log: silentLog() });
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

/** Another node's cache of the same channel: shares nothing but the store. */
function node(channelId: string, late = 0) {
  const clock = { ...systemClock, now: () => Date.now() + late };
  const { unitOfWork, channels: credentials } = storage;
  return createTokenCache({ channelId, credentials, unitOfWork, sealing: createSealing('key'), clock });
}

/** A platform that gives tokens and counts them. */
function platform(lasting = 3_600_000) {
  const before: (KeptToken | undefined)[] = [];
  return {
    before,
    async make(kept: KeptToken | undefined): Promise<KeptToken> {
      const n = before.push(kept);
      await new Promise((done) => setTimeout(done, 30));
      return { value: `token ${n}`, expiresAt: Date.now() + lasting, refresh: `refresh ${n}` };
    },
  };
}

describe('a token', () => {
  it('is made once, however many ask on however many nodes, and after a restart', async () => {
    const { make, before } = platform();
    const nodes = [node('many'), node('many'), node('many')];
    const asked = nodes.flatMap((cache) => Array.from({ length: 20 }, () => cache.get('access', 'secret', make)));
    const got = new Set((await Promise.all(asked)).map(({ value }) => value));
    expect([...got]).toEqual(['token 1']);
    expect((await node('many').get('access', 'secret', make)).value).toBe('token 1');
    expect(before).toEqual([undefined]);
  });

  it('lies sealed in the store', async () => {
    await node('sealed').get('access', 'canary seed', async () => ({
      value: 'canary token',
      refresh: 'canary refresh',
    }));
    const row = await storage.channels.credential('sealed', 'access');
    expect(row).toMatchObject({ channelId: 'sealed', expiresAt: null, leaseUntil: null });
    expect(JSON.stringify(row)).not.toContain('canary');
  });

  it('that ends within a minute is made anew from what was kept', async () => {
    const { make, before } = platform(90_000);
    await node('ending').get('access', 's', make);
    expect((await node('ending').get('access', 's', make)).value).toBe('token 1');
    expect((await node('ending', 40_000).get('access', 's', make)).value).toBe('token 2');
    expect(before[1]).toMatchObject({ value: 'token 1', refresh: 'refresh 1' });
  });

  it('that the platform refused is made anew once, from what was kept', async () => {
    const { make, before } = platform();
    const [one, two] = [node('spoilt'), node('spoilt')];
    const { value } = await one.get('access', 's', make);
    await two.get('access', 's', make);
    await Promise.all([one.spoil('access', value), two.spoil('access', value)]);
    const got = await Promise.all([one.get('access', 's', make), two.get('access', 's', make)]);
    expect(got.map((token) => token.value)).toEqual(['token 2', 'token 2']);
    await one.spoil('access', value);
    expect((await one.get('access', 's', make)).value).toBe('token 2');
    expect(before).toHaveLength(2);
    expect(before[1]?.refresh).toBe('refresh 1');
  });

  it('that the platform refused is not given to anybody again while that is being written down', async () => {
    const { make } = platform();
    const cache = node('racing');
    const { value } = await cache.get('access', 's', make);
    // Whoever asks in between finds the row as it was, and must not leave it to the one who had it refused.
    const spoiling = cache.spoil('access', value);
    const between = cache.get('access', 's', make);
    await spoiling;
    expect((await cache.get('access', 's', make)).value).toBe('token 2');
    expect((await between).value).toBe('token 2');
  });

  it('that the platform gives again although it refused it is taken', async () => {
    const make = async () => ({ value: 'the same' });
    const cache = node('same');
    await cache.get('access', 's', make);
    await cache.spoil('access', 'the same');
    expect((await cache.get('access', 's', make)).value).toBe('the same');
  });

  it('is forgotten with all that was kept when the credentials change', async () => {
    const { make, before } = platform();
    const cache = node('changed');
    await cache.get('access', 'old', make);
    expect((await cache.get('access', 'new', make)).value).toBe('token 2');
    expect(before[1]).toBeUndefined();
  });

  it('that could not be made is tried again by the next one, on any node', async () => {
    const { make } = platform();
    const failing = () => Promise.reject(new Error('the platform is down'));
    await expect(node('down').get('access', 's', failing)).rejects.toThrow('the platform is down');
    expect((await node('down').get('access', 's', make)).value).toBe('token 1');
  });

  it('whose maker died is made by another when the lease is over', async () => {
    const { make } = platform();
    void node('dead').get('access', 's', () => new Promise<KeptToken>(() => undefined));
    await expect.poll(() => storage.channels.credential('dead', 'access')).toMatchObject({ value: null });
    expect((await node('dead', 31_000).get('access', 's', make)).value).toBe('token 1');
  });

  it('of another name or channel is another', async () => {
    const { make } = platform();
    const cache = node('names');
    expect((await cache.get('access', 's', make)).value).toBe('token 1');
    expect((await cache.get('upload', 's', make)).value).toBe('token 2');
    expect((await node('other names').get('access', 's', make)).value).toBe('token 3');
  });
});
