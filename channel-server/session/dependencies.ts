import type { Clock, Ids, Log } from '../../adapters/contract/index.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { AgentSlots, ChannelFacts, Outgoing, SessionRepository, Signals, UnitOfWork } from './ports.ts';
import type { TimerRunner } from './timer-runner.ts';

/** What the session folder works with. */
export interface SessionDependencies {
  unitOfWork: UnitOfWork;
  sessions: SessionRepository;
  customers: CustomerRepository;
  channels: ChannelFacts;
  slots: AgentSlots;
  /** Absent: nothing is sent to platforms. */
  outgoing?: Outgoing;
  signals: Signals;
  timers: Pick<TimerRunner, 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}
