import type { Session } from '../session/session.ts';
import type { Agent } from './agent.ts';
import type { Offer } from './offer.ts';
import type { Queue } from './queue.ts';

declare module '../session/changes.ts' {
  interface Records {
    queue: Queue;
    agent: Agent;
    offer: Offer;
  }
}

export interface RoutingRepository {
  queue(tenantId: string, queueId: string): Promise<Queue | undefined>;
  queues(tenantId: string): Promise<Queue[]>;
  agent(tenantId: string, accountId: string): Promise<Agent | undefined>;
  agents(tenantId: string): Promise<Agent[]>;
  /** Agents of all tenants whose state is not offline, for the sweep at start. */
  agentsNotOffline(): Promise<Agent[]>;
  /** Waiting sessions (state `queued`), best first: priority high to low, then queuedAt, then id. */
  waiting(tenantId: string, queueIds: readonly string[] | 'all', limit: number): Promise<Session[]>;
  /** Ids of the sessions that wait (queued or offered) in one queue, in the order of `waiting`: places in the queue. */
  waitingOrder(tenantId: string, queueId: string): Promise<string[]>;
  /** How many sessions wait (queued or offered) per queue. */
  waitingCounts(tenantId: string): Promise<Record<string, number>>;
  /** Tenants with waiting sessions, for the sweep. */
  tenantsWithWaiting(): Promise<string[]>;
  /** Agents who were offered this session since it was last queued and did not take it. */
  passedOver(sessionId: string, since: number): Promise<string[]>;
  offer(tenantId: string, offerId: string): Promise<Offer | undefined>;
  /** The ringing offer of a session, if any. */
  ringingOffer(sessionId: string): Promise<Offer | undefined>;
  ringingOffersOf(tenantId: string, accountId: string): Promise<Offer[]>;
  /** Sessions offered to, active with or parked with an agent. */
  sessionsOf(tenantId: string, accountId: string): Promise<Session[]>;
}
