import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoutingWorld, routingWorld, tenantId } from '../../test/support/routing-world.ts';
import { type DeclaredAgent, ensureAgents, ensureQueues } from './agents.ts';
import { queueDefaults } from './queue.ts';

let world: RoutingWorld;
beforeEach(async () => {
  world = await routingWorld();
});
afterEach(async () => {
  await world.end();
});

const declared: DeclaredAgent = {
  id: 'ann',
  tenantId,
  name: 'Ann',
  skills: { billing: 3, french: 1 },
  capacity: 2,
  queueIds: ['support'],
};
const dependencies = () => ({ ...world.storage, signals: world.signals, clock: world.clock });

describe('agents of accounts', () => {
  it('are added once, offline, and left alone when nothing changed', async () => {
    await ensureAgents(dependencies(), [declared]);
    const added = await world.agentNow('ann');
    expect(added).toEqual({
      ...declared,
      state: 'offline',
      reason: null,
      stateSince: world.clock.now(),
      load: 0,
      loadSince: world.clock.now(),
      lostSince: null,
    });
    const before = world.seen.length;
    await ensureAgents(dependencies(), [{ ...declared, skills: { french: 1, billing: 3 } }]);
    expect(world.seen).toHaveLength(before);
  });

  it('take changed facts at once and keep state and load', async () => {
    await world.agent('ann', { skills: {}, capacity: 1 });
    const session = await world.service.accept('ann', await world.session());
    const second = await world.session();
    expect(await world.ringsAt(second)).toBeUndefined();
    await ensureAgents(dependencies(), [{ ...declared, name: 'Anna' }]);
    await world.settle();
    expect(await world.ringsAt(second)).toBe('ann');
    expect(await world.agentNow('ann')).toMatchObject({ name: 'Anna', state: 'idle', load: 2 });
    expect(await world.read(session)).toMatchObject({ agentId: 'ann' });
  });
});

describe('declared queues', () => {
  it('are added with defaults, and changed at once', async () => {
    await ensureQueues(dependencies(), [{ id: 'sales', tenantId, name: 'Sales' }]);
    expect(await world.storage.routing.queue(tenantId, 'sales')).toEqual({
      id: 'sales',
      tenantId,
      name: 'Sales',
      ...queueDefaults,
      declared: true,
    });
    const before = world.seen.length;
    await ensureQueues(dependencies(), [{ id: 'sales', tenantId, name: 'Sales' }]);
    expect(world.seen).toHaveLength(before);
    await ensureQueues(dependencies(), [{ id: 'sales', tenantId, name: 'Sales', ringTime: 5_000 }]);
    expect(await world.storage.routing.queue(tenantId, 'sales')).toMatchObject({ ringTime: 5_000 });
    expect(world.seen.at(-1)).toEqual({ kind: 'queue', tenantId, queueId: 'sales' });
  });
});

describe('slots', () => {
  it('are taken only from who works, is connected and has room', async () => {
    const take = (id: string) => world.slots.take(tenantId, id, world.clock.now());
    await world.agent('ann');
    expect(await take('ann')).toHaveLength(1);
    expect(await take('nobody')).toBeUndefined();
    await world.service.setState(tenantId, 'ann', 'busy', null);
    expect(await take('ann')).toHaveLength(1);
    for (const state of ['away', 'offline'] as const) {
      await world.service.setState(tenantId, 'ann', state, null);
      expect(await take('ann')).toBeUndefined();
    }
    await world.service.setState(tenantId, 'ann', 'idle', null);
    await world.service.lost(tenantId, 'ann');
    expect(await take('ann')).toBeUndefined();
  });

  it('are refused as AGENT_FULL when somebody else took the last one first', async () => {
    await world.agent('ann');
    const [first, second] = await Promise.all([1, 2].map(() => world.slots.take(tenantId, 'ann', world.clock.now())));
    const results = await Promise.all([first, second].map((changes) => world.storage.unitOfWork.commit(changes ?? [])));
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'refused']);
    expect(results[1]).toEqual({ outcome: 'refused', refusal: 'AGENT_FULL' });
    await world.storage.unitOfWork.commit(world.slots.free(tenantId, 'ann', world.clock.now()));
    expect((await world.agentNow('ann')).load).toBe(0);
  });

  it('of an offer withdrawn twice are freed once', async () => {
    await world.agent('ann');
    const session = await world.session();
    const twice = await Promise.all([1, 2].map(() => world.slots.withdraw(session, world.clock.now(), 'closed')));
    const results = await Promise.all(twice.map((changes) => world.storage.unitOfWork.commit(changes)));
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'refused']);
    expect((await world.agentNow('ann')).load).toBe(0);
    expect(await world.slots.withdraw(session, world.clock.now(), 'closed')).toEqual([]);
  });
});
