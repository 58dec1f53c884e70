import type { PageStorage } from './page-storage.ts';

/** Who this browser is on a channel. The token proves it; nothing else of the person is kept. */
export interface StoredVisitor {
  id: string;
  token: string;
  subject?: string;
}

/** The visitor of one channel, shared by the tabs of this browser. */
export interface VisitorStore {
  get(): StoredVisitor | undefined;
  set(visitor: StoredVisitor): void;
  clear(): void;
}

export function createVisitorStore(storage: PageStorage, prefix: string): VisitorStore {
  const key = `${prefix}visitor`;
  return {
    get() {
      try {
        const found = JSON.parse(storage.get(key) ?? 'null') as Partial<StoredVisitor> | null;
        if (typeof found?.id !== 'string' || typeof found.token !== 'string') return undefined;
        return {
          id: found.id,
          token: found.token,
          ...(typeof found.subject === 'string' && { subject: found.subject }),
        };
      } catch {
        return undefined;
      }
    },
    set({ id, token, subject }) {
      storage.set(key, JSON.stringify({ id, token, ...(subject !== undefined && { subject }) }));
    },
    clear: () => storage.remove(key),
  };
}
