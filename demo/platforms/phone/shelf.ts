import { token, type World } from './world.ts';

/** A file the platform keeps. */
export interface ShelvedFile {
  id: string;
  bytes: Buffer;
  contentType: string;
  name: string;
  /** ms since the epoch. */
  at: number;
}

/** The platform's file store. In memory and bounded by its bytes: the oldest goes first. */
export interface Shelf {
  put(file: { bytes: Buffer; contentType: string; name?: string; id?: string }): ShelvedFile;
  get(id: string): ShelvedFile | undefined;
  remove(id: string): boolean;
}

export function createShelf(world: World, maxBytes = 200_000_000): Shelf {
  const files = new Map<string, ShelvedFile>();
  let held = 0;
  const remove = (id: string) => {
    const file = files.get(id);
    if (file === undefined) return false;
    held -= file.bytes.length;
    return files.delete(id);
  };
  return {
    put({ bytes, contentType, name = 'file', id = token(world, 15) }) {
      remove(id);
      const file = { id, bytes, contentType, name, at: world.now() };
      files.set(id, file);
      held += bytes.length;
      for (const [oldest] of files) {
        if (held <= maxBytes || oldest === id) break;
        remove(oldest);
      }
      return file;
    },
    get: (id) => files.get(id),
    remove,
  };
}
