import type { Participant } from '../../adapters/contract/index.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { AppendActivity, Change } from '../session/changes.ts';
import type { Session } from '../session/session.ts';
import type { Agent } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { announce, asParticipant, event, type Named, type News, named } from './events.ts';
import type { Offer } from './offer.ts';
import { freeSlot, leaveAs } from './offer-changes.ts';
import { ring } from './offers.ts';
import type { Queue } from './queue.ts';
import { queueDefaults } from './queue.ts';
import type { TransferTarget } from './routing-service.ts';
import { effectiveCapacity } from './slots.ts';

const attempts = 4;

/** Hand a session on. The note is stored just before, for staff. */
export async function transfer(
  context: RoutingContext,
  by: Named,
  asked: Session,
  target: TransferTarget,
): Promise<void> {
  if ((target.agentId === undefined) === (target.queueId === undefined)) {
    throw new FoyerError('REQUEST_INVALID', 'Name either an agent or a queue to transfer to.');
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const session = await context.sessions.session(asked.tenantId, asked.id);
    if (session === undefined) throw notFound('session');
    if (session.state === 'closed') throw new FoyerError('SESSION_CLOSED', 'This session is closed.');
    // The right to hand it on was checked for whoever had it then.
    if (session.agentId !== asked.agentId) throw changed();
    const done =
      target.agentId !== undefined
        ? await toAgent(context, by, session, target.agentId, target.note)
        : await toQueue(context, by, session, target.queueId ?? '', target.note);
    if (done) return;
  }
  throw changed();
}

function changed(): FoyerError {
  return new FoyerError('SESSION_CHANGED', 'The session changed meanwhile: look at it again, then transfer.');
}

/** Rings at the target and stays with whom it is. Answers false when the rows moved: look again. */
async function toAgent(
  context: RoutingContext,
  by: Named,
  session: Session,
  agentId: string,
  note: string | undefined,
): Promise<boolean> {
  if (session.state !== 'active' && session.state !== 'parked') {
    throw new FoyerError('SESSION_CHANGED', 'A waiting session goes to a queue, not to an agent.');
  }
  if (session.agentId === agentId) {
    throw new FoyerError('REQUEST_CONFLICT', 'This agent has the session already.');
  }
  const target = await context.routing.agent(session.tenantId, agentId);
  if (target === undefined) throw notFound('agent');
  const pending = await context.routing.ringingOffer(session.id);
  if (pending?.agentId === agentId && pending.kind === 'transfer') return true;
  const capacity = await available(context, target);
  const queue = await context.routing.queue(session.tenantId, session.queueId);
  const now = context.clock.now();
  const offer: Offer = {
    id: context.ids.next('off'),
    tenantId: session.tenantId,
    sessionId: session.id,
    queueId: session.queueId,
    agentId,
    kind: 'transfer',
    fromAgentId: session.agentId,
    state: 'ringing',
    madeAt: now,
    expiresAt: now + (queue?.ringTime ?? queueDefaults.ringTime),
    endedAt: null,
    reason: null,
  };
  const requested = event(
    session,
    now,
    'transfer:requested',
    { offer: offer.id, by: { id: by.id, name: by.name }, agent: named(target) },
    speaker(by),
  );
  if (session.agentId !== null) {
    requested.states = [session.state];
    requested.agentId = session.agentId;
  }
  const result = await context.unitOfWork.commit([
    ...(await context.slots.withdraw(session, now, 'transferred')),
    ...noted(session, by, note, now),
    requested,
    ...ring(offer, capacity),
  ]);
  if (result.outcome !== 'applied') return false;
  context.timers.wake(offer.expiresAt);
  announce(context, session, {
    appended: result.appended,
    agents: [agentId],
    offer: { id: offer.id, agentId },
  });
  return true;
}

/**
 * Released at once. Whoever was served already queues anew behind those who wait there: `queuedAt` is now, the
 * priority is kept. Who was still waiting keeps their time.
 */
async function toQueue(
  context: RoutingContext,
  by: Named,
  session: Session,
  queueId: string,
  note: string | undefined,
): Promise<boolean> {
  const queue = await context.routing.queue(session.tenantId, queueId);
  if (queue === undefined) throw notFound('queue');
  const served = session.state === 'active' || session.state === 'parked';
  if (!served && session.state !== 'open' && session.queueId === queueId) {
    throw new FoyerError('REQUEST_CONFLICT', 'The session waits in this queue already.');
  }
  const at = context.clock.now();
  const first = session.agentId === null ? undefined : await leaving(context, session.tenantId, session.agentId);
  if (first !== undefined) context.rest(session.id, first.id, at + queue.ringTime);
  const result = await context.unitOfWork.commit([
    ...(await context.slots.withdraw(session, at, 'transferred')),
    {
      kind: 'update',
      record: 'session',
      where: { tenantId: session.tenantId, id: session.id },
      expect: { state: session.state, agentId: session.agentId, queueId: session.queueId },
      set: {
        state: 'queued',
        queueId,
        agentId: null,
        preferredAgentId: null,
        queuedAt: served ? at : (session.queuedAt ?? at),
        parkedAt: null,
      },
      refusal: 'SESSION_CHANGED',
    },
    ...noted(session, by, note, at),
    event(session, at, 'session:transferred', transferred(queue, first), speaker(by)),
    ...(first === undefined ? [] : release(session, first, at)),
  ]);
  if (result.outcome !== 'applied') return false;
  const news: News = { appended: result.appended, queues: [session.queueId, queueId] };
  announce(context, session, first === undefined ? news : { ...news, agents: [first.id] });
  return true;
}

function transferred(queue: Queue, first: Named | undefined): object {
  return { ...(first === undefined ? {} : { from: first }), queue: { id: queue.id, name: queue.name } };
}

function release(session: Session, first: Named, at: number): Change[] {
  return [
    ...(session.state === 'active' ? [freeSlot(session.tenantId, first.id, at)] : []),
    leaveAs('agent', session.id, first.id, at),
    event(session, at, 'participant:left', { participant: first, reason: 'transferred' }, asParticipant(first)),
  ];
}

async function leaving(context: RoutingContext, tenantId: string, agentId: string): Promise<Named> {
  const agent = await context.routing.agent(tenantId, agentId);
  return { id: agentId, name: agent?.name ?? '' };
}

function noted(session: Session, by: Named, note: string | undefined, at: number): AppendActivity[] {
  if (note === undefined || note.trim() === '') return [];
  return [
    {
      kind: 'append',
      tenantId: session.tenantId,
      sessionId: session.id,
      at,
      activity: { type: 'message', text: note, textFormat: 'plain', from: speaker(by), audience: 'staff' },
    },
  ];
}

function speaker(by: Named): Participant {
  return asParticipant({ id: by.id, name: by.name });
}

/** The target's effective capacity, or the reason why nothing can ring there. */
async function available(context: RoutingContext, target: Agent): Promise<number> {
  if (target.state !== 'idle' || target.lostSince !== null) {
    const state = target.state === 'idle' ? 'not connected' : target.state;
    throw new FoyerError('ROUTING_AGENT_UNAVAILABLE', `${target.name} is ${state}: choose somebody else or a queue.`);
  }
  const capacity = await effectiveCapacity(context, target);
  if (target.load >= capacity) {
    throw new FoyerError('ROUTING_AT_CAPACITY', `${target.name} has no free slot: choose somebody else or a queue.`);
  }
  return capacity;
}
