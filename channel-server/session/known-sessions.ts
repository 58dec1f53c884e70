import type { PageContext } from '../../adapters/contract/index.ts';

/** What is remembered of an open session: enough to append without reading. A hint: the commit checks it. */
export interface KnownSession {
  readonly id: string;
  readonly conversation: string;
  /** The page stored with the session. */
  page: PageContext | null;
}

/** Where a conversation's open session probably is. Bounded; forgetting only costs a read. */
export interface KnownSessions {
  /** The first of the conversations that has a known open session. */
  find(channelId: string, conversations: readonly string[]): KnownSession | undefined;
  keep(channelId: string, session: KnownSession): void;
  forget(channelId: string, conversation: string): void;
}

/**
 * Least recently used goes first, by generations: what was not touched while `generation` other sessions were,
 * is dropped. A hit in the young generation writes nothing.
 */
export function createKnownSessions(generation = 20_000): KnownSessions {
  let young = new Map<string, KnownSession>();
  let old = new Map<string, KnownSession>();
  const keyOf = (channelId: string, conversation: string) => `${channelId}\n${conversation}`;
  const put = (key: string, session: KnownSession) => {
    if (young.size >= generation) {
      old = young;
      young = new Map();
    }
    young.set(key, session);
  };
  return {
    find(channelId, conversations) {
      for (const conversation of conversations) {
        const key = keyOf(channelId, conversation);
        const recent = young.get(key);
        if (recent !== undefined) return recent;
        const older = old.get(key);
        if (older !== undefined) {
          put(key, older);
          return older;
        }
      }
      return undefined;
    },
    keep(channelId, session) {
      put(keyOf(channelId, session.conversation), session);
    },
    forget(channelId, conversation) {
      const key = keyOf(channelId, conversation);
      young.delete(key);
      old.delete(key);
    },
  };
}
