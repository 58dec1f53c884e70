import type { Attachment, SuggestedAction } from '../client/desk-protocol.ts';

/** A message of this agent's that the server has not acknowledged yet. */
export interface OutgoingMessage {
  clientId: string;
  session: string;
  text?: string;
  attachments?: OutgoingAttachment[];
  /** Attachments that are no files: a filled-in template. */
  facts?: Fact[];
  /** Answers for the customer to tap. */
  actions?: SuggestedAction[];
  /** Id of the message it quotes. */
  replyTo?: string;
  audience: 'all' | 'staff';
  /** Page time, ms. */
  at: number;
  /** Set when the server refused it for good: the agent decides what becomes of it. */
  refused?: string;
}

/** An attachment that says all itself. */
export type Fact = Required<Pick<Attachment, 'contentType' | 'content'>>;

/** Uploaded already; `name` and `contentType` only for showing it until the log has it. */
export interface OutgoingAttachment {
  contentUrl: string;
  name: string;
  contentType: string;
}

/** Where a page keeps small things over a reload: `sessionStorage`, or nothing where it is forbidden. */
export interface PageMemory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Messages on their way, in order, kept over a reload. Sending one again is harmless: its `clientId` stays. */
export interface Outbox {
  readonly items: readonly OutgoingMessage[];
  add(message: OutgoingMessage): void;
  /** It is in the log, or the agent gave it up. */
  remove(clientId: string): void;
  refuse(clientId: string, reason: string): void;
  retry(clientId: string): void;
  /** The next message of a session to send; a refused one does not hold up those behind it. */
  next(session: string): OutgoingMessage | undefined;
  /** Sessions with something to send. */
  sessions(): string[];
}

export function createOutbox(memory: PageMemory, key: string, changed: () => void): Outbox {
  let items: readonly OutgoingMessage[] = read(memory.getItem(key));

  function keep(next: readonly OutgoingMessage[]): void {
    items = next;
    if (items.length === 0) memory.removeItem(key);
    else memory.setItem(key, JSON.stringify(items));
    changed();
  }

  return {
    get items() {
      return items;
    },
    add: (message) => keep([...items, message]),
    remove(clientId) {
      if (items.some((item) => item.clientId === clientId)) keep(items.filter((item) => item.clientId !== clientId));
    },
    refuse: (clientId, refused) =>
      keep(items.map((item) => (item.clientId === clientId ? { ...item, refused } : item))),
    retry: (clientId) =>
      keep(
        items.map((item) => {
          if (item.clientId !== clientId) return item;
          const { refused: _refused, ...again } = item;
          return again;
        }),
      ),
    next: (session) => items.find((item) => item.session === session && item.refused === undefined),
    sessions: () => [...new Set(items.filter((item) => item.refused === undefined).map((item) => item.session))],
  };
}

function read(stored: string | null): OutgoingMessage[] {
  if (stored === null) return [];
  try {
    const items: unknown = JSON.parse(stored);
    return Array.isArray(items) ? items.filter(isOutgoing) : [];
  } catch {
    return [];
  }
}

function isOutgoing(item: unknown): item is OutgoingMessage {
  return (
    typeof item === 'object' &&
    item !== null &&
    typeof (item as OutgoingMessage).clientId === 'string' &&
    typeof (item as OutgoingMessage).session === 'string' &&
    ['all', 'staff'].includes((item as OutgoingMessage).audience)
  );
}
