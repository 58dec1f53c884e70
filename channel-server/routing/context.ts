import type { Clock, Ids, Log } from '../../adapters/contract/index.ts';
import type { AgentSlots, SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { TimerRunner } from '../session/timer-runner.ts';
import type { RoutingRepository } from './ports.ts';

/** What routing needs of the house. */
export interface RoutingDependencies {
  unitOfWork: UnitOfWork;
  routing: RoutingRepository;
  sessions: Pick<SessionRepository, 'session' | 'participants'>;
  signals: Signals;
  timers: Pick<TimerRunner, 'handle' | 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Chats at once for agents of this tenant whose own capacity is 0. */
  defaultCapacity(tenantId: string): number | Promise<number>;
}

/** What the parts of routing share. */
export interface RoutingContext extends RoutingDependencies {
  slots: AgentSlots;
  /** Do not ask this agent for this session again until `until` (ms since the epoch), unless the process restarts. */
  rest(sessionId: string, agentId: string, until: number): void;
}
