import type { Session } from '../session/session.ts';
import type { Agent, AgentState } from './agent.ts';

export interface TransferTarget {
  agentId?: string;
  queueId?: string;
  note?: string;
}

/** Who gets what. Rights are checked by the caller; conditions are checked in the commit. */
export interface RoutingService {
  /** Look for work at start, then on every wake-up. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Take a session that rings at this agent (or waits, where the queue allows picking). Two agents never both win. */
  accept(agentId: string, session: Session): Promise<Session>;
  decline(agentId: string, session: Session, reason?: string): Promise<void>;
  /** To an agent: rings there, stays here until accepted. To a queue: released at once. */
  transfer(by: { id: string; name: string }, session: Session, target: TransferTarget): Promise<void>;
  setState(tenantId: string, agentId: string, state: AgentState, reason: string | null): Promise<Agent>;
  /** A desk of this agent connected / the last one went. */
  connected(tenantId: string, agentId: string): Promise<void>;
  lost(tenantId: string, agentId: string): Promise<void>;
  /** Sessions waiting before this one, plus one; undefined when it does not wait. */
  position(session: Session): Promise<number | undefined>;
}
