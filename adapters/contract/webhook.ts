import type { Inbound } from './inbound.ts';

/** One HTTP request of a platform, as it came: nothing parsed, nothing decoded. */
export interface WebhookRequest {
  method: string;
  /** What follows `/webhooks/<channel>`: empty, or `/InboundMessageNotification/…`. */
  path: string;
  /** In the order they came; names as sent. */
  query: URLSearchParams;
  /** Names in lower case; repeated ones joined as HTTP says. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

export interface WebhookResponse {
  status: number;
  /** Default `text/plain; charset=utf-8`. */
  contentType?: string;
  /** Further headers that the platform expects. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** What the raw request is. */
export type WebhookVerdict =
  /** Not from the platform, or not for this channel: nothing is stored. `reason` is logged, never answered. */
  | { kind: 'refused'; status: 400 | 401 | 403 | 405; reason: string }
  /** A challenge, or something that needs an answer and nothing else. */
  | { kind: 'answered'; response: WebhookResponse }
  /** Genuine: `payload` is decoded and stored, then `response` is sent. */
  | { kind: 'delivery'; payload: unknown; response: WebhookResponse };

/** A platform that calls us. */
export interface WebhookAdapter<Settings = unknown> {
  /** Largest body, bytes. Larger ones are refused with 413 before they are read. */
  readonly maxBytes: number;
  /**
   * Verify the raw bytes (signature in constant time, age where the platform signs one) and answer the platform's
   * challenge; nothing more. Must not throw: bytes that are not what they should be are `refused`.
   * `now`: ms since the epoch.
   */
  verify(request: WebhookRequest, settings: Settings, now: number): WebhookVerdict;
  /**
   * What a verified payload says. Pure, bounded in time and memory by `maxBytes`. Throws {@link ChannelError}
   * CHANNEL_PAYLOAD_INVALID only when nothing of it can be read.
   */
  decode(payload: unknown, settings: Settings): Inbound[];
  /**
   * A greeting that travels in the answer to the platform (WeChat's passive reply), for the first message of a
   * session that just began. It is stored with that message. Undefined: no greeting.
   */
  greet?(payload: unknown, settings: Settings, now: number): { text: string; response: WebhookResponse } | undefined;
}
