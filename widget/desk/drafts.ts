import type { PageMemory } from './outbox.ts';

/** What an agent has begun to write in one session. */
export interface Draft {
  text: string;
  /** A note for colleagues rather than a message. */
  note: boolean;
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
      if (draft.text === '' && !draft.note) memory.removeItem(prefix + session);
      else memory.setItem(prefix + session, JSON.stringify(draft));
    },
  };
}
