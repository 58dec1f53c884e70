import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeptToken, TokenCache } from '../../adapters/contract/index.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { systemClock } from '../runtime.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { keepForClient } from './keep-for-client.ts';
import { createSealing } from './sealing.ts';
import { createTokenCache } from './token-cache.ts';

let folder: string;
let storage: Storage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-kept-'));
  storage = await openStorage({ dataDir: folder, clock: systemClock, log: silentLog() });
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

function node(): TokenCache {
  const { unitOfWork, channels: credentials } = storage;
  return createTokenCache({
    channelId: 'x',
    credentials,
    unitOfWork,
    sealing: createSealing('key'),
    clock: systemClock,
  });
}

const notYet = async (): Promise<KeptToken> => {
  await new Promise((done) => setTimeout(done, 20));
  throw new Error('not yet');
};

it('is found by a client that was looking for it at that very moment', async () => {
  const tokens = node();
  const looking = tokens.get('audit', '', notYet);
  const keeping = keepForClient(tokens, 'audit', { value: 'passed' });
  await expect(looking).rejects.toThrow('not yet');
  await keeping;
  expect(await tokens.get('audit', '', notYet)).toMatchObject({ value: 'passed' });
});

it('is found on another node that is looking, and the first word stays', async () => {
  const here = node();
  const there = node();
  const looking = expect(there.get('audit-2', '', notYet)).rejects.toThrow('not yet');
  await keepForClient(here, 'audit-2', { value: 'passed' });
  await looking;
  await keepForClient(here, 'audit-2', { value: 'refused' });
  expect(await there.get('audit-2', '', notYet)).toMatchObject({ value: 'passed' });
});

it('tells when the store fails', async () => {
  const failing: Pick<TokenCache, 'get'> = {
    get: async () => {
      throw new Error('the store is gone');
    },
  };
  await expect(keepForClient(failing, 'audit-3', { value: 'passed' })).rejects.toThrow('the store is gone');
});
