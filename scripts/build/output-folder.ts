import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
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

/** Files written to one folder, each with its `.br` sibling; unlisted older files of given folders go at the end. */
export interface OutputFolder {
  write(path: string, content: string | Buffer): Promise<FileSize>;
  /** Remove what earlier builds left in `folders` and this one did not write. */
  prune(folders: readonly string[]): Promise<void>;
  readonly sizes: FileSize[];
}

export function outputFolder(root: string): OutputFolder {
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
    async prune(folders) {
      const written = new Set(sizes.flatMap(({ path }) => [path, `${path}.br`]));
      for (const folder of folders) {
        const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return [];
          throw error;
        });
        for (const name of names) {
          if (!written.has(`${folder}/${name}`)) await rm(join(root, folder, name), { recursive: true, force: true });
        }
      }
    },
  };
}
