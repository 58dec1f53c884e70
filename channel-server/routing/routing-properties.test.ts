import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RoutingWorld, routingWorld, tenantId } from '../../test/support/routing-world.ts';
import { FoyerError } from '../errors.ts';
import { openStates, type Session } from '../session/session.ts';
import { isFree } from './match.ts';

const agentIds = ['ann', 'bob', 'cid', 'dot'] as const;
const capacity = { ann: 1, bob: 2, cid: 3, dot: 2 } as const;
const queueIds = ['support', 'sales', 'billing'] as const;
const ringTime = 20_000;

const agent = fc.constantFrom(...agentIds);
const queue = fc.constantFrom(...queueIds);
const which = fc.nat({ max: 30 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('arrive' as const), queue, priority: fc.nat({ max: 2 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('grab' as const), agent, which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decline' as const), agent }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('close' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('give' as const), which, agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), which, queue }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('park' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      agent,
      state: fc.constantFrom('idle' as const, 'idle' as const, 'idle' as const, 'busy' as const, 'offline' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), agent }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 7_000, 21_000, 61_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Refusals are answers; anything else is a fault. */
const answered = (error: unknown) => {
  if (!(error instanceof FoyerError) || error.code === 'INTERNAL') throw error;
};

/** What happened, as far as the checks need it. */
interface History {
  sessions: Session[];
  closed: Set<string>;
  /** `session/agent` → until when the agent is left alone with it. */
  resting: Map<string, number>;
}

async function take(world: RoutingWorld, history: History, action: Step): Promise<void> {
  const { service, clock } = world;
  const chosen = async (n: number, states: readonly Session['state'][]) => {
    const some = (await everySession(world)).filter(({ state }) => states.includes(state));
    return some[n % Math.max(1, some.length)];
  };
  const rests = (sessionId: string, agentId: string) =>
    history.resting.set(`${sessionId}/${agentId}`, clock.now() + ringTime);
  switch (action.do) {
    case 'arrive':
      history.sessions.push(await world.session({ queueId: action.queue, priority: action.priority }));
      return;
    case 'answer': {
      const [offer] = await world.storage.routing.ringingOffersOf(tenantId, action.agent);
      if (offer !== undefined) await service.accept(action.agent, await world.read({ id: offer.sessionId }));
      return;
    }
    case 'grab': {
      const session = await chosen(action.which, openStates);
      if (session !== undefined) await service.accept(action.agent, session);
      return;
    }
    case 'decline': {
      const [offer] = await world.storage.routing.ringingOffersOf(tenantId, action.agent);
      if (offer === undefined) return;
      rests(offer.sessionId, action.agent);
      await service.decline(action.agent, await world.read({ id: offer.sessionId }));
      return;
    }
    case 'close': {
      const session = await chosen(action.which, openStates);
      if (session === undefined) return;
      history.closed.add(session.id);
      // Racing changes refuse it; like the session folder, try again.
      for (let attempt = 0; attempt < 5; attempt++) {
        try {
          return await world.close(session);
        } catch (error) {
          if (!(error instanceof Error && error.message.startsWith('closing was'))) throw error;
        }
      }
      return;
    }
    case 'give': {
      const session = await chosen(action.which, ['active', 'parked']);
      if (session === undefined || session.agentId === null) return;
      await service.transfer({ id: session.agentId, name: '' }, session, { agentId: action.agent });
      return;
    }
    case 'send': {
      const session = await chosen(action.which, ['active', 'parked']);
      if (session === undefined || session.agentId === null) return;
      rests(session.id, session.agentId);
      await service.transfer({ id: session.agentId, name: '' }, session, { queueId: action.queue });
      return;
    }
    case 'park': {
      const session = await chosen(action.which, ['active']);
      if (session?.state !== 'active' || session.agentId === null) return;
      await world.storage.unitOfWork.commit([
        ...(await world.slots.withdraw(session, clock.now(), 'parked')),
        {
          kind: 'update',
          record: 'session',
          where: { id: session.id },
          expect: { state: 'active', agentId: session.agentId },
          set: { state: 'parked', parkedAt: clock.now() },
          refusal: 'SESSION_CHANGED',
        },
        ...world.slots.free(tenantId, session.agentId, clock.now()),
      ]);
      world.signals.publish({ kind: 'agent', tenantId, accountId: session.agentId });
      return;
    }
    case 'resume': {
      const session = await chosen(action.which, ['parked']);
      if (session?.state !== 'parked' || session.agentId === null) return;
      const slot = await world.slots.take(tenantId, session.agentId, clock.now());
      await world.storage.unitOfWork.commit([
        {
          kind: 'update',
          record: 'session',
          where: { id: session.id },
          expect: { state: 'parked', agentId: session.agentId },
          set:
            slot === undefined
              ? { state: 'queued', agentId: null, preferredAgentId: session.agentId, parkedAt: null }
              : { state: 'active', parkedAt: null },
          refusal: 'SESSION_CHANGED',
        },
        ...(slot ?? (await world.slots.withdraw(session, clock.now(), 'requeued'))),
      ]);
      world.signals.publish({ kind: 'queue', tenantId, queueId: session.queueId });
      return;
    }
    case 'state':
      await service.setState(tenantId, action.agent, action.state, null);
      return;
    case 'lose':
      await service.lost(tenantId, action.agent);
      return;
    case 'connect':
      await service.connected(tenantId, action.agent);
      return;
    case 'wait':
      await world.pass(action.ms, 10_000);
      return;
    case 'crash':
      throw new Error('a crash ends the whole group: it is no step');
  }
}

/** A session may be stored though its process died before it could say so. */
async function everySession(world: RoutingWorld): Promise<Session[]> {
  const { items, next } = await world.storage.sessions.list(tenantId, {}, { limit: 200 });
  expect(next).toBeUndefined();
  return items;
}

async function check(world: RoutingWorld, history: History): Promise<void> {
  const { storage, clock } = world;
  const sessions = await everySession(world);
  expect(sessions.map(({ id }) => id)).toEqual(expect.arrayContaining(history.sessions.map(({ id }) => id)));
  const agents = await storage.routing.agents(tenantId);
  for (const one of agents) {
    const ringing = await storage.routing.ringingOffersOf(tenantId, one.id);
    const active = sessions.filter(({ state, agentId }) => state === 'active' && agentId === one.id);
    expect({ agent: one.id, load: one.load }).toEqual({ agent: one.id, load: ringing.length + active.length });
    expect(one.load).toBeLessThanOrEqual(one.capacity);
    if (one.state === 'offline') expect(one.load).toBe(0);
    // A timer claimed by a process that died is free again when its lease of 30 s ends.
    for (const { expiresAt } of ringing) expect(expiresAt).toBeGreaterThan(clock.now() - 31_000);
  }
  const queues = await storage.routing.queues(tenantId);
  for (const session of sessions) {
    const offer = await storage.routing.ringingOffer(session.id);
    const facts = { id: session.id, state: session.state, agentId: session.agentId, offer: offer?.kind ?? null };
    if (session.state === 'offered') expect(facts).toMatchObject({ agentId: null, offer: 'queue' });
    else if (session.state === 'queued') expect(facts).toMatchObject({ agentId: null, offer: null });
    else if (session.state === 'closed') {
      expect(facts).toMatchObject({ agentId: null, offer: null });
      expect(history.closed).toContain(session.id);
    } else {
      expect(facts.agentId).not.toBeNull();
      expect(facts.offer).not.toBe('queue');
    }
    const page = await storage.sessions.activities(tenantId, session.id, 'staff', 0, 10_000);
    expect(page.items.map(({ activity }) => activity.seq)).toEqual(
      Array.from({ length: session.lastSeq }, (_, n) => n + 1),
    );
    if (session.state !== 'queued') continue;
    const itsQueue = queues.find(({ id }) => id === session.queueId);
    const waitsForOne = (itsQueue?.lastAgentWait ?? 0) > 0 && session.preferredAgentId !== null;
    const idle = agents.filter(
      (one) =>
        isFree(one) &&
        one.queueIds.includes(session.queueId) &&
        Object.entries(itsQueue?.skills ?? {}).every(([skill, level]) => (one.skills[skill] ?? 0) >= level) &&
        (history.resting.get(`${session.id}/${one.id}`) ?? 0) <= clock.now(),
    );
    if (!waitsForOne)
      expect({ stuck: session.id, though: idle.map(({ id }) => id) }).toEqual({ stuck: session.id, though: [] });
  }
}

/** Everybody works: every session must reach an agent and its end. */
async function workOff(world: RoutingWorld, history: History): Promise<void> {
  for (let round = 0; round < 60; round++) {
    for (const id of agentIds) {
      await world.service.connected(tenantId, id);
      await world.service.setState(tenantId, id, 'idle', null);
    }
    await world.settle();
    for (const id of agentIds) {
      for (const offer of await world.storage.routing.ringingOffersOf(tenantId, id)) {
        await world.service.accept(id, await world.read({ id: offer.sessionId }));
      }
    }
    const open = (await everySession(world)).filter(({ state }) => state !== 'closed');
    if (open.length === 0) return;
    for (const session of open) {
      if (session.state !== 'active' && session.state !== 'parked') continue;
      history.closed.add(session.id);
      await world.close(session);
    }
    await world.pass(21_000, 21_000);
  }
  throw new Error('sessions were left over');
}

describe('routing, whatever happens', () => {
  it('keeps one owner, room, slots that add up, and leaves nobody waiting while somebody is free', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 40, size: 'max' }),
        async (groups) => {
          const world = await routingWorld();
          const history: History = { sessions: [], closed: new Set(), resting: new Map() };
          try {
            await world.queue('support', { picking: true });
            await world.queue('sales', { lastAgentWait: 3_000 });
            await world.queue('billing', { skills: { billing: 2 } });
            for (const id of agentIds) {
              await world.agent(id, {
                capacity: capacity[id],
                queueIds: id === 'ann' ? ['support', 'billing'] : [...queueIds],
                skills: { billing: id === 'cid' ? 3 : id === 'ann' ? 2 : 0 },
              });
            }
            for (const group of groups) {
              // Steps of a group happen at once.
              const steps = group.filter((one) => one.do !== 'crash');
              const underway = steps.map((one) => take(world, history, one).catch(answered));
              if (steps.length < group.length) await world.crash();
              else await Promise.all(underway);
              await world.settle();
              await check(world, history);
            }
            await workOff(world, history);
            expect(world.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([]);
          } finally {
            await world.end();
          }
        },
      ),
      { numRuns: Number(process.env.FOYER_PROPERTY_RUNS ?? 40), interruptAfterTimeLimit: 90_000 },
    );
  }, 120_000);
});
