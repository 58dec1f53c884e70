import { FoyerError } from '../errors.ts';
import type { Change } from '../session/changes.ts';
import type { Session } from '../session/session.ts';
import { timerId } from '../session/timer.ts';
import type { Agent } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { announce, event, named } from './events.ts';
import type { Offer } from './offer.ts';
import { endOffer, freeSlot, leaveAs } from './offer-changes.ts';

const attempts = 8;

export interface OffDuty {
  /** Why the agent is offline now. */
  reason: string | null;
  /** Only if the agent is still lost since then. */
  ifLostSince?: number;
}

/**
 * An agent goes offline, and all they hold goes back to the front of its queue, in one commit: active sessions keep
 * their first `queuedAt` and prefer this agent when they return in time; ringing offers are withdrawn. Parked sessions
 * use no slot and stay. Answers false when the agent came back meanwhile.
 */
export async function goOffDuty(
  context: RoutingContext,
  tenantId: string,
  agentId: string,
  how: OffDuty,
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const agent = await context.routing.agent(tenantId, agentId);
    if (agent === undefined) return false;
    if (how.ifLostSince !== undefined && agent.lostSince !== how.ifLostSince) return false;
    const held = await holdings(context, agent);
    const agrees = held.active.length + held.offers.length === agent.load;
    // Read in several steps: when they disagree, something moved between them. Look again, but not for ever.
    if (!agrees && attempt < attempts / 2) continue;
    const at = context.clock.now();
    const changes = offline(agent, how, at);
    for (const { offer, session } of held.offers) changes.push(...withdrawn(agent, offer, session, at));
    for (const session of held.active) changes.push(...(await requeued(context, agent, session, how, at)));
    if (!agrees) {
      context.log.error({ tenantId, agentId, load: agent.load }, 'slots in use did not add up: set right');
      changes.push({ kind: 'update', record: 'agent', where: { tenantId, id: agentId }, set: { load: 0 } });
    }
    const result = await context.unitOfWork.commit(changes);
    if (result.outcome !== 'applied') continue;
    tell(context, agent, held, result.appended);
    return true;
  }
  throw new FoyerError('STORAGE_BUSY', 'Your sessions kept changing while you went offline: try again.');
}

interface Holdings {
  active: Session[];
  offers: { offer: Offer; session: Session | undefined }[];
}

async function holdings(context: RoutingContext, agent: Agent): Promise<Holdings> {
  const { tenantId, id } = agent;
  const active = (await context.routing.sessionsOf(tenantId, id)).filter(
    (session) => session.state === 'active' && session.agentId === id,
  );
  const offers = await Promise.all(
    (await context.routing.ringingOffersOf(tenantId, id)).map(async (offer) => ({
      offer,
      session: await context.sessions.session(tenantId, offer.sessionId),
    })),
  );
  return { active, offers };
}

function offline(agent: Agent, how: OffDuty, at: number): Change[] {
  const expect = {
    load: agent.load,
    state: agent.state,
    ...(how.ifLostSince === undefined ? {} : { lostSince: how.ifLostSince }),
  };
  return [
    {
      kind: 'update',
      record: 'agent',
      where: { tenantId: agent.tenantId, id: agent.id },
      expect,
      set: { state: 'offline', reason: how.reason, stateSince: agent.state === 'offline' ? agent.stateSince : at },
      refusal: 'AGENT_CHANGED',
    },
    { kind: 'remove', record: 'timer', where: { id: timerId('agent:grace', agent.id) } },
    { kind: 'remove', record: 'timer', where: { id: timerId('agent:wrap-up', agent.id) } },
  ];
}

/** The customer has not noticed this offer: no event for them. */
function withdrawn(agent: Agent, offer: Offer, session: Session | undefined, at: number): Change[] {
  const changes = endOffer(offer, 'withdrawn', at, 'agent-offline', 'OFFER_ENDED');
  if (offer.kind === 'queue') {
    changes.push({
      kind: 'update',
      record: 'session',
      where: { tenantId: offer.tenantId, id: offer.sessionId },
      expect: { state: 'offered' },
      set: { state: 'queued' },
    });
  }
  if (session === undefined) return changes;
  const value = { offer: offer.id, agent: named(agent), reason: 'agent-offline' };
  changes.push(event(session, at, 'offer:withdrawn', value));
  if (offer.kind === 'transfer') {
    changes.push(event(session, at, 'transfer:refused', { agent: named(agent), why: 'withdrawn', reason: 'offline' }));
  }
  return changes;
}

async function requeued(
  context: RoutingContext,
  agent: Agent,
  session: Session,
  how: OffDuty,
  at: number,
): Promise<Change[]> {
  return [
    ...(await context.slots.withdraw(session, at, 'requeued')),
    {
      kind: 'update',
      record: 'session',
      where: { tenantId: session.tenantId, id: session.id },
      expect: { state: 'active', agentId: agent.id },
      set: { state: 'queued', agentId: null, preferredAgentId: agent.id, queuedAt: session.queuedAt ?? at },
      refusal: 'SESSION_CHANGED',
    },
    freeSlot(agent.tenantId, agent.id, at),
    leaveAs('agent', session.id, agent.id, at),
    event(session, at, 'session:requeued', { agent: named(agent), reason: how.reason ?? 'offline' }),
  ];
}

function tell(
  context: RoutingContext,
  agent: Agent,
  held: Holdings,
  appended: Parameters<typeof announce>[2]['appended'] & object,
): void {
  const of = (session: Session) => appended.filter((stored) => stored.activity.conversation.id === session.id);
  for (const session of held.active) {
    announce(context, session, { appended: of(session), queues: [session.queueId] });
  }
  for (const { session } of held.offers) {
    if (session !== undefined) announce(context, session, { appended: of(session), queues: [session.queueId] });
  }
  context.signals.publish({ kind: 'agent', tenantId: agent.tenantId, accountId: agent.id });
}
