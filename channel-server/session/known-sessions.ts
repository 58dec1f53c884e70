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

/** By channel and conversation: joining both into one key would cost every message a new string. */
class Generation {
  size = 0;
  readonly #channels = new Map<string, Map<string, KnownSession>>();

  get(channelId: string, conversation: string): KnownSession | undefined {
    return this.#channels.get(channelId)?.get(conversation);
  }

  set(channelId: string, session: KnownSession): void {
    let sessions = this.#channels.get(channelId);
    if (sessions === undefined) {
      sessions = new Map();
      this.#channels.set(channelId, sessions);
    }
    this.size -= sessions.size;
    sessions.set(session.conversation, session);
    this.size += sessions.size;
  }

  delete(channelId: string, conversation: string): void {
    if (this.#channels.get(channelId)?.delete(conversation) === true) this.size -= 1;
  }
}

/**
 * Least recently used goes first, by generations: what was not touched while `most` other sessions were, is
 * dropped. A hit in the young generation writes nothing.
 */
export function createKnownSessions(most = 20_000): KnownSessions {
  let young = new Generation();
  let old = new Generation();
  const put = (channelId: string, session: KnownSession) => {
    if (young.size >= most) {
      old = young;
      young = new Generation();
    }
    young.set(channelId, session);
  };
  return {
    find(channelId, conversations) {
      for (const conversation of conversations) {
        const recent = young.get(channelId, conversation);
        if (recent !== undefined) return recent;
        const older = old.get(channelId, conversation);
        if (older !== undefined) {
          put(channelId, older);
          return older;
        }
      }
      return undefined;
    },
    keep: put,
    forget(channelId, conversation) {
      young.delete(channelId, conversation);
      old.delete(channelId, conversation);
    },
  };
}
