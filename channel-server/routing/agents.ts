import type { Change } from '../session/changes.ts';
import type { Agent } from './agent.ts';
import type { RoutingDependencies } from './context.ts';
import { type Queue, queueDefaults } from './queue.ts';

/** What an account or the declared file says about an agent; everything else is routing's own. */
export type DeclaredAgent = Pick<Agent, 'id' | 'tenantId' | 'name' | 'skills' | 'capacity' | 'queueIds'>;

/** What makes a queue; the rest has defaults ({@link queueDefaults}). */
export type DeclaredQueue = Pick<Queue, 'id' | 'tenantId' | 'name'> & Partial<Queue>;

type Dependencies = Pick<RoutingDependencies, 'unitOfWork' | 'routing' | 'signals' | 'clock'>;

/** Agents for these accounts: missing ones are added, offline; changed facts take effect at once. Safe to repeat. */
export async function ensureAgents(dependencies: Dependencies, declared: readonly DeclaredAgent[]): Promise<void> {
  for (const wanted of declared) await ensureAgent(dependencies, wanted);
}

async function ensureAgent(dependencies: Dependencies, wanted: DeclaredAgent): Promise<void> {
  const { id, tenantId, name, skills, capacity, queueIds } = wanted;
  const known = await dependencies.routing.agent(tenantId, id);
  const now = dependencies.clock.now();
  const facts = { name, skills, capacity, queueIds };
  if (known !== undefined && same(facts, pick(known))) return;
  const fresh: Agent = {
    id,
    tenantId,
    ...facts,
    state: 'offline',
    reason: null,
    stateSince: now,
    load: 0,
    loadSince: now,
    lostSince: null,
  };
  const change: Change =
    known === undefined
      ? { kind: 'insert', record: 'agent', values: fresh, ignore: true }
      : { kind: 'update', record: 'agent', where: { tenantId, id }, set: facts };
  await dependencies.unitOfWork.commit([change]);
  dependencies.signals.publish({ kind: 'agent', tenantId, accountId: id });
}

/** Queues as declared: missing ones are added, changed facts take effect at once. Safe to repeat. */
export async function ensureQueues(dependencies: Dependencies, declared: readonly DeclaredQueue[]): Promise<void> {
  for (const wanted of declared) {
    const queue: Queue = { ...queueDefaults, declared: true, ...wanted };
    const known = await dependencies.routing.queue(queue.tenantId, queue.id);
    if (known !== undefined && same(known, queue)) continue;
    const { id, tenantId, ...facts } = queue;
    await dependencies.unitOfWork.commit([
      known === undefined
        ? { kind: 'insert', record: 'queue', values: queue, ignore: true }
        : { kind: 'update', record: 'queue', where: { tenantId, id }, set: facts },
    ]);
    dependencies.signals.publish({ kind: 'queue', tenantId, queueId: id });
  }
}

function pick({ name, skills, capacity, queueIds }: Agent): Pick<Agent, 'name' | 'skills' | 'capacity' | 'queueIds'> {
  return { name, skills, capacity, queueIds };
}

/** Equal as data, whatever the order of their keys. */
function same(a: object, b: object): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
