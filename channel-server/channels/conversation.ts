import type { ConversationClosed } from '../../adapters/contract/index.ts';

/** Where and when a platform's conversation can be written to, and whether somebody is writing there now. */
export interface ConversationRecord {
  channelId: string;
  /** Key of the conversation in its channel: what sessions name. With the channel, its primary key. */
  id: string;
  tenantId: string;
  /** The adapter's conversation reference. */
  address: unknown;
  /** The platform's id of the person (in a group: who wrote last). */
  personId: string;
  /** The messaging window ends then, ms since the epoch; null: there is none. */
  windowUntil: number | null;
  /** Messages left in the window; null: as many as one likes. */
  windowLeft: number | null;
  closed: ConversationClosed | null;
  /** When the customer last did something, ms since the epoch. */
  heardAt: number | null;
  /** The outbox has something to do here, not before then; null: nothing. */
  dueAt: number | null;
  /** A worker has it until then; null: nobody. */
  leaseUntil: number | null;
  leaseOwner: string | null;
}
