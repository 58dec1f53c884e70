/** A limit always names its unit. */
export interface Limit {
  max: number;
  unit: 'bytes' | 'utf16' | 'graphemes';
}

/**
 * What a channel can carry. Drives what the server refuses, what the composer says before sending,
 * session life cycle, and the documentation's channel table.
 */
export interface Capabilities {
  text: Limit;
  attachments: {
    /** Most attachments in one message. */
    max: number;
    /** Largest file, in bytes. */
    maxBytes: number;
    /** MIME types, `image/*` or `*` allowed. */
    types: string[];
  };
  typing: { in: boolean; out: boolean };
  receipts: { delivered: boolean; read: boolean };
  /** `live`: the customer's page is connected or gone. `none`: nobody is ever gone. */
  presence: 'live' | 'none';
  /** How the channel's sessions rest and end; null switches a rule off. All in milliseconds. */
  lifecycle: {
    /** Answered and the customer silent this long: parked, no capacity used. */
    parkAfter: number | null;
    /** Closed when nobody has written for this long. */
    closeAfter: number | null;
    /** A customer's message this soon after closing reopens the same session. */
    reopenWithin: number;
    /** `live` only: gone this long while waiting closes the session as abandoned. */
    abandonAfter: number | null;
  };
}
