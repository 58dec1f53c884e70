export type OfferState = 'ringing' | 'accepted' | 'declined' | 'missed' | 'withdrawn';

/** A session ringing at one agent. At most one ringing offer per session. Times in ms since the epoch. */
export interface Offer {
  id: string;
  tenantId: string;
  sessionId: string;
  queueId: string;
  agentId: string;
  /** `transfer`: another agent asks; the session stays with `fromAgentId` until accepted. */
  kind: 'queue' | 'transfer';
  fromAgentId: string | null;
  state: OfferState;
  madeAt: number;
  expiresAt: number;
  endedAt: number | null;
  reason: string | null;
}
