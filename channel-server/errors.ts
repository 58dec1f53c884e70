/** Stable codes of everything the server refuses or cannot do. REST answers them as problem+json. */
const statusByCode = {
  ACCESS_DENIED: 403,
  ACCESS_NOT_SIGNED_IN: 401,
  ACCESS_SIGN_IN_FAILED: 401,
  ACCESS_THROTTLED: 429,
  ACCESS_PASSWORD_WEAK: 422,
  ACCESS_PASSWORD_MUST_CHANGE: 403,
  CHANNEL_NOT_FOUND: 404,
  CHANNEL_REFUSES: 422,
  CHANNEL_SETTINGS_INVALID: 422,
  CONFIG_INVALID: 422,
  CONFIG_DECLARED: 409,
  INTERNAL: 500,
  MEDIA_NOT_FOUND: 404,
  MEDIA_TOO_LARGE: 413,
  MEDIA_QUOTA_EXCEEDED: 507,
  MEDIA_TYPE_REFUSED: 415,
  MEDIA_NOT_READY: 409,
  NOT_FOUND: 404,
  REQUEST_INVALID: 400,
  REQUEST_CONFLICT: 409,
  REQUEST_REUSED_KEY: 422,
  ROUTING_ALREADY_ASSIGNED: 409,
  ROUTING_NO_OFFER: 409,
  ROUTING_AT_CAPACITY: 409,
  ROUTING_AGENT_UNAVAILABLE: 409,
  ROUTING_QUEUE_NOT_FOUND: 404,
  ROUTING_AGENT_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  SESSION_CLOSED: 409,
  SESSION_CHANGED: 409,
  SESSION_NOT_YOURS: 403,
  STORAGE_BUSY: 503,
  STORAGE_NEWER: 500,
  STORAGE_LOCKED: 500,
  STORAGE_UNAVAILABLE: 503,
  STORAGE_FULL: 507,
} as const;

export type FoyerErrorCode = keyof typeof statusByCode;

/**
 * What the server refuses or cannot do. `message` is safe to show: it says what is wrong and what to do,
 * and never holds secrets or message bodies. `details` may be shown too.
 */
export class FoyerError extends Error {
  readonly code: FoyerErrorCode;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly details: Record<string, unknown> | undefined;
  /** Milliseconds to wait before trying again, when known. */
  readonly retryAfter: number | undefined;

  constructor(
    code: FoyerErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown>; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'FoyerError';
    this.code = code;
    this.retryable = code === 'STORAGE_BUSY' || code === 'STORAGE_UNAVAILABLE' || code === 'ACCESS_THROTTLED';
    this.details = options.details;
    this.retryAfter = options.retryAfter;
  }

  /** The HTTP status this error answers with. */
  get status(): number {
    return statusByCode[this.code];
  }
}

/** The one answer for what does not exist and for what the asker may not know of. */
export function notFound(what: 'session' | 'media' | 'channel' | 'queue' | 'agent' | 'page'): FoyerError {
  const codes = {
    session: 'SESSION_NOT_FOUND',
    media: 'MEDIA_NOT_FOUND',
    channel: 'CHANNEL_NOT_FOUND',
    queue: 'ROUTING_QUEUE_NOT_FOUND',
    agent: 'ROUTING_AGENT_NOT_FOUND',
    page: 'NOT_FOUND',
  } as const;
  return new FoyerError(codes[what], `There is no such ${what}.`);
}
