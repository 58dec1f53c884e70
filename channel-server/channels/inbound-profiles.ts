import type { Clock, Conversation, Log, Person } from '../../adapters/contract/index.ts';
import { sameFacts } from '../customers/identity.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { RunningChannel } from './channel-service.ts';
import type { ClientOf } from './clients-of.ts';
import { type InboundPeople, withPlatform } from './inbound-people.ts';

/** How long a platform is not asked again about the same person, ms, and how many people are asked about at once. */
const askedAgain = 60 * 60_000;
const atOnce = 4;
const mostWaiting = 1_000;
const remembered = 20_000;

/** Asks platforms who somebody is whose name they do not tell with a message. Never waited for; losing a question costs a name. */
export interface InboundProfiles {
  ask(running: RunningChannel, person: Person, conversation: Conversation): void;
}

export function createInboundProfiles(dependencies: {
  clientOf: ClientOf;
  people: InboundPeople;
  customers: CustomerRepository;
  sessions: Pick<SessionRepository, 'openSession'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Log;
}): InboundProfiles {
  const { clientOf, people, customers, sessions, unitOfWork, signals, clock, log } = dependencies;
  const asked = new Map<string, number>();
  const lanes = new Map<string, { running: number; waiting: (() => Promise<void>)[] }>();

  async function look(running: RunningChannel, person: Person, conversation: Conversation): Promise<void> {
    const { record } = running;
    const told = await clientOf(record.id)?.profile?.(person, conversation);
    if (told === undefined) return;
    const identity = await customers.identityByExternalId(record.tenantId, record.id, person.id);
    if (identity === undefined) return;
    const facts = withPlatform(identity.signed, told);
    if (facts === null || sameFacts(facts, identity.signed)) return;
    await unitOfWork.commit([
      { kind: 'update', record: 'identity', where: { id: identity.id }, set: { signed: facts } },
    ]);
    people.forget(record, person.id);
    const open = await sessions.openSession(record.tenantId, record.id, conversation.id);
    if (open !== undefined) signals.publish({ kind: 'session', tenantId: open.tenantId, sessionId: open.id });
  }

  function next(channelId: string): void {
    const lane = lanes.get(channelId);
    if (lane === undefined || lane.running >= atOnce) return;
    const work = lane.waiting.shift();
    if (work === undefined) {
      if (lane.running === 0) lanes.delete(channelId);
      return;
    }
    lane.running += 1;
    work()
      .catch((error: unknown) => log.info({ channel: channelId, error: String(error) }, 'a profile was not to be had'))
      .finally(() => {
        lane.running -= 1;
        next(channelId);
      });
  }

  return {
    ask(running, person, conversation) {
      const channelId = running.record.id;
      const key = `${channelId}\n${person.id}`;
      const now = clock.now();
      if (clientOf(channelId)?.profile === undefined || now - (asked.get(key) ?? 0) < askedAgain) return;
      const lane = lanes.get(channelId) ?? { running: 0, waiting: [] };
      if (lane.waiting.length >= mostWaiting) return;
      asked.delete(key);
      asked.set(key, now);
      if (asked.size > remembered) asked.delete(asked.keys().next().value as string);
      lanes.set(channelId, lane);
      lane.waiting.push(() => look(running, person, conversation));
      next(channelId);
    },
  };
}
