import type { PageMemory } from './outbox.ts';

/** What an agent has begun to write in one session. */
export interface Draft {
  text: string;
  /** A note for colleagues rather than a message. */
  note: boolean;
  /** Answers for the customer to tap; undefined: the tool for them is not open. */
  replies?: readonly string[] | undefined;
  /** Id of the message it quotes. */
  replyTo?: string | undefined;
}

export const emptyDraft: Draft = { text: '', note: false };

/** Half-written messages per session, kept over a reload of the page. */
export interface Drafts {
  get(session: string): Draft;
  set(session: string, draft: Draft): void;
}

export function createDrafts(memory: PageMemory, prefix: string): Drafts {
  return {
    get(session) {
      const stored = memory.getItem(prefix + session);
      if (stored === null) return emptyDraft;
      try {
        return { ...emptyDraft, ...(JSON.parse(stored) as Partial<Draft>) };
      } catch {
        return emptyDraft;
      }
    },
    set(session, draft) {
      const { text, note, replies, replyTo } = draft;
      if (text === '' && !note && replies === undefined && replyTo === undefined) memory.removeItem(prefix + session);
      else memory.setItem(prefix + session, JSON.stringify(draft));
    },
  };
}

/** The answers that say something. */
export function repliesOf({ replies = [] }: Draft): string[] {
  return replies.map((title) => title.trim()).filter((title) => title !== '');
}
