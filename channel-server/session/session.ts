import type { PageContext, SessionState } from '../../adapters/contract/index.ts';

export type { SessionState } from '../../adapters/contract/index.ts';

/** Kinds of media in use in a session. */
export type SessionMedia = 'chat' | 'voice' | 'video' | 'screen';

export const closeReasons = [
  'resolved',
  'customer-left',
  'abandoned',
  'inactive',
  'spam',
  'other',
  'channel-removed',
] as const;
export type CloseReason = (typeof closeReasons)[number];

/** One conversation with one customer through one channel, from first message to closing. All times are ms since the epoch. */
export interface Session {
  id: string;
  tenantId: string;
  channelId: string;
  channelType: string;
  identityId: string;
  /** The conversation in its channel (visitor or subject on the web): at most one non-closed session each. */
  conversation: string;
  queueId: string;
  /** The agent who has it: while active and parked. */
  agentId: string | null;
  /** The agent to prefer when it is queued (transfer back, reopened, last agent). */
  preferredAgentId: string | null;
  media: SessionMedia[];
  /** Higher is served first. */
  priority: number;
  subject: string | null;
  locale: string | null;
  page: PageContext | null;
  state: SessionState;
  /** seq of the newest activity; gapless from 1. */
  lastSeq: number;
  /** seq of the newest activity of audience `all`. */
  lastPublicSeq: number;
  /** When the customer / an agent last wrote a message. */
  lastCustomerAt: number | null;
  lastAgentAt: number | null;
  /** Since when the customer waits for an answer: set by a customer's message, cleared by an agent's. */
  waitingSince: number | null;
  /** `live` channels: since when no page of the customer is connected. */
  goneSince: number | null;
  createdAt: number;
  /** When it first entered a queue: kept through requeue, so that it stays in front. */
  queuedAt: number | null;
  assignedAt: number | null;
  parkedAt: number | null;
  closedAt: number | null;
  closeReason: CloseReason | null;
  /** Who closed it: `visitor`, `system` or an account id. */
  closedBy: string | null;
}

/** A company person's part in a session: grounds for the right to read it. */
export interface SessionParticipant {
  sessionId: string;
  accountId: string;
  /** `agent` has or had it; `invited` was asked in; `offered` holds or held its offer. */
  role: 'agent' | 'invited' | 'offered';
  joinedAt: number;
  leftAt: number | null;
}

export const openStates = ['open', 'queued', 'offered', 'active', 'parked'] as const satisfies readonly SessionState[];
