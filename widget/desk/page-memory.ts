import type { PageMemory } from './outbox.ts';

/** `sessionStorage`; where it is forbidden or full, memory that ends with the page. */
export function pageMemory(): PageMemory {
  const fallback = new Map<string, string>();
  return {
    getItem(key) {
      const kept = fallback.get(key);
      if (kept !== undefined) return kept;
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    setItem(key, value) {
      try {
        sessionStorage.setItem(key, value);
        fallback.delete(key);
      } catch {
        fallback.set(key, value);
      }
    },
    removeItem(key) {
      fallback.delete(key);
      try {
        sessionStorage.removeItem(key);
      } catch {
        // Nothing could be kept there, so nothing is there.
      }
    },
  };
}
