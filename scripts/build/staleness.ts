import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Newest change below `path` (a file or a folder), ms since the epoch; 0 when there is none. */
export async function newestChange(path: string, skip: (name: string) => boolean = () => false): Promise<number> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (facts === undefined) return 0;
  if (!facts.isDirectory()) return facts.mtimeMs;
  let newest = 0;
  for (const entry of await readdir(path)) {
    if (!skip(entry)) newest = Math.max(newest, await newestChange(join(path, entry), skip));
  }
  return newest;
}
