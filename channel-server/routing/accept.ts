import { FoyerError, notFound } from '../errors.ts';
import type { Change } from '../session/changes.ts';
import type { Session } from '../session/session.ts';
import type { Agent } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { announce, asParticipant, event, type News, named } from './events.ts';
import type { Offer } from './offer.ts';
import { endOffer, freeSlot, joinAs, leaveAs, takeSlot } from './offer-changes.ts';
import { withdrawDead } from './offers.ts';
import { effectiveCapacity, workingStates } from './slots.ts';

/** How often a request looks again when the rows changed under it. */
const attempts = 4;

/**
 * One agent takes a session: it rings there, or it waits where picking is allowed. Taking what one has already
 * answers it. Refused as ROUTING_ALREADY_ASSIGNED, ROUTING_NO_OFFER, ROUTING_AT_CAPACITY, SESSION_CLOSED.
 */
export async function accept(context: RoutingContext, agentId: string, asked: Session): Promise<Session> {
  const { tenantId, id } = asked;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const offer = await context.routing.ringingOffer(id);
    const agent = await context.routing.agent(tenantId, agentId);
    const session = await context.sessions.session(tenantId, id);
    if (session === undefined) throw notFound('session');
    if (session.agentId === agentId && session.state !== 'closed') return session;
    if (agent === undefined) throw notFound('agent');
    const mine = offer?.tenantId === tenantId && offer.agentId === agentId ? offer : undefined;
    if (session.state === 'closed') {
      if (mine !== undefined) await withdrawDead(context, session, mine);
      throw new FoyerError('SESSION_CLOSED', 'This session is closed.');
    }
    const taken =
      mine === undefined ? await pick(context, session, agent) : await acceptOffer(context, session, agent, mine);
    if (taken === undefined) continue;
    const { changes, news } = taken;
    const result = await context.unitOfWork.commit(changes);
    if (result.outcome !== 'applied') continue;
    announce(context, session, { ...news, appended: result.appended });
    return (await context.sessions.session(tenantId, id)) ?? session;
  }
  throw new FoyerError('ROUTING_NO_OFFER', 'This session no longer rings here.');
}

interface Taking {
  changes: Change[];
  news: News;
}

/** Undefined: rows disagree, look again. */
async function acceptOffer(
  context: RoutingContext,
  session: Session,
  agent: Agent,
  offer: Offer,
): Promise<Taking | undefined> {
  const at = context.clock.now();
  const ended = endOffer(offer, 'accepted', at, null, 'OFFER_ENDED');
  const accepted = event(session, at, 'offer:accepted', { offer: offer.id, agent: named(agent) }, asParticipant(agent));
  const news: News = { agents: [agent.id], queues: [session.queueId], offer: { id: offer.id, agentId: agent.id } };
  if (offer.kind === 'queue') {
    return {
      changes: [...ended, ...assign(session, agent, 'offered', at), accepted, ...welcome(session, agent, at)],
      news,
    };
  }
  if (session.state !== 'active' && session.state !== 'parked') {
    await withdrawDead(context, session, offer);
    return undefined;
  }
  const changes = [...ended, ...assign(session, agent, session.state, at), accepted];
  const first = session.agentId;
  if (first !== null) {
    if (session.state === 'active') changes.push(freeSlot(session.tenantId, first, at));
    const from = await context.routing.agent(session.tenantId, first);
    const leaving = { id: first, name: from?.name ?? '' };
    changes.push(
      leaveAs('agent', session.id, first, at),
      event(session, at, 'session:transferred', { from: leaving, agent: named(agent) }),
      event(session, at, 'participant:left', { participant: leaving, reason: 'transferred' }, asParticipant(leaving)),
    );
  }
  changes.push(...welcome(session, agent, at));
  return { changes, news: { ...news, agents: first === null ? [agent.id] : [agent.id, first] } };
}

/** A waiting session is taken without an offer, where its queue allows that. */
async function pick(context: RoutingContext, session: Session, agent: Agent): Promise<Taking> {
  if (session.state === 'active' || session.state === 'parked') {
    throw new FoyerError('ROUTING_ALREADY_ASSIGNED', 'Another agent has this session.');
  }
  const queue = await context.routing.queue(session.tenantId, session.queueId);
  if (session.state !== 'queued' || queue?.picking !== true || !agent.queueIds.includes(queue.id)) {
    throw new FoyerError('ROUTING_NO_OFFER', 'This session does not ring here.');
  }
  if (!workingStates.some((state) => state === agent.state)) {
    throw new FoyerError('ROUTING_AGENT_UNAVAILABLE', 'Go idle first, then take a waiting session.');
  }
  const capacity = await effectiveCapacity(context, agent);
  if (agent.load >= capacity) {
    throw new FoyerError('ROUTING_AT_CAPACITY', `All ${capacity} slots are in use: close or transfer a session first.`);
  }
  const at = context.clock.now();
  return {
    changes: [
      ...assign(session, agent, 'queued', at),
      takeSlot(agent, capacity, workingStates, at, 'any'),
      ...welcome(session, agent, at),
    ],
    news: { agents: [agent.id], queues: [session.queueId] },
  };
}

/** The one conditional update by which a session gets its agent. */
function assign(session: Session, agent: Agent, from: Session['state'], at: number): Change[] {
  return [
    {
      kind: 'update',
      record: 'session',
      where: { tenantId: session.tenantId, id: session.id },
      expect: { state: from, agentId: session.agentId, queueId: session.queueId },
      set: { state: 'active', agentId: agent.id, assignedAt: at, parkedAt: null },
      refusal: 'SESSION_CHANGED',
    },
    ...joinAs('agent', session.id, agent.id, at),
  ];
}

function welcome(session: Session, agent: Agent, at: number): Change[] {
  return [
    event(session, at, 'session:assigned', { agent: named(agent) }),
    event(session, at, 'participant:joined', { participant: asParticipant(agent) }, asParticipant(agent)),
  ];
}
