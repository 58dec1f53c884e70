/** Tells listeners that something changed; they look for themselves what. */
export interface Changes {
  /** The answer ends the subscription. */
  subscribe(listener: () => void): () => void;
  announce(): void;
}

export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce() {
      for (const listener of [...listeners]) listener();
    },
  };
}
