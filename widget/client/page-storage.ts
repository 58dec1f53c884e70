/** Small texts kept in the browser: `localStorage`, or memory where a page may not store. */
export interface PageStorage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
  /** Another tab changed a key (undefined: many). The answer ends the subscription. */
  onForeignChange(listener: (key: string | undefined) => void): () => void;
}

/** Where everything of one channel on one server is kept; the loader reads the same names. */
export const storagePrefix = (server: string, channel: string): string => `foyer:${new URL(server).host}:${channel}:`;

/** `localStorage`, with what it refuses (blocked, full, private) kept in memory for as long as the page lives. */
export function createPageStorage(area: Storage | undefined = availableStorage()): PageStorage {
  const memory = new Map<string, string>();
  return {
    get(key) {
      return memory.get(key) ?? area?.getItem(key) ?? undefined;
    },
    set(key, value) {
      try {
        if (area === undefined) throw new Error('no storage');
        area.setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove(key) {
      memory.delete(key);
      area?.removeItem(key);
    },
    keys(prefix) {
      const found = new Set(memory.keys());
      for (let index = 0; index < (area?.length ?? 0); index += 1) {
        const key = area?.key(index);
        if (key != null) found.add(key);
      }
      return [...found].filter((key) => key.startsWith(prefix));
    },
    onForeignChange(listener) {
      const heard = (event: StorageEvent) => {
        if (event.storageArea === area) listener(event.key ?? undefined);
      };
      globalThis.addEventListener?.('storage', heard);
      return () => globalThis.removeEventListener?.('storage', heard);
    },
  };
}

/** Reading the property alone throws where storage is forbidden. */
function availableStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
