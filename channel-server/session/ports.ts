import type {
  ActivityContent,
  ActivityPage,
  Audience,
  Limit,
  Participant,
  Receipt,
} from '../../adapters/contract/index.ts';
import type { Change, StoredActivity } from './changes.ts';
import type { Session, SessionParticipant, SessionState } from './session.ts';
import type { Timer, TimerKind } from './timer.ts';

export type { Change, CommitResult, StoredActivity, UnitOfWork } from './changes.ts';
export type { Signal, Signals } from './signals.ts';

/** A page of records by cursor: `next` is absent on the last page. */
export interface Page<T> {
  items: T[];
  next?: string;
}

export interface SessionFilter {
  channelId?: string;
  states?: readonly SessionState[];
  customerId?: string;
  agentId?: string;
  queueIds?: readonly string[];
  /** Only sessions this account may read by being or having been a participant, or whose queue is in `queueIds` (an OR). */
  visibleTo?: { accountId: string; supervisedQueueIds: readonly string[] | 'all' };
}

export interface SessionRepository {
  session(tenantId: string, sessionId: string): Promise<Session | undefined>;
  sessions(tenantId: string, sessionIds: readonly string[]): Promise<Session[]>;
  /** The one non-closed session of a conversation. */
  openSession(tenantId: string, channelId: string, conversation: string): Promise<Session | undefined>;
  /** Sessions of these conversations, newest first. */
  sessionsOfConversations(
    tenantId: string,
    channelId: string,
    conversations: readonly string[],
    limit: number,
  ): Promise<Session[]>;
  /** By cursor, newest first. */
  list(tenantId: string, filter: SessionFilter, page: { limit: number; cursor?: string }): Promise<Page<Session>>;
  /** Every non-closed session of all tenants on channels of these types, for the sweep at start. */
  openSessionsOfChannels(channelIds: readonly string[]): Promise<Session[]>;
  participants(sessionId: string): Promise<SessionParticipant[]>;
  /** Activities with seq > after that `audience` may read (`staff` reads all), oldest first, with `upto`. */
  activities(
    tenantId: string,
    sessionId: string,
    audience: Audience,
    after: number,
    limit: number,
  ): Promise<ActivityPage>;
  /** The newest `limit` activities that `audience` may read, oldest first. */
  newestActivities(tenantId: string, sessionId: string, audience: Audience, limit: number): Promise<ActivityPage>;
  receipts(sessionId: string): Promise<Receipt[]>;
  /** The activity stored under a dedupe key, if any. */
  activityByKey(scope: string, key: string): Promise<StoredActivity | undefined>;
}

export interface TimerRepository {
  /** When the earliest free timer is due, ms since the epoch. */
  nextDue(): Promise<number | undefined>;
  /** Claim up to `limit` due timers for `leaseMs`; a claim that is not removed in time is free again. */
  claimDue(now: number, limit: number, leaseMs: number): Promise<Timer[]>;
}

/** What happens when a timer of a kind is due. Runs at least once; the handler removes or re-arms it in its own commit. */
export type TimerHandler = (timer: Timer) => Promise<void>;
export type TimerHandlers = Partial<Record<TimerKind, TimerHandler>>;

/** What the session folder must know of channels, given by `channels`. */
export interface ChannelFacts {
  lifecycle(channelId: string): SessionLifecycle | undefined;
  /** Longest text a message on the channel may have; undefined when the channel does not run. */
  textLimit(channelId: string): Limit | undefined;
}

export interface SessionLifecycle {
  presence: 'live' | 'none';
  queueId: string;
  parkAfter: number | null;
  closeAfter: number | null;
  reopenWithin: number;
  abandonAfter: number | null;
}

/** Messages that must be sent to a platform, given by `channels`. */
export interface Outgoing {
  /**
   * What a message of the company's people adds to its commit, right after its activity; undefined where nothing has to
   * be sent. Rejects with CHANNEL_REFUSES when the channel would not take it.
   */
  entry(
    session: Session,
    content: ActivityContent,
    from: Participant,
  ): Promise<(at: number) => readonly Change[]> | undefined;
}

/**
 * Agents' slots, implemented by `routing`: a session that starts or stops using an agent's capacity
 * changes it in the same commit.
 */
export interface AgentSlots {
  /** Changes that take a slot, refused as `AGENT_FULL` when there is none or the agent is not working; undefined when that is known beforehand. */
  take(tenantId: string, agentId: string, at: number): Promise<readonly Change[] | undefined>;
  /** Changes that free a slot. */
  free(tenantId: string, agentId: string, at: number): readonly Change[];
  /** Changes that withdraw a session's ringing offer, if any (close, requeue while it rings). */
  withdraw(session: Session, at: number, reason: string): Promise<readonly Change[]>;
}
