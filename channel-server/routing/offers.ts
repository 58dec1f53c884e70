import type { Change } from '../session/changes.ts';
import type { Session } from '../session/session.ts';
import { type Timer, timerId } from '../session/timer.ts';
import type { Agent } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { announce, asParticipant, event, type Named, named } from './events.ts';
import type { Offer } from './offer.ts';
import { endOffer, joinAs, takeSlot } from './offer-changes.ts';
import type { Queue } from './queue.ts';
import type { ChosenReason, Skipped } from './reasons.ts';

export interface OfferPlan {
  session: Session;
  agent: Pick<Agent, 'id' | 'name' | 'tenantId'>;
  /** The agent's effective capacity. */
  capacity: number;
  queue: Queue;
  because: ChosenReason[];
  skipped: Skipped[];
}

/** The changes by which an offer starts to ring: slot, offer, timer and the holder's right to read. */
export function ring(offer: Offer, capacity: number): Change[] {
  const { tenantId, sessionId, agentId, madeAt } = offer;
  return [
    takeSlot({ tenantId, id: agentId }, capacity, ['idle'], madeAt, 'connected'),
    { kind: 'insert', record: 'offer', values: offer, refusal: 'SESSION_CHANGED' },
    {
      kind: 'insert',
      record: 'timer',
      values: {
        id: timerId('offer:ring', offer.id),
        tenantId,
        kind: 'offer:ring',
        subject: offer.id,
        dueAt: offer.expiresAt,
        claimedUntil: null,
      },
    },
    ...joinAs('offered', sessionId, agentId, madeAt),
  ];
}

/** Offer a waiting session to an agent, in one commit. Answers the refusal, if the world had moved on. */
export async function makeOffer(context: RoutingContext, plan: OfferPlan): Promise<string | undefined> {
  const { session, agent, queue } = plan;
  const now = context.clock.now();
  const offer: Offer = {
    id: context.ids.next('off'),
    tenantId: session.tenantId,
    sessionId: session.id,
    queueId: session.queueId,
    agentId: agent.id,
    kind: 'queue',
    fromAgentId: null,
    state: 'ringing',
    madeAt: now,
    expiresAt: now + queue.ringTime,
    endedAt: null,
    reason: null,
  };
  const result = await context.unitOfWork.commit([
    {
      kind: 'update',
      record: 'session',
      where: { tenantId: session.tenantId, id: session.id },
      expect: { state: 'queued', queueId: session.queueId },
      set: { state: 'offered' },
      refusal: 'SESSION_CHANGED',
    },
    ...ring(offer, plan.capacity),
    event(session, now, 'offer:made', {
      offer: offer.id,
      agent: named(agent),
      queue: { id: queue.id, name: queue.name },
      because: plan.because,
      skipped: plan.skipped,
    }),
  ]);
  if (result.outcome !== 'applied') return result.outcome === 'refused' ? result.refusal : 'SESSION_CHANGED';
  context.timers.wake(offer.expiresAt);
  announce(context, session, {
    appended: result.appended,
    agents: [agent.id],
    queues: [session.queueId],
    offer: { id: offer.id, agentId: agent.id },
  });
  return undefined;
}

/**
 * A ringing offer was not taken. A queue's goes back where it was and so to the next agent; a transfer's stays with
 * whom it was, who reads why. Answers whether it still rang.
 */
export async function passOn(
  context: RoutingContext,
  offer: Offer,
  ended: { state: 'declined' | 'missed'; reason: string | null },
): Promise<boolean> {
  const at = context.clock.now();
  const { tenantId, sessionId, agentId } = offer;
  const [session, agent] = await Promise.all([
    context.sessions.session(tenantId, sessionId),
    context.routing.agent(tenantId, agentId),
  ]);
  const who: Named = { id: agentId, name: agent?.name ?? '' };
  const changes = endOffer(offer, ended.state, at, ended.reason, 'OFFER_ENDED');
  if (offer.kind === 'queue') {
    changes.push({
      kind: 'update',
      record: 'session',
      where: { tenantId, id: sessionId },
      expect: { state: 'offered' },
      set: { state: 'queued' },
    });
  }
  if (ended.state === 'missed') {
    changes.push({
      kind: 'update',
      record: 'agent',
      where: { tenantId, id: agentId },
      expect: { state: 'idle' },
      set: { state: 'away', reason: 'missed', stateSince: at },
    });
  }
  if (session !== undefined) {
    const value = { offer: offer.id, agent: who, ...(ended.reason === null ? {} : { reason: ended.reason }) };
    const from = ended.state === 'declined' ? asParticipant(who) : undefined;
    changes.push(event(session, at, ended.state === 'declined' ? 'offer:declined' : 'offer:missed', value, from));
    if (offer.kind === 'transfer') {
      changes.push(event(session, at, 'transfer:refused', { agent: who, why: ended.state, reason: ended.reason }));
    }
  }
  const result = await context.unitOfWork.commit(changes);
  if (result.outcome !== 'applied') return false;
  if (session !== undefined) {
    announce(context, session, {
      appended: result.appended,
      agents: [agentId],
      queues: [session.queueId],
      offer: { id: offer.id, agentId },
    });
  }
  return true;
}

/** An offer that outlived what it was for. */
export async function withdrawDead(context: RoutingContext, session: Session, offer: Offer): Promise<void> {
  const at = context.clock.now();
  const agent = await context.routing.agent(offer.tenantId, offer.agentId);
  const result = await context.unitOfWork.commit([
    ...endOffer(offer, 'withdrawn', at, 'session-changed', 'OFFER_ENDED'),
    event(session, at, 'offer:withdrawn', {
      offer: offer.id,
      agent: { id: offer.agentId, name: agent?.name ?? '' },
      reason: 'session-changed',
    }),
  ]);
  if (result.outcome === 'applied') announce(context, session, { appended: result.appended });
}

/** A transfer that still rings though its session went back to a queue would keep every offer from it. */
export async function withdrawStaleTransfer(context: RoutingContext, sessionId: string): Promise<void> {
  const offer = await context.routing.ringingOffer(sessionId);
  if (offer?.kind !== 'transfer') return;
  const session = await context.sessions.session(offer.tenantId, sessionId);
  if (session?.state === 'queued') await withdrawDead(context, session, offer);
}

/** The ring time of an offer is over. */
export async function ringOut(context: RoutingContext, timer: Timer): Promise<void> {
  const offer = await context.routing.offer(timer.tenantId, timer.subject);
  if (offer !== undefined && offer.state === 'ringing') {
    if (offer.expiresAt > context.clock.now()) return await rearm(context, timer, offer.expiresAt);
    if (await passOn(context, offer, { state: 'missed', reason: null })) return;
  }
  await context.unitOfWork.commit([{ kind: 'remove', record: 'timer', where: { id: timer.id } }]);
}

/** The timer came too early (the clock was set back, or it was moved): let it come again. */
export async function rearm(context: RoutingContext, timer: Timer, dueAt: number): Promise<void> {
  await context.unitOfWork.commit([
    { kind: 'update', record: 'timer', where: { id: timer.id }, set: { dueAt, claimedUntil: null } },
  ]);
  context.timers.wake(dueAt);
}
