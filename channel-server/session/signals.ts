import type { Participant, Receipt } from '../../adapters/contract/index.ts';
import type { StoredActivity } from './changes.ts';

/**
 * Wake-ups after commit. Losing one loses nothing: every subscriber finds its work in rows, at start and by
 * a sweep; clients find theirs by `after=SEQ`.
 */
export type Signal =
  /** An activity was stored. `connectionId`: the sender's connection, which has its acknowledgement. */
  | { kind: 'activity'; stored: StoredActivity; conversation: string; channelId: string; connectionId?: string }
  /** A session's state, agent, page or position changed. */
  | { kind: 'session'; tenantId: string; sessionId: string }
  | { kind: 'receipt'; tenantId: string; receipt: Receipt }
  | {
      kind: 'typing';
      tenantId: string;
      sessionId: string;
      from: Participant;
      typing: boolean;
      connectionId?: string;
    }
  /** A session waits in a queue, or left it: positions change and routing may have work. */
  | { kind: 'queue'; tenantId: string; queueId: string }
  /** An agent's state, capacity, load or skills changed. */
  | { kind: 'agent'; tenantId: string; accountId: string }
  /** An offer was made, or ended. */
  | { kind: 'offer'; tenantId: string; offerId: string; accountId: string; sessionId: string }
  /** A message got on, or not, on its way to its platform. */
  | { kind: 'delivery'; tenantId: string; channelId: string; sessionId: string; deliveryId: string }
  /** A conversation of this channel has something to be sent. */
  | { kind: 'outbox'; channelId: string; conversation: string }
  /** How a channel is has changed. */
  | { kind: 'channel-status'; tenantId: string; channelId: string }
  | { kind: 'media'; tenantId: string; sessionId: string | null; mediaId: string }
  /** Accounts, queues or channels were changed. */
  | { kind: 'configuration'; tenantId: string }
  /** Tokens of this account or visitor are dead now: end their connections. */
  | { kind: 'revoked'; tenantId: string; principal: { kind: 'account' | 'visitor'; id: string } };

export interface Signals {
  publish(signal: Signal): void;
  /** The answer unsubscribes. A throwing subscriber never disturbs others. */
  subscribe(receive: (signal: Signal) => void): () => void;
}
