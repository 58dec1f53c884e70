import type { Change } from '../session/changes.ts';
import { type Timer, type TimerKind, timerId } from '../session/timer.ts';
import type { Agent } from './agent.ts';
import type { RoutingContext } from './context.ts';
import { rearm } from './offers.ts';
import { queueDefaults } from './queue.ts';
import { goOffDuty } from './requeue.ts';

/** A desk of this agent connected: nothing is lost any more. The state stays as it is, offline included. */
export async function connected(context: RoutingContext, tenantId: string, agentId: string): Promise<void> {
  await context.unitOfWork.commit([
    { kind: 'update', record: 'agent', where: { tenantId, id: agentId }, set: { lostSince: null } },
    { kind: 'remove', record: 'timer', where: { id: timerId('agent:grace', agentId) } },
  ]);
  context.signals.publish({ kind: 'agent', tenantId, accountId: agentId });
}

/** The last desk of this agent went: no more offers, and the grace period begins. */
export async function lost(context: RoutingContext, tenantId: string, agentId: string): Promise<void> {
  const agent = await context.routing.agent(tenantId, agentId);
  if (agent === undefined || agent.lostSince !== null) return;
  const at = context.clock.now();
  const dueAt = at + (await graceTime(context, agent));
  const result = await context.unitOfWork.commit([
    {
      kind: 'update',
      record: 'agent',
      where: { tenantId, id: agentId },
      expect: { lostSince: null },
      set: { lostSince: at },
      refusal: 'AGENT_CHANGED',
    },
    ...(agent.state === 'offline' ? [] : setTimer('agent:grace', tenantId, agentId, dueAt)),
  ]);
  if (result.outcome !== 'applied') return;
  context.timers.wake(dueAt);
  context.signals.publish({ kind: 'agent', tenantId, accountId: agentId });
}

/** Nobody's desk is connected when the server starts: everybody on duty gets their grace period from now. */
export async function presumeLost(context: RoutingContext): Promise<void> {
  for (const agent of await context.routing.agentsNotOffline()) {
    const { tenantId, id } = agent;
    const at = context.clock.now();
    const dueAt = at + (await graceTime(context, agent));
    await context.unitOfWork.commit([
      { kind: 'update', record: 'agent', where: { tenantId, id }, set: { lostSince: at } },
      ...setTimer('agent:grace', tenantId, id, dueAt),
    ]);
    context.timers.wake(dueAt);
  }
}

/** The grace period is over: if the desk is still gone, its sessions go back to the front. */
export async function graceOver(context: RoutingContext, timer: Timer): Promise<void> {
  const { tenantId, subject: agentId } = timer;
  const agent = await context.routing.agent(tenantId, agentId);
  if (agent !== undefined && agent.lostSince !== null && agent.state !== 'offline') {
    const dueAt = agent.lostSince + (await graceTime(context, agent));
    if (dueAt > context.clock.now()) return await rearm(context, timer, dueAt);
    if (await goOffDuty(context, tenantId, agentId, { reason: 'lost', ifLostSince: agent.lostSince })) return;
  }
  await context.unitOfWork.commit([{ kind: 'remove', record: 'timer', where: { id: timer.id, dueAt: timer.dueAt } }]);
}

/** Longest grace of the queues an agent serves, in ms. */
async function graceTime(context: RoutingContext, agent: Agent): Promise<number> {
  const queues = await context.routing.queues(agent.tenantId);
  const graces = queues.filter(({ id }) => agent.queueIds.includes(id)).map(({ graceTime: grace }) => grace);
  return graces.length > 0 ? Math.max(...graces) : queueDefaults.graceTime;
}

/** Set a timer, in place of one that may be there. */
export function setTimer(kind: TimerKind, tenantId: string, subject: string, dueAt: number): Change[] {
  const id = timerId(kind, subject);
  return [
    { kind: 'remove', record: 'timer', where: { id } },
    { kind: 'insert', record: 'timer', values: { id, tenantId, kind, subject, dueAt, claimedUntil: null } },
  ];
}
