import type { RoutingDependencies } from './context.ts';
import { type Candidate, isFree } from './match.ts';
import type { Queue } from './queue.ts';
import { effectiveCapacity } from './slots.ts';

/** Who is at work in a tenant, in memory for one run: agents by queue, with loads that count what the run decides. */
export interface Floor {
  queue(queueId: string): Queue | undefined;
  /** Agents who serve a queue. */
  serving(queueId: string): readonly Candidate[];
  /** Queues that somebody free serves. */
  openQueues(): string[];
  /** This agent gets one more session: count it before it is stored. */
  take(agentId: string, at: number): void;
}

export async function readFloor(
  context: Pick<RoutingDependencies, 'routing' | 'defaultCapacity'>,
  tenantId: string,
): Promise<Floor> {
  const [queues, agents] = await Promise.all([context.routing.queues(tenantId), context.routing.agents(tenantId)]);
  const capacityOfZero = await effectiveCapacity(context, { tenantId, capacity: 0 });
  const queueById = new Map(queues.map((queue) => [queue.id, queue]));
  const agentById = new Map<string, Candidate>();
  const byQueue = new Map<string, Candidate[]>();
  for (const agent of agents) {
    const candidate = { ...agent, capacity: agent.capacity > 0 ? agent.capacity : capacityOfZero };
    agentById.set(agent.id, candidate);
    for (const queueId of agent.queueIds) {
      const serving = byQueue.get(queueId);
      if (serving === undefined) byQueue.set(queueId, [candidate]);
      else serving.push(candidate);
    }
  }
  return {
    queue: (queueId) => queueById.get(queueId),
    serving: (queueId) => byQueue.get(queueId) ?? [],
    openQueues: () => [...byQueue].filter(([id, all]) => queueById.has(id) && all.some(isFree)).map(([id]) => id),
    take(agentId, at) {
      const agent = agentById.get(agentId);
      if (agent === undefined) return;
      agent.load += 1;
      agent.loadSince = at;
    },
  };
}
