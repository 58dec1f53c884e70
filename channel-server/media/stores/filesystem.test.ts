import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFilesystemMediaStore, type Rename } from './filesystem.ts';

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

describe('a file from another disk', () => {
  const incoming = () => join(folder, 'elsewhere/incoming');
  const refusal = (code: string, path: string) => Object.assign(new Error(`${code}: rename '${path}'`), { code });
  /** As the system does when `elsewhere` is another disk: nothing can be renamed from there. */
  const acrossDisks =
    (within: Rename): Rename =>
    async (from, to) => {
      if (dirname(from) === join(folder, 'elsewhere')) throw refusal('EXDEV', from);
      await within(from, to);
    };
  beforeEach(async () => {
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(incoming(), 'hello world');
  });
  afterEach(() => rm(join(folder, 'elsewhere'), { recursive: true }));

  test('is copied in', async () => {
    const store = createFilesystemMediaStore(join(folder, 'copied'), acrossDisks(rename));
    await store.put(hash, incoming());
    expect(await text(await store.read(hash))).toBe('hello world');
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
    expect(await readdir(join(folder, 'copied/ab/ab'))).toEqual([hash]);
  });

  test('that cannot be brought in whole stays where it is, and leaves no half of itself', async () => {
    const broken: Rename = async (from) => {
      throw refusal('EIO', from);
    };
    const store = createFilesystemMediaStore(join(folder, 'failed'), acrossDisks(broken));
    await expect(store.put(hash, incoming())).rejects.toMatchObject({ code: 'EIO' });
    expect(await store.size(hash)).toBeUndefined();
    expect(await readdir(join(folder, 'failed/ab/ab'))).toEqual([]);
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['incoming']);
  });
});
