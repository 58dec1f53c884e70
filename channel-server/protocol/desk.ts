/**
 * The desk's wire protocol: what staff elements and the server say over socket.io namespace `/desk`.
 * Requests are always acknowledged with `{ok: true, …}` or `{ok: false, error}`.
 */
import type {
  Activity,
  ActivityContent,
  ActivityPage,
  Attachment,
  Capabilities,
  ConversationClosed,
  DeliveryView,
  Loss,
  MediaAddress,
  MediaLink,
  PageContext,
  Participant,
  Receipt,
  Sequenced,
  SessionState,
} from '../../adapters/contract/index.ts';

export const deskNamespace = '/desk';

/**
 * Sent as socket.io `auth`: a fresh access token at every (re)connection. A refused one answers `connect_error`,
 * whose `data` is a {@link DeskRefusal} with the error's fields beside it.
 */
export interface DeskHandshake {
  accessToken: string;
}

export type AgentStateName = 'offline' | 'idle' | 'busy' | 'away' | 'wrap-up';

export interface AgentView {
  id: string;
  name: string;
  state: AgentStateName;
  reason: string | null;
  /** ISO 8601. */
  since: string;
  /** Slots in use and in all. */
  load: number;
  capacity: number;
  queues: string[];
  /** No desk of this agent is connected. */
  lost: boolean;
}

export interface QueueView {
  id: string;
  name: string;
  waiting: number;
  picking: boolean;
}

export interface OfferView {
  id: string;
  sessionId: string;
  queueId: string;
  kind: 'queue' | 'transfer';
  from?: { id: string; name: string };
  note?: string;
  madeAt: string;
  expiresAt: string;
  session: SessionView;
}

export interface CustomerView {
  id: string;
  /** As signed by the company, or typed by the person, or undefined. */
  name?: string;
  /** Whether a signature proves name and contact facts. */
  signed: boolean;
  email?: string;
  phone?: string;
  attributes: Record<string, string | number | boolean>;
}

/** A channel as the composer needs to know it. Once per channel, not per session. */
export interface ChannelView {
  id: string;
  type: string;
  name: string;
  /** Whether messages go out to a platform: else the customer reads the log itself. */
  sends: boolean;
  /** Switched on, and its settings are valid. */
  running: boolean;
  capabilities: Capabilities;
}

/** What a platform says of writing to one customer. */
export interface ReachView {
  /** Until when (ISO 8601), and how many messages, may be written. Absent: as the channel's capabilities say. */
  window?: { until: string; left?: number };
  /** Nothing arrives there any more. */
  closed?: ConversationClosed;
}

/** A session as the desk lists it. */
export interface SessionView {
  id: string;
  state: SessionState;
  channel: { id: string; type: string; name: string };
  /** Of a platform's customer. */
  reach?: ReachView;
  queue: { id: string; name: string };
  agent?: { id: string; name: string };
  customer: CustomerView;
  page?: PageContext;
  priority: number;
  subject?: string;
  createdAt: string;
  queuedAt?: string;
  assignedAt?: string;
  parkedAt?: string;
  closedAt?: string;
  closeReason?: string;
  /** Since when the customer waits for an answer. */
  waitingSince?: string;
  /** The customer's page is gone since. */
  goneSince?: string;
  lastSeq: number;
  /** The newest message, shortened to 140 characters, for the list. */
  preview?: { text: string; from: Participant; at: string };
  /** Messages of the customer this agent has not read. */
  unread: number;
  /** What this reader may do now. */
  may: { write: boolean; note: boolean; accept: boolean; transfer: boolean; close: boolean };
}

/** The whole truth of a desk at one moment. A later `version` replaces an earlier one. */
export interface DeskSnapshot {
  version: number;
  /** Server time, ISO 8601, to correct the page's clock by. */
  now: string;
  me: AgentView & { role: 'administrator' | 'supervisor' | 'agent' };
  queues: QueueView[];
  /** Colleagues of the same queues: whom one can transfer to. */
  agents: AgentView[];
  offers: OfferView[];
  sessions: SessionView[];
  channels: ChannelView[];
}

/** What one attaches: an upload by its address; a card or a filled-in template by what it says. */
export type AttachmentDraft = MediaLink | Required<Pick<Attachment, 'contentType' | 'content'>>;

export interface DeskRequests {
  'desk:resume': {
    /** Session id → seq up to which this desk is complete. */
    request: { sessions: Record<string, number> };
    answer: { ok: true; snapshot: DeskSnapshot; pages: Record<string, ActivityPage> };
  };
  'activities:read': {
    request: { session: string; after: number; limit?: number };
    answer: { ok: true } & ActivityPage;
  };
  'message:send': {
    request: {
      session: string;
      clientId: string;
      text?: string;
      attachments?: AttachmentDraft[];
      suggestedActions?: NonNullable<ActivityContent['suggestedActions']>;
      replyToId?: string;
      /** `staff` for a note. */
      audience?: 'all' | 'staff';
    };
    answer: { ok: true; activity: Activity; prev: number };
  };
  'receipt:send': { request: { session: string; delivered?: number; read?: number }; answer: { ok: true } };
  'typing:send': { request: { session: string; typing: boolean }; answer: { ok: true } };
  'state:set': { request: { state: 'idle' | 'busy' | 'away' | 'offline'; reason?: string }; answer: { ok: true } };
  'offer:accept': { request: { session: string }; answer: { ok: true; session: SessionView } };
  'offer:decline': { request: { session: string; reason?: string }; answer: { ok: true } };
  'session:transfer': {
    request: { session: string; agent?: string; queue?: string; note?: string };
    answer: { ok: true };
  };
  'session:close': { request: { session: string; reason: string }; answer: { ok: true } };
  'media:resolve': { request: { ids: string[] }; answer: { ok: true; media: MediaAddress[] } };
}

export interface DeskRefusal {
  ok: false;
  error: {
    code: string;
    message: string;
    retryable: boolean;
    retryAfter?: number;
    /** What the channel cannot carry, with CHANNEL_REFUSES. */
    losses?: Loss[];
  };
}

/** Server → desk: facts after the event. */
export interface DeskFacts {
  /** Activities stored together, in the order stored; those of one session in the order of their `seq`. */
  'activities:added': { items: Sequenced[] };
  'receipt:advanced': Receipt;
  'typing:changed': { session: string; from: Participant; typing: boolean };
  /** A session this desk may see was added or changed. */
  'session:changed': SessionView;
  /** This desk may no longer see it, or it left the list. */
  'session:removed': { session: string };
  'offer:made': OfferView;
  'offer:ended': { offer: string; session: string; state: 'accepted' | 'declined' | 'missed' | 'withdrawn' };
  'agent:changed': AgentView;
  'queue:changed': QueueView;
  'media:changed': { session: string; media: MediaAddress };
  /** Channels were added, changed or removed: all of them, as they are now. */
  'channels:changed': { channels: ChannelView[] };
  /** The platform lets us write longer, or less, or not at all. */
  'reach:changed': { session: string; reach: ReachView };
  /** How far a message has got on its way to its platform. */
  'delivery:changed': { session: string; delivery: DeliveryView };
  /** Signed out elsewhere, disabled, demoted: sign in again. */
  'access:revoked': { reason: string };
}
