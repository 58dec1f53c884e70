import type { Readable } from 'node:stream';
import type { Media } from './media.ts';

declare module '../session/changes.ts' {
  interface Records {
    media: Media;
  }
}

export interface MediaRepository {
  media(tenantId: string, mediaId: string): Promise<Media | undefined>;
  mediaById(mediaId: string): Promise<Media | undefined>;
  several(tenantId: string, mediaIds: readonly string[]): Promise<Media[]>;
  /** Unlinked media of any state made before `before`, oldest first, for orphan cleanup. */
  orphans(before: number, limit: number): Promise<Media[]>;
  /** Linked media past their expiry that still have bytes (`hash` is not null), oldest first. */
  expired(now: number, limit: number): Promise<Media[]>;
  /** How many records, in any state, name these bytes as their `hash` or `thumbnailHash`. */
  references(hash: string): Promise<number>;
  /** Bytes in use by a tenant: the sum of `size` over its media. */
  usage(tenantId: string): Promise<number>;
}

/** Where bytes lie, by hash. Streams only; nothing is held whole. */
export interface MediaStore {
  /** Move a finished local file in under its hash; storing the same hash twice is one file. */
  put(hash: string, file: string): Promise<void>;
  /** A stream of all bytes or of an inclusive range. */
  read(hash: string, range?: { start: number; end: number }): Promise<Readable>;
  size(hash: string): Promise<number | undefined>;
  remove(hash: string): Promise<void>;
}
