import type { Activity } from '../../adapters/contract/index.ts';

/** What later activities of a log changed of a message. */
export interface Amendment {
  /** The newest text. */
  text?: string;
  removed?: boolean;
  /** Emoji with how many people left them, in the order they first came. */
  reactions?: { emoji: string; count: number }[];
}

/** By id of the message amended. Whoever wrote it changes it: others may only react. Pure. */
export function amendmentsOf(activities: readonly Activity[]): Map<string, Amendment> {
  const amendments = new Map<string, Amendment>();
  const emoji = new Map<string, Map<string, Set<string>>>();
  for (const { type, replyToId, from, text, value } of activities) {
    if (replyToId === undefined || type === 'message' || type === 'event') continue;
    const amendment = amendments.get(replyToId) ?? {};
    amendments.set(replyToId, amendment);
    if (type === 'messageUpdate') amendment.text = text ?? '';
    else if (type === 'messageDelete') amendment.removed = true;
    else if (type === 'messageReaction') {
      const { added = [], removed = [] } = (value ?? {}) as { added?: string[]; removed?: string[] };
      const left = emoji.get(replyToId) ?? new Map<string, Set<string>>();
      emoji.set(replyToId, left);
      // `*`: whatever they left, where a platform does not name it.
      const gone = removed.includes('*') ? [...left.keys()] : removed;
      for (const one of gone) left.get(one)?.delete(from.id);
      for (const one of added) left.set(one, (left.get(one) ?? new Set()).add(from.id));
      amendment.reactions = [...left]
        .filter(([, who]) => who.size > 0)
        .map(([one, who]) => ({ emoji: one, count: who.size }));
    }
  }
  return amendments;
}
