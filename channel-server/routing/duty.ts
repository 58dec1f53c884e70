import { FoyerError, notFound } from '../errors.ts';
import type { StoredActivity } from '../session/changes.ts';
import { type Timer, timerId } from '../session/timer.ts';
import type { Agent, AgentState } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { rearm } from './offers.ts';
import { setTimer } from './presence.ts';
import { goOffDuty } from './requeue.ts';

/**
 * What an agent says they are doing. Busy and away get no new offers and keep what they have; offline gives everything
 * back. Saying so shows that a client of theirs is alive, so a lost desk is forgiven; without one, the first
 * unanswered offer makes them away.
 */
export async function setState(
  context: RoutingContext,
  tenantId: string,
  agentId: string,
  state: AgentState,
  reason: string | null,
): Promise<Agent> {
  if (state === 'wrap-up') {
    throw new FoyerError('REQUEST_INVALID', 'Wrap-up begins by itself: choose idle, busy, away or offline.');
  }
  const agent = await context.routing.agent(tenantId, agentId);
  if (agent === undefined) throw notFound('agent');
  if (state === 'offline') {
    await goOffDuty(context, tenantId, agentId, { reason });
  } else {
    const at = context.clock.now();
    await context.unitOfWork.commit([
      {
        kind: 'update',
        record: 'agent',
        where: { tenantId, id: agentId },
        set: { state, reason, stateSince: agent.state === state ? agent.stateSince : at, lostSince: null },
      },
      { kind: 'remove', record: 'timer', where: { id: timerId('agent:grace', agentId) } },
      { kind: 'remove', record: 'timer', where: { id: timerId('agent:wrap-up', agentId) } },
    ]);
    context.signals.publish({ kind: 'agent', tenantId, accountId: agentId });
  }
  const changed = await context.routing.agent(tenantId, agentId);
  if (changed === undefined) throw notFound('agent');
  return changed;
}

/** A session of a queue with wrap-up was closed: its agent, if idle, writes up first. */
export async function beginWrapUp(context: RoutingContext, { tenantId, activity }: StoredActivity): Promise<void> {
  const session = await context.sessions.session(tenantId, activity.conversation.id);
  // Nobody works on a parked session.
  if (session === undefined || session.state !== 'closed' || session.parkedAt !== null) return;
  const queue = await context.routing.queue(tenantId, session.queueId);
  if (queue === undefined || queue.wrapUpTime <= 0) return;
  const participants = await context.sessions.participants(session.id);
  const agentId = participants.find(({ role, leftAt }) => role === 'agent' && leftAt === session.closedAt)?.accountId;
  if (agentId === undefined) return;
  const at = context.clock.now();
  const dueAt = at + queue.wrapUpTime;
  const result = await context.unitOfWork.commit([
    {
      kind: 'update',
      record: 'agent',
      where: { tenantId, id: agentId },
      expect: { state: { in: ['idle', 'wrap-up'] } },
      set: { state: 'wrap-up', reason: null, stateSince: at },
      refusal: 'AGENT_CHANGED',
    },
    ...setTimer('agent:wrap-up', tenantId, agentId, dueAt),
  ]);
  if (result.outcome !== 'applied') return;
  context.timers.wake(dueAt);
  context.signals.publish({ kind: 'agent', tenantId, accountId: agentId });
}

export async function wrapUpOver(context: RoutingContext, timer: Timer): Promise<void> {
  const at = context.clock.now();
  if (timer.dueAt > at) return await rearm(context, timer, timer.dueAt);
  await context.unitOfWork.commit([
    {
      kind: 'update',
      record: 'agent',
      where: { tenantId: timer.tenantId, id: timer.subject },
      expect: { state: 'wrap-up' },
      set: { state: 'idle', reason: null, stateSince: at },
    },
    { kind: 'remove', record: 'timer', where: { id: timer.id } },
  ]);
  context.signals.publish({ kind: 'agent', tenantId: timer.tenantId, accountId: timer.subject });
}
