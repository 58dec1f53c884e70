import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Upload } from '@tus/server';
import type { Log } from '../../adapters/contract/index.ts';
import type { UploaderKey } from './media.ts';

/** One upload from its first request until a day later, in progress or finished. */
export interface UploadEntry {
  /** What tus keeps; `id` is the medium's id. */
  upload: Upload;
  tenantId: string;
  channelId: string | null;
  uploader: UploaderKey;
  types: readonly string[];
  /** When it began and when bytes last came, ms since the epoch. */
  createdAt: number;
  touchedAt: number;
  /** Bytes that have come. */
  received: number;
  /** The medium's record is stored (ready or failed). */
  finished: boolean;
  /** Hashes that may have been put into the store for it: written before, so that a crash leaves no unknown bytes. */
  hashes: readonly string[];
}

/**
 * Whose upload is whose: a small file beside each upload's bytes, `<id>.json`, and the same in memory.
 * One process owns the folder.
 */
export interface UploadLedger {
  find(id: string): Promise<UploadEntry | undefined>;
  all(): Promise<UploadEntry[]>;
  /** Keep an entry, new or changed. */
  save(entry: UploadEntry): Promise<void>;
  /** Remove an upload's bytes and what was made from them, or only the latter; the entry stays. */
  removeFiles(id: string, which?: 'all' | 'made'): Promise<void>;
  /** Forget an upload and remove every file of it. */
  remove(id: string): Promise<void>;
  /** Remove files that belong to no known upload and were not changed since `before`. */
  removeStrays(before: number): Promise<void>;
  /** Where an upload's bytes are, or with `part` a file made from them. */
  path(id: string, part?: 'whole' | 'clean' | 'thumbnail'): string;
}

export function createUploadLedger(folder: string, log: Log): UploadLedger {
  const path: UploadLedger['path'] = (id, part) => join(folder, part === undefined ? id : `${id}.${part}`);
  let loading: Promise<Map<string, UploadEntry>> | undefined;
  let saves = 0;

  async function load(): Promise<Map<string, UploadEntry>> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const entries = new Map<string, UploadEntry>();
    for (const file of await readdir(folder)) {
      const id = /^(med_[0-9a-f]{32})\.json$/.exec(file)?.[1];
      if (id === undefined) continue;
      const entry = await readEntry(join(folder, file));
      if (entry === undefined) {
        log.warn({ mediaId: id }, 'an unfinished upload cannot be continued: its facts are unreadable');
        continue;
      }
      entry.received = await stat(path(id)).then(
        ({ size }) => size,
        () => entry.received,
      );
      entries.set(id, entry);
    }
    return entries;
  }

  /** Read once; after a failure the next caller tries again. */
  function entries(): Promise<Map<string, UploadEntry>> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function removeFiles(id: string, which: 'all' | 'made' = 'all'): Promise<void> {
    for (const part of ['whole', 'clean', 'thumbnail'] as const) await rm(path(id, part), { force: true });
    if (which === 'all') await rm(path(id), { force: true });
  }

  return {
    path,
    async find(id) {
      return (await entries()).get(id);
    },
    async all() {
      return [...(await entries()).values()];
    },
    async save(entry) {
      const known = await entries();
      const { id } = entry.upload;
      saves += 1;
      const draft = join(folder, `${id}.${saves}.draft`);
      await writeFile(draft, JSON.stringify(entry));
      await rename(draft, join(folder, `${id}.json`));
      known.set(id, entry);
    },
    removeFiles,
    async remove(id) {
      const known = await entries();
      await removeFiles(id);
      // Last: while it stands, a restart finds the upload and removes the rest.
      await rm(join(folder, `${id}.json`), { force: true });
      known.delete(id);
    },
    async removeStrays(before) {
      const known = await entries();
      for (const file of await readdir(folder)) {
        if (known.has(file.split('.')[0] ?? '')) continue;
        const stray = join(folder, file);
        const found = await stat(stray).catch(() => undefined);
        if (found?.isFile() && found.mtimeMs < before) await rm(stray, { force: true });
      }
    },
  };

  async function readEntry(file: string): Promise<UploadEntry | undefined> {
    const text = await readFile(file, 'utf8');
    try {
      const entry: UploadEntry = JSON.parse(text);
      return typeof entry.upload.id === 'string' ? entry : undefined;
    } catch {
      return undefined;
    }
  }
}
