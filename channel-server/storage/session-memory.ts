import type { Row } from './columns.ts';

/**
 * Sessions as the running transaction would read them, so that a message need not read its session first. Only for
 * a store with one writer, which forgets all whenever it undoes something or somebody else has written.
 */
export interface SessionMemory {
  get(sessionId: string): Row | undefined;
  set(sessionId: string, session: Row): void;
  forget(sessionId: string): void;
  clear(): void;
}

/** Remembers at most `most` sessions; forgetting only costs reads. */
export function createSessionMemory(most = 20_000): SessionMemory {
  const sessions = new Map<string, Row>();
  return {
    get: (sessionId) => sessions.get(sessionId),
    set(sessionId, session) {
      if (sessions.size >= most && !sessions.has(sessionId)) sessions.clear();
      sessions.set(sessionId, session);
    },
    forget: (sessionId) => void sessions.delete(sessionId),
    clear: () => sessions.clear(),
  };
}
