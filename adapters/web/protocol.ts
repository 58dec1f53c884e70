/**
 * The web channel's wire protocol, version 1: constants and types, shared by the adapter and the widget.
 * `PROTOCOL.md` explains it. Transport: socket.io 4 (WebSocket), namespace `/customer`.
 */
import type {
  ActivityPage,
  CustomerSession,
  MediaAddress,
  MediaLink,
  PageContext,
  Participant,
  Receipt,
  Sequenced,
} from '../contract/index.ts';

export const protocolVersion = 1;
export const namespace = '/customer';

/** Limits of one event; over-large events answer `CHANNEL_EVENT_TOO_LARGE` and are not stored. */
export const limits = {
  /** Bytes of one event's JSON, UTF-8. */
  eventBytes: 100_000,
  /** Bytes of one frame; a larger one closes the connection. */
  frameBytes: 1_000_000,
  /** UTF-16 code units of a message's text. */
  text: 10_000,
  attachments: 10,
  clientId: 64,
  /** Activities in one `activities:read` answer. */
  pageSize: 200,
} as const;

/**
 * Sent as socket.io `auth` when connecting. A refused handshake answers socket.io's `connect_error`, whose
 * `data` is a {@link Refusal}; `CHANNEL_TOKEN_INVALID` means: forget the token and connect without one.
 */
export interface Handshake {
  version: typeof protocolVersion;
  channel: string;
  /** The token of an earlier `hello`; absent on a first visit. */
  token?: string;
  /** A signed identity (JWT) made by the company's own server. */
  identity?: string;
  /** Session id → seq up to which this page is complete. */
  cursor?: Record<string, number>;
  page?: PageContext;
}

/** First frame of every connection. */
export interface Hello {
  version: typeof protocolVersion;
  visitor: { id: string; token: string; fresh: boolean; subject?: string };
  /** This visitor's sessions, newest last, at most 20. */
  sessions: CustomerSession[];
  /** What this page lacks, per session: the newest session, and those of the cursor. */
  pages: Record<string, ActivityPage>;
  settings: WidgetSettings;
}

/** What the channel's administrator set for the widget. */
export interface WidgetSettings {
  name: string;
  greeting?: string;
  accent?: string;
  maxUploadBytes: number;
  /** MIME types that may be sent; `*` and `image/*` allowed. */
  uploadTypes: string[];
}

/** Customer → server. Every request is acknowledged with its answer or a `Refusal`. */
export interface Requests {
  'message:send': { request: SendMessage; answer: MessageSent };
  'activities:read': {
    request: { session: string; after: number; limit?: number };
    answer: { ok: true } & ActivityPage;
  };
  'session:resume': {
    request: { cursor: Record<string, number> };
    answer: { ok: true; sessions: CustomerSession[]; pages: Record<string, ActivityPage> };
  };
  'receipt:send': { request: { session: string; delivered?: number; read?: number }; answer: { ok: true } };
  'typing:send': { request: { session: string; typing: boolean }; answer: { ok: true } };
  'page:send': { request: PageContext; answer: { ok: true } };
  'identity:send': { request: { token: string }; answer: { ok: true; visitor: Hello['visitor'] } };
  'identity:describe': {
    request: { name?: string; email?: string; phone?: string };
    answer: { ok: true };
  };
  'visitor:logout': { request: Record<string, never>; answer: { ok: true } };
  'session:close': { request: { session: string }; answer: { ok: true; session: CustomerSession } };
  'session:rate': { request: { session: string; score: number; comment?: string }; answer: { ok: true } };
  'media:resolve': { request: { ids: string[] }; answer: { ok: true; media: MediaAddress[] } };
}
export type RequestName = keyof Requests;

export interface SendMessage {
  /** The page's own id for this message: makes sending it again harmless. 1–64 characters of `A–Z a–z 0–9 _ -`. */
  clientId: string;
  text?: string;
  /** Uploaded media by `media:<id>`; type, size and name come from the server's own record. */
  attachments?: MediaLink[];
  replyToId?: string;
  page?: PageContext;
}

export interface MessageSent {
  ok: true;
  /** The stored activity with its `prev`. */
  activity: Sequenced['activity'];
  prev: number;
  /** When the message began, woke or reopened its session, or was a repeat; else it is as the page knows it. */
  session?: CustomerSession;
}

/** A request that was not done, and whether sending it again can help. */
export interface Refusal {
  ok: false;
  error: {
    code: string;
    message: string;
    retryable: boolean;
    /** Milliseconds to wait first, when known. */
    retryAfter?: number;
  };
}

/** Server → customer: facts. Hints only: what is missed is read with `after`. */
export interface Facts {
  hello: Hello;
  'activity:added': Sequenced;
  'receipt:advanced': Receipt;
  'typing:changed': { session: string; from: Participant; typing: boolean };
  'session:changed': CustomerSession;
  'media:changed': { session: string; media: MediaAddress };
  /** The connection ends on purpose; do not reconnect with this token when `logged-out`. */
  ended: { reason: 'logged-out' | 'signed-in' | 'channel-disabled' | 'shutting-down' };
}
export type FactName = keyof Facts;
