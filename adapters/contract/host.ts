import type { Inbound } from './inbound.ts';
import type { Clock, Log } from './runtime.ts';

/** What the server gives to a channel's client: all it may use of the world. */
export interface AdapterHost<Settings = unknown> {
  readonly channel: { id: string; tenantId: string; type: string; name: string; settings: Settings };
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: HostFetch;
  readonly tokens: TokenCache;
  readonly media: HostMedia;
  /** A folder of this channel alone, for what a library insists on keeping in files. Made when asked for. */
  folder(): Promise<string>;
  /** Store what a connection of our own (not a webhook) heard. Resolves after commit: confirm to the platform then. */
  receive(items: Inbound[]): Promise<void>;
  /** Tell how the channel is. Shown on the channels page; replaces what was told before. */
  report(state: ChannelReport): void;
}

/**
 * `fetch` for platforms. Refuses private, mapped and link-local addresses, also behind names and redirects (only the
 * origin of the setting `apiBaseUrl` is admitted besides, and stands in for every platform host: path kept). Redirects
 * to another host lose Authorization and cookies. Rejects with {@link FetchFailure}.
 */
export type HostFetch = (url: string, options?: HostFetchOptions) => Promise<HostResponse>;

export interface HostFetchOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Text is sent as UTF-8. A stream is sent once: redirects and repeats are refused. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array> | FormData;
  /** For the whole request to the last byte of its answer, ms. Default 10,000. */
  timeout?: number;
  /** Largest answer, bytes. Default 1,000,000; a larger one rejects with `too-large`. */
  maxBytes?: number;
  /** Default `follow` (at most 5). */
  redirect?: 'follow' | 'refuse';
  signal?: AbortSignal;
}

export interface HostResponse {
  status: number;
  ok: boolean;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  text(): Promise<string>;
  /** Undefined when it is no JSON. */
  json(): Promise<unknown>;
  bytes(): Promise<Uint8Array>;
  /** For large answers; still bounded by `maxBytes` and `timeout`. */
  stream(): AsyncIterable<Uint8Array>;
}

/** Why there is no answer. */
export class FetchFailure extends Error {
  /**
   * `not-sent`: nothing reached the other side (name unknown, connection refused, TLS failed), safe to repeat.
   * `no-answer`: the request may have been taken. `refused-address`: the guard. `too-large`: the answer.
   */
  readonly kind: 'not-sent' | 'no-answer' | 'refused-address' | 'too-large';
  constructor(kind: FetchFailure['kind'], message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'FetchFailure';
    this.kind = kind;
  }
}

/** Access tokens and rotated credentials: encrypted at rest, shared by all nodes, made by one at a time. */
export interface TokenCache {
  /**
   * The token called `name`, made by `make` when there is none or it ends within a minute. `seed`: what it was made
   * from (declared credentials); when that changes, what was kept is forgotten. `make` gets what was kept before.
   */
  get(name: string, seed: string, make: (before: KeptToken | undefined) => Promise<KeptToken>): Promise<KeptToken>;
  /** The platform refused this value: the next `get` makes a new one, unless another already did. */
  spoil(name: string, value: string): Promise<void>;
}

export interface KeptToken {
  value: string;
  /** ms since the epoch; absent: never. */
  expiresAt?: number;
  /** Kept beside it: a refresh token. */
  refresh?: string;
}

/** Files of messages on their way out. */
export interface HostMedia {
  /** Bytes of a medium in the form asked for. Rejects when they are gone or cannot be brought into that form. */
  open(mediaId: string, form?: { contentType: string; maxBytes?: number }): Promise<HostFile>;
}

export interface HostFile {
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  stream(): AsyncIterable<Uint8Array>;
}

export interface ChannelReport {
  state: 'starting' | 'connected' | 'waiting-for-login' | 'disconnected' | 'failed';
  /** In plain English: what is wrong and what to do. */
  detail?: string;
  /** Text of a QR code to be scanned, while the state is `waiting-for-login`. */
  qr?: string;
}
