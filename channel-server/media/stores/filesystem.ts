import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MediaStore } from '../ports.ts';

/** Gives a file another path, as `rename` of `node:fs/promises`: rejects with code `EXDEV` when that is on another disk. */
export type Rename = (from: string, to: string) => Promise<void>;

/**
 * Bytes in a folder of the machine: `ab/cd/<hash>`. A file appears under its hash only when it is complete and on disk;
 * the folder and the uploads' folder are best on the same disk, or files are copied.
 */
export function createFilesystemMediaStore(folder: string, renameFile: Rename = rename): MediaStore {
  const pathOf = (hash: string): string => {
    // Hashes come from our own records; anything else must never become a path.
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError('A media hash has 64 hexadecimal digits.');
    return join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);
  };

  return {
    async put(hash, file) {
      const target = pathOf(hash);
      const { size } = await stat(file);
      if ((await sizeOf(target)) === size) {
        await rm(file, { force: true });
        return;
      }
      const made = await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await sync(file);
      await move(file, target, renameFile);
      await sync(dirname(target));
      // Folders made just now must outlive a power cut too.
      if (made !== undefined) {
        await sync(dirname(dirname(target)));
        await sync(folder);
      }
    },
    async read(hash, range) {
      const path = pathOf(hash);
      // Opened first, so that a missing file is an error here and not in the middle of an answer.
      const handle = await open(path, 'r');
      return handle.createReadStream({ ...range, highWaterMark: 128 * 1024 });
    },
    size: (hash) => sizeOf(pathOf(hash)),
    async remove(hash) {
      await rm(pathOf(hash), { force: true });
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function move(file: string, target: string, renameFile: Rename): Promise<void> {
  try {
    await renameFile(file, target);
  } catch (error) {
    if (!isCode(error, 'EXDEV')) throw error;
    const copy = `${target}.part`;
    try {
      await copyFile(file, copy);
      await sync(copy);
      await renameFile(copy, target);
    } catch (failure) {
      await rm(copy, { force: true });
      throw failure;
    }
  }
  // Renaming onto another link of the same file leaves both.
  await rm(file, { force: true });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
