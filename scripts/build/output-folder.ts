import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);

export interface FileSize {
  /** Path under the output folder. */
  path: string;
  /** Bytes, and bytes after brotli 11. */
  bytes: number;
  brotli: number;
}

/** How long files of older builds stay for pages that are still open, ms. */
const keptFor = 30 * 86_400_000;

/** Files written to one folder, each with its `.br` sibling; long unused files of given folders go at the end. */
export interface OutputFolder {
  write(path: string, content: string | Buffer): Promise<FileSize>;
  /**
   * Remove what this build did not write in `folders` and no build did for 30 days. Pages opened before a build still
   * fetch its files: those of `previous`, the build just replaced, are kept for 30 days from now, however old.
   */
  prune(folders: readonly string[], previous?: readonly string[]): Promise<void>;
  readonly sizes: FileSize[];
}

/** `now` in ms since the epoch. */
export function outputFolder(root: string, now: () => number = Date.now): OutputFolder {
  const sizes: FileSize[] = [];
  const replace = async (path: string, content: Buffer) => {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    const draft = `${target}.${process.pid}.tmp`;
    await writeFile(draft, content);
    await rename(draft, target);
  };
  return {
    sizes,
    async write(path, content) {
      const bytes = Buffer.from(content);
      const packed = await compress(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
      await replace(path, bytes);
      await replace(`${path}.br`, packed);
      const size = { path, bytes: bytes.length, brotli: packed.length };
      sizes.push(size);
      return size;
    },
    async prune(folders, previous = []) {
      const replaced = new Set(previous.flatMap((path) => [path, `${path}.br`]));
      const written = new Set(sizes.flatMap(({ path }) => [path, `${path}.br`]));
      for (const folder of folders) {
        const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return [];
          throw error;
        });
        for (const name of names) {
          const path = `${folder}/${name}`;
          const target = join(root, path);
          if (written.has(path)) continue;
          if (replaced.has(path)) await utimes(target, now() / 1000, now() / 1000);
          else if ((await stat(target)).mtimeMs < now() - keptFor) await rm(target, { recursive: true, force: true });
        }
      }
    },
  };
}
