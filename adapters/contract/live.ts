import type { ActivityContent, ActivityPage, Participant, Receipt, Sequenced } from './activity.ts';
import type { Clock, Log } from './runtime.ts';

/** What a customer's page sent when it connected. `auth` is unchecked. */
export interface LiveHandshake {
  /** Names this connection on this node; passed back with `append` so that it gets no echo of its own message. */
  id: string;
  auth: unknown;
  /** The Origin header, or undefined when there was none. */
  origin: string | undefined;
  /** The client's address after trusted proxies. */
  address: string;
  userAgent: string | undefined;
}

/** A visitor of a live channel. `id` is made by the server, never by the client. */
export interface Visitor {
  id: string;
  tenantId: string;
  channelId: string;
  /** The signed-in subject (a verified JWT's `sub`), when there is one. */
  subject?: string;
}

/** A visitor with the token that proves it; the client keeps the token and presents it on return. */
export interface VisitorGrant {
  visitor: Visitor;
  token: string;
  /** Whether the visitor was made just now. */
  fresh: boolean;
}

/** Facts from a verified identity token. Signed fields beat typed ones. */
export interface SignedIdentity {
  subject: string;
  name?: string;
  email?: string;
  phone?: string;
  /** Whatever else the company signed; at most 50 scalar values. */
  attributes?: Record<string, string | number | boolean>;
  /** End of validity, ms since the epoch. */
  expiresAt: number;
}

/** Fields a visitor typed: shown as such, proof of nothing. */
export interface TypedIdentity {
  name?: string;
  email?: string;
  phone?: string;
}

/** Where the visitor is on the company's site, and in what. */
export interface PageContext {
  url: string;
  title?: string;
  referrer?: string;
  locale?: string;
  userAgent?: string;
}

export type SessionState = 'open' | 'queued' | 'offered' | 'active' | 'parked' | 'closed';

/** A session as its customer may see it. */
export interface CustomerSession {
  id: string;
  state: SessionState;
  createdAt: string;
  closedAt?: string;
  closeReason?: string;
  /** The agent who has it, by display name. */
  agent?: { id: string; name: string };
  /** How many sessions wait before this one, plus one; only while waiting. */
  position?: number;
  /** The seq of the last activity the customer may see. */
  lastSeq: number;
}

/** What a returning customer lacks. */
export interface Resumption {
  /** This customer's sessions, newest last; at most 20. */
  sessions: CustomerSession[];
  /** Log pages: of the newest session, and of every session in the cursor. */
  pages: Record<string, ActivityPage>;
  /** Who is typing is not stored: a page starts with nobody typing. */
}

/** Session id → seq up to which the client is complete. */
export type Cursor = Record<string, number>;

export interface Appended {
  /** The stored activity; for a repeat the one stored first. */
  stored: Sequenced;
  /** Absent when the message went into a session that its sender has and that is otherwise as it was. */
  session?: CustomerSession;
  repeated: boolean;
}

/** What a media id resolves to for one reader. */
export interface MediaAddress {
  id: string;
  state: 'pending' | 'ready' | 'failed' | 'expired' | 'quarantined';
  name: string;
  contentType: string;
  size: number;
  width?: number;
  height?: number;
  /** Signed, relative to the server's public address; absent unless ready. */
  url?: string;
  thumbnailUrl?: string;
  /** Why it is not there, in words for a person. */
  hint?: string;
  /** When the addresses stop working, ISO 8601. */
  expiresAt?: string;
}

/** What is told to a connected customer. Only hints: the log is the truth. */
export type LiveFact =
  | { kind: 'activity'; sequenced: Sequenced }
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'typing'; sessionId: string; from: Participant; typing: boolean }
  | { kind: 'session'; session: CustomerSession }
  | { kind: 'media'; sessionId: string; address: MediaAddress }
  | { kind: 'ended'; reason: 'logged-out' | 'signed-in' | 'channel-disabled' | 'shutting-down' };

export interface LiveFrame {
  event: string;
  payload: unknown;
}

/** One connected page. The adapter may keep what it needs in `state`. */
export interface LiveConnection {
  /** The handshake's id. */
  readonly id: string;
  /** May be replaced while handling an event (sign-in): the server then moves the connection. */
  visitor: Visitor;
  /** First frame, sent as soon as the connection stands. */
  greeting: LiveFrame;
  state: unknown;
}

/** What the server offers to a live adapter, per channel. Every call re-checks the visitor's right. */
export interface LiveHost<Settings = unknown> {
  readonly channel: { id: string; tenantId: string; type: string; name: string; settings: Settings };
  readonly clock: Clock;
  readonly log: Log;
  /**
   * The visitor a server-made token names, or a new visitor when there is none.
   * Throws CHANNEL_TOKEN_INVALID when the token is forged, expired, revoked or another channel's.
   */
  authenticate(token: string | undefined): Promise<VisitorGrant>;
  /** Bind the visitor to a verified subject. The answer's token replaces the old one. */
  identify(visitor: Visitor, identity: SignedIdentity): Promise<VisitorGrant>;
  /** Note what the visitor typed about themselves. */
  describe(visitor: Visitor, typed: TypedIdentity): Promise<void>;
  /** Revoke the visitor's token everywhere; its connections are ended. */
  logout(visitor: Visitor): Promise<void>;
  resume(visitor: Visitor, cursor: Cursor): Promise<Resumption>;
  /** One session's log after `after` (a seq), at most `limit` activities. Unknown or foreign: SESSION_NOT_FOUND. */
  read(visitor: Visitor, sessionId: string, after: number, limit: number): Promise<ActivityPage>;
  /** Store a customer's message; starts or reopens a session as needed. Resolves only after commit. */
  append(
    visitor: Visitor,
    message: ActivityContent & { type: 'message'; clientId: string; page?: PageContext },
    connectionId: string,
  ): Promise<Appended>;
  receipt(visitor: Visitor, sessionId: string, marks: { delivered?: number; read?: number }): Promise<void>;
  typing(visitor: Visitor, sessionId: string, typing: boolean): Promise<void>;
  /** The visitor's page changed. Kept with the open session only. */
  page(visitor: Visitor, page: PageContext): Promise<void>;
  /** The customer ends the session. */
  end(visitor: Visitor, sessionId: string): Promise<CustomerSession>;
  rate(visitor: Visitor, sessionId: string, rating: { score: number; comment?: string }): Promise<void>;
  media(visitor: Visitor, ids: string[]): Promise<MediaAddress[]>;
}
