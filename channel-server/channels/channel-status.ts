import type { ChannelReport } from '../../adapters/contract/index.ts';

/** How a channel is, for the channels page. One row a channel. */
export interface ChannelStatus {
  channelId: string;
  tenantId: string;
  /** What its connection reported; null: it has none, or has not said. */
  report: ChannelReport | null;
  /** `closed`: sends as usual. `open`: paused until `pausedUntil` because too much failed. `stopped`: until somebody looks. */
  circuit: 'closed' | 'open' | 'stopped';
  pausedUntil: number | null;
  /** The last thing that went wrong, in plain words without secrets, and when. */
  problem: string | null;
  problemAt: number | null;
  /** When the platform last reached us, and we it. */
  heardAt: number | null;
  sentAt: number | null;
  /** Deliveries that could not be used: for no account of ours, unreadable. */
  dropped: number;
}

/** A token or rotated credential of a channel, sealed. Primary key: channel and name. */
export interface KeptCredential {
  channelId: string;
  name: string;
  /** SHA-256 of what it was made from. */
  seed: string;
  /** Sealed JSON of a KeptToken. */
  value: unknown;
  expiresAt: number | null;
  /** Who makes a new one, until then. */
  leaseUntil: number | null;
}

/** A file of a customer that is still to be fetched. Its id is the medium's. */
export interface MediaFetch {
  id: string;
  tenantId: string;
  channelId: string;
  sessionId: string;
  /** What the client's `fetch` needs. */
  reference: unknown;
  attempts: number;
  dueAt: number;
  leaseUntil: number | null;
  createdAt: number;
}
