/** Stable codes an adapter may answer with. */
export type ChannelErrorCode =
  | 'CHANNEL_UNKNOWN'
  | 'CHANNEL_DISABLED'
  | 'CHANNEL_ORIGIN_REFUSED'
  | 'CHANNEL_TOKEN_INVALID'
  | 'CHANNEL_IDENTITY_INVALID'
  | 'CHANNEL_EVENT_UNKNOWN'
  | 'CHANNEL_EVENT_INVALID'
  | 'CHANNEL_EVENT_TOO_LARGE'
  | 'CHANNEL_RATE_LIMITED'
  | 'CHANNEL_SETTINGS_INVALID'
  | 'CHANNEL_PAYLOAD_INVALID';

/** Something a channel refuses. `message` is safe to show to the other side: no secrets, no stack. */
export class ChannelError extends Error {
  readonly code: ChannelErrorCode;
  readonly retryable: boolean;
  /** Milliseconds to wait before trying again, when known. */
  readonly retryAfter: number | undefined;

  constructor(code: ChannelErrorCode, message: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ChannelError';
    this.code = code;
    this.retryable = code === 'CHANNEL_RATE_LIMITED';
    this.retryAfter = options.retryAfter;
  }
}
