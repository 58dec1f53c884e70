import type { ActivityContent, ActivityType } from './activity.ts';
import type { Attachment } from './attachment.ts';
import type { Conversation, ConversationClosed, Person } from './conversation.ts';

/**
 * What a delivery of a platform says, item by item, in the platform's order. Decoding is pure; one bad item becomes
 * `unreadable` and never sinks its batch; an unknown kind of event becomes an `event` activity.
 */
export type Inbound =
  | InboundActivity
  | InboundEcho
  | InboundStatus
  | InboundTyping
  | InboundRename
  | InboundNotice
  | InboundKept
  | InboundUnreadable;

interface InboundBase {
  /**
   * The platform account the item is for (page id, phone number id, destination). Absent: the channel it came in by.
   * The server gives it to the tenant's channel of this type that has this account and the same app secret.
   */
  account?: string;
}

/** A customer did something. */
export interface InboundActivity extends InboundBase {
  kind: 'activity';
  /** The platform's event id, unique in its channel: a repeat is answered and not stored again. */
  externalId: string;
  conversation: Conversation;
  from: Person;
  /** When the platform says it happened, ms since the epoch. Order in the log is the order of storing. */
  at: number;
  content: InboundContent;
  /**
   * Whether it begins a session when none is open. Default: messages do, all else does not. What does not and finds
   * no session is counted and dropped, but its window and profile are kept.
   */
  begins?: boolean;
}

/** An activity as the platform tells it: other messages are named by the platform's ids, files by references. */
export interface InboundContent extends Omit<ActivityContent, 'attachments' | 'replyToId'> {
  type: ActivityType;
  /** Name of an `event`, `<platform>:<what happened>` in the past: `line:followed`, `facebook:referred`. */
  name?: string;
  attachments?: InboundAttachment[];
  /**
   * Platform id of the message this one quotes (`message`), changes (`messageUpdate`), takes away (`messageDelete`)
   * or answers with a reaction (`messageReaction`, value `{added?: string[], removed?: string[]}` of emoji; `*` removed:
   * whatever the person had, removed before anything is added).
   */
  target?: string;
}

/** A file not fetched yet, or a fact. */
export interface InboundAttachment extends Omit<Attachment, 'contentUrl' | 'thumbnailUrl'> {
  /** What `client.fetch` needs to get the bytes; plain JSON, stored. Absent for facts. */
  media?: unknown;
}

/**
 * A message of the company that was not sent through Foyer, or the platform's copy of one that was. Those whose
 * externalId or `key` an outbox part has are dropped; others are shown as written in the platform's own app.
 */
export interface InboundEcho extends InboundBase {
  kind: 'echo';
  externalId: string;
  /** What encoding gave the part (EncodeContext.key), where the platform gives it back. */
  key?: string;
  conversation: Conversation;
  at: number;
  content: InboundContent;
}

/** What became of messages of ours. Only forward; statuses that come before their message's id is known are held. */
export interface InboundStatus extends InboundBase {
  kind: 'status';
  state: 'sent' | 'delivered' | 'read' | 'failed';
  /** The platform's message ids, or our idempotency keys where it names those. */
  messages?: string[];
  /** What encoding gave the part all of `messages` are (EncodeContext.key), where the platform gives it back beside its id. */
  key?: string;
  /** Watermark: every message of the conversation sent up to then, ms since the epoch. With `conversation`. */
  upto?: number;
  conversation?: Pick<Conversation, 'id'>;
  at: number;
  /** Why it failed: the platform's code, and words for people without anything secret. */
  reason?: { code: string; text: string };
  /** It failed because the conversation is closed for us. */
  closed?: ConversationClosed;
}

export interface InboundTyping extends InboundBase {
  kind: 'typing';
  conversation: Pick<Conversation, 'id'>;
  from: Person;
  typing: boolean;
}

/** The platform gave a person another id. Their conversation goes on under the new one. */
export interface InboundRename extends InboundBase {
  kind: 'rename';
  before: { conversation: string; person: string };
  conversation: Conversation;
  person: Person;
  at: number;
}

/** Something about the account itself, for whoever looks after the channel. Never stored in a session. */
export interface InboundNotice extends InboundBase {
  kind: 'notice';
  /** Stable, `<platform>:<what>`: `whatsapp:template-rejected`. */
  code: string;
  /** In plain English. */
  text: string;
  severity: 'info' | 'warning' | 'error';
}

/**
 * Something the platform tells the channel's client and nobody else: a file it was asked to check may be sent now. Kept
 * among the channel's tokens before the platform is answered, so that `host.tokens.get(name, '', …)` finds it on every
 * node. What is already kept under that name stays.
 */
export interface InboundKept extends InboundBase {
  kind: 'kept';
  name: string;
  /** As in KeptToken. */
  value: string;
  /** ms since the epoch; absent: never. */
  expiresAt?: number;
}

/** An item that could not be read: counted, logged with `reason` (which never holds its content), and left out. */
export interface InboundUnreadable extends InboundBase {
  kind: 'unreadable';
  reason: string;
}
