import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFilesystemMediaStore } from './filesystem.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

const hash = 'ab'.repeat(32);

test('a file is moved in under its hash, read in part, kept once, and removed for good', async () => {
  const store = createFilesystemMediaStore(join(folder, 'media'));
  const file = join(folder, 'incoming');
  for (const _time of [1, 2]) {
    await writeFile(file, 'hello world');
    await store.put(hash, file);
    expect(await readdir(folder)).toEqual(['media']);
  }
  expect(await store.size(hash)).toBe(11);
  expect(await text(await store.read(hash))).toBe('hello world');
  expect(await text(await store.read(hash, { start: 6, end: 8 }))).toBe('wor');
  expect(await readdir(join(folder, 'media/ab/ab'))).toEqual([hash]);
  await store.remove(hash);
  await store.remove(hash);
  expect(await store.size(hash)).toBeUndefined();
  await expect(store.read(hash)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('nothing but a hash becomes a path', async () => {
  const store = createFilesystemMediaStore(join(folder, 'media'));
  for (const wrong of ['', '../x', `${hash}/..`, hash.toUpperCase(), `${hash}\n`]) {
    await expect((async () => store.size(wrong))()).rejects.toThrow(TypeError);
  }
});

const memory = '/dev/shm';
const device = (path: string) => statSync(path, { throwIfNoEntry: false })?.dev;

test.skipIf(device(memory) === undefined || device(memory) === device(tmpdir()))(
  'a file from another disk is copied in',
  async () => {
    const other = await mkdtemp(join(memory, 'foyer-store-'));
    try {
      const store = createFilesystemMediaStore(join(folder, 'copied'));
      await writeFile(join(other, 'incoming'), 'hello world');
      await store.put(hash, join(other, 'incoming'));
      expect(await text(await store.read(hash))).toBe('hello world');
      expect(await readdir(other)).toEqual([]);
      expect(await readdir(join(folder, 'copied/ab/ab'))).toEqual([hash]);
    } finally {
      await rm(other, { recursive: true });
    }
  },
);
