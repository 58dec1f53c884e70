import type { Audience } from '../../adapters/contract/index.ts';

export type MediaState = 'pending' | 'ready' | 'failed' | 'expired' | 'quarantined';

/** Whose a file was: a visitor's, an account's, or one of a channel's customers, `channel:<id>`, fetched from its platform. */
export type UploaderKey = `visitor:${string}` | `account:${string}` | `channel:${string}`;

/**
 * Who will use a signed address: a visitor, an account, or the platform of a channel, `platform:<channel id>`, which
 * fetches what is sent to its customers.
 */
export type ReaderKey = UploaderKey | `platform:${string}`;

/** Who uploads now, and what they may. */
export interface UploadOwner {
  tenantId: string;
  channelId: string | null;
  uploader: UploaderKey;
  /** Bytes. */
  maxBytes: number;
  /** MIME types allowed; `*` and `image/*` too. */
  types: readonly string[];
}

/** A stored file. Bytes lie under their hash; several records may share them. Times in ms since the epoch. */
export interface Media {
  id: string;
  tenantId: string;
  channelId: string | null;
  uploader: string;
  /** The session it belongs to, once an activity linked it; before that only its uploader has it. */
  sessionId: string | null;
  /** Who of the session may have it: as the activity that linked it. */
  audience: Audience;
  /** Sanitised, safe in a header and on a disk. */
  name: string;
  /** From the bytes. */
  contentType: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the stored bytes, hex; null while pending or failed. */
  hash: string | null;
  thumbnailHash: string | null;
  width: number | null;
  height: number | null;
  state: MediaState;
  hint: string | null;
  createdAt: number;
  expiresAt: number | null;
}
