/** The wire format, both ways: see README.md. */

/** Names of the headers of a signed request. */
export const headers = { time: 'foyer-timestamp', signature: 'foyer-signature', key: 'idempotency-key' } as const;

/** A signature is refused when it is older, or further ahead, than this: ms. */
export const largestSkew = 5 * 60_000;

export const limits = {
  /** Of a request to us, bytes. */
  body: 1_000_000,
  /** Of a message, UTF-16 code units. */
  text: 10_000,
  quickReplies: 10,
  quickReplyTitle: 40,
} as const;

/** What we send: one of these as the body of a request. */
export type Request =
  | {
      type: 'message';
      conversation: string;
      text?: string;
      from?: string;
      files?: { url: string; type: string; name?: string }[];
      replies?: { title: string; value: string }[];
      quotes?: string;
    }
  | { type: 'reaction'; conversation: string; message: string; added: string[]; removed: string[] }
  | { type: 'deletion'; conversation: string; message: string }
  | { type: 'typing'; conversation: string; typing: boolean }
  | { type: 'read'; conversation: string; messages: readonly string[] }
  | { type: 'test' };

/** What `Conversation.address` holds. */
export interface Address {
  conversation: string;
}
