import type { Attachment } from './attachment.ts';

/**
 * The closed list of activity types: the Bot Framework's activity schema, as far as people need it.
 * Source: Bot Framework activity schema; additions of ours are marked on {@link Activity}.
 */
export const activityTypes = [
  'message',
  'event',
  'typing',
  'messageReaction',
  'messageUpdate',
  'messageDelete',
] as const;
export type ActivityType = (typeof activityTypes)[number];

/** Who may see an activity: everybody in the session, or only the company's people. */
export type Audience = 'all' | 'staff';

/**
 * Names of the events the server itself writes into a session's log, and who sees each.
 * A name is a fact in the past. Adapters may store other names (platform events); those are `staff`.
 */
export const sessionEvents = {
  'session:queued': 'all',
  'session:assigned': 'all',
  'session:transferred': 'all',
  'session:requeued': 'all',
  'session:parked': 'staff',
  'session:resumed': 'staff',
  'session:reopened': 'all',
  'session:closed': 'all',
  'session:rated': 'all',
  'offer:made': 'staff',
  'offer:accepted': 'staff',
  'offer:declined': 'staff',
  'offer:missed': 'staff',
  'offer:withdrawn': 'staff',
  'transfer:requested': 'staff',
  'transfer:refused': 'staff',
  'participant:joined': 'all',
  'participant:left': 'all',
  'participant:gone': 'staff',
  'participant:back': 'staff',
  'identity:signed': 'staff',
  'media:failed': 'all',
  /** Value: `{activity, reason: {kind, code?, text}}`: the id of what a platform did not get, and why. */
  'delivery:failed': 'staff',
} as const satisfies Record<string, Audience>;
export type SessionEventName = keyof typeof sessionEvents;

export type Role = 'user' | 'agent' | 'bot' | 'system';

/** A participant as an activity names it. `id` is opaque: a visitor, an account, `system`. */
export interface Participant {
  id: string;
  name?: string;
  role: Role;
}

export interface SuggestedAction {
  type: 'imBack' | 'postBack' | 'openUrl';
  title: string;
  value: string;
}

/** What an activity says: the replaceable part. Retention and unsending take it away; facts stay. */
export interface ActivityContent {
  text?: string;
  textFormat?: 'plain' | 'markdown';
  /** At most 10. */
  attachments?: Attachment[];
  suggestedActions?: { actions: SuggestedAction[] };
  /** An activity id of the same session that this one answers or edits. Quoted on a platform only when someone chose to. */
  replyToId?: string;
  /** Payload of an `event`. */
  value?: unknown;
  /** The platform's own payload; only its own adapter reads it. */
  channelData?: unknown;
}

/** One entry of a session's log. */
export interface Activity extends ActivityContent {
  type: ActivityType;
  /** `<session id>.<seq>`: opaque to clients. */
  id: string;
  /** ISO 8601, UTC: when the server stored it. */
  timestamp: string;
  /** The channel *type*, as in the Bot Framework: `web`, `line`. */
  channelId: string;
  from: Participant;
  conversation: { id: string };
  recipient?: Participant;
  /** Name of an `event`. */
  name?: string;
  /** Addition: position in the session's log, from 1, without gaps (over all audiences). */
  seq: number;
  /** Addition: the configured channel's id. */
  channel: string;
  /** Addition: the sender's own id for this activity, unique for that sender. */
  clientId?: string;
  /** Addition: the platform's id, unique in its channel. */
  externalId?: string;
  /** Addition: who may see it. */
  audience: Audience;
  /** Addition: content taken away (unsent, retention, erasure): when and why. */
  redacted?: { at: string; reason: string };
}

/** An activity before it is stored: the store adds id, seq, conversation, channel and channelId. */
export interface DraftActivity extends ActivityContent {
  type: ActivityType;
  name?: string;
  from: Participant;
  audience: Audience;
  clientId?: string;
  externalId?: string;
}

/**
 * An activity on its way to one kind of reader. `prev` is the seq of the previous activity this reader may
 * see (0 before the first): apply it only when `prev` is what you have, else read `after=`.
 */
export interface Sequenced {
  activity: Activity;
  prev: number;
}

/** How far one participant has got in a session: watermarks, only forward. */
export interface Receipt {
  sessionId: string;
  participant: Participant;
  delivered: number;
  read: number;
}

/** A page of a session's log for one reader. */
export interface ActivityPage {
  items: Sequenced[];
  /** The log is complete for this reader up to here (seq over all audiences). */
  upto: number;
  receipts: Receipt[];
  /** Staff only: how far the page's messages have got on their way to the platform. */
  deliveries?: DeliveryView[];
}

/** How far one activity has got on its way to a platform. */
export interface DeliveryView {
  seq: number;
  /** The least of its parts; only forward, in the order of DESIGN: queued, sending, unconfirmed, sent, failed, delivered, read. */
  state: 'queued' | 'sending' | 'unconfirmed' | 'sent' | 'failed' | 'delivered' | 'read';
  /** Why it waits or failed, in plain English. */
  reason?: { kind: string; code?: string; text: string };
}
