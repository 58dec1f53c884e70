import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoutingWorld, routingWorld, tenantId } from '../../test/support/routing-world.ts';

let world: RoutingWorld;
beforeEach(async () => {
  world = await routingWorld();
});
afterEach(async () => {
  await world.end();
});

const refused = (code: string) => expect.objectContaining({ code });

describe('an offer', () => {
  it('rings at a free agent, with its slot, timer, log entry and right to read, and says why', async () => {
    await world.agent('bob', { state: 'busy' });
    await world.agent('ann');
    const session = await world.session();
    expect(await world.read(session)).toMatchObject({ state: 'offered', agentId: null });
    const offer = await world.storage.routing.ringingOffer(session.id);
    expect(offer).toMatchObject({ agentId: 'ann', kind: 'queue', expiresAt: world.clock.now() + 20_000 });
    expect(await world.agentNow('ann')).toMatchObject({ load: 1 });
    expect(await world.storage.sessions.participants(session.id)).toEqual([
      { sessionId: session.id, accountId: 'ann', role: 'offered', joinedAt: world.clock.now(), leftAt: null },
    ]);
    expect(await world.storage.timers.nextDue()).toBe(offer?.expiresAt);
    expect(await world.lastEvent(session, 'offer:made')).toEqual({
      offer: offer?.id,
      agent: { id: 'ann', name: 'Ann' },
      queue: { id: 'support', name: 'Queue support' },
      because: ['only-free-agent'],
      skipped: [{ agentId: 'bob', why: 'busy' }],
    });
    const page = await world.storage.sessions.activities(tenantId, session.id, 'all', 0, 100);
    expect(page.items).toEqual([]);
    const kinds = world.seen.filter(({ kind }) => kind === 'offer');
    expect(kinds).toContainEqual({
      kind: 'offer',
      tenantId,
      offerId: offer?.id,
      accountId: 'ann',
      sessionId: session.id,
    });
  });

  it('goes to who waits longest, higher priority first, when an agent comes free', async () => {
    const late = await world.session();
    const early = await world.session({ queuedAt: world.clock.now() - 60_000 });
    const urgent = await world.session({ priority: 1 });
    await world.agent('ann');
    for (const next of [urgent, early, late]) {
      expect(await world.ringsAt(next)).toBe('ann');
      await world.service.accept('ann', next);
      await world.close(next);
    }
  });

  it('never uses more slots than an agent has, the tenant’s default standing in for 0', async () => {
    await world.end();
    world = await routingWorld({ defaultCapacity: 3 });
    await world.agent('ann', { capacity: 0 });
    await Promise.all(Array.from({ length: 10 }, () => world.session()));
    await world.settle();
    expect((await world.agentNow('ann')).load).toBe(3);
    expect(await world.storage.routing.ringingOffersOf(tenantId, 'ann')).toHaveLength(3);
  });

  it('spreads sessions by share of load', async () => {
    await world.agent('ann', { capacity: 2 });
    await world.agent('bob', { capacity: 4 });
    for (let n = 0; n < 6; n++) await world.session();
    expect((await world.agentNow('ann')).load).toBe(2);
    expect((await world.agentNow('bob')).load).toBe(4);
  });

  it('reaches sessions of one queue though another queue’s long line has nobody free', async () => {
    await world.queue('sales');
    await world.agent('ann', { queueIds: ['sales'] });
    await Promise.all(Array.from({ length: 100 }, () => world.session({ queuedAt: 1 })));
    const last = await world.session({ queueId: 'sales' });
    expect(await world.ringsAt(last)).toBe('ann');
  });

  it('asks for the queue’s skills; a change of skills takes effect at once', async () => {
    await world.queue('billing', { skills: { billing: 3 } });
    await world.agent('ann', { queueIds: ['billing'], skills: { billing: 2 } });
    const session = await world.session({ queueId: 'billing' });
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.agent('ann', { queueIds: ['billing'], skills: { billing: 3 } });
    expect(await world.ringsAt(session)).toBe('ann');
  });

  it('waits exclusively for the last agent as long as the queue says, then goes to others', async () => {
    await world.queue('support', { lastAgentWait: 5_000 });
    await world.agent('ann', { state: 'busy' });
    await world.agent('bob');
    const session = await world.session({ preferredAgentId: 'ann' });
    await world.pass(4_900);
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.pass(100);
    expect(await world.ringsAt(session)).toBe('bob');
  });

  it('unanswered, goes to the next agent, makes the first away, and comes back to them in front', async () => {
    await world.agent('ann');
    const session = await world.session();
    await world.agent('bob');
    const behind = await world.session({ queuedAt: world.clock.now() + 1 });
    expect(await world.ringsAt(behind)).toBe('bob');
    await world.service.accept('bob', behind);
    await world.pass(20_000);
    expect(await world.agentNow('ann')).toMatchObject({ state: 'away', reason: 'missed', load: 0 });
    expect(await world.read(session)).toMatchObject({ state: 'queued', queuedAt: session.queuedAt });
    expect(await world.logOf(session)).toEqual(['offer:made', 'offer:missed']);
    const [part] = await world.storage.sessions.participants(session.id);
    expect(part?.leftAt).toBe(world.clock.now());
    const newer = await world.session();
    await world.close(behind);
    expect(await world.ringsAt(session)).toBe('bob');
    await world.pass(20_000);
    expect(await world.agentNow('bob')).toMatchObject({ state: 'away', load: 0 });
    await world.service.setState(tenantId, 'ann', 'idle', null);
    await world.settle();
    expect(await world.ringsAt(session)).toBe('ann');
    expect(await world.ringsAt(newer)).toBeUndefined();
    expect((await world.lastEvent(session, 'offer:made')).because).toContain('asked-again');
  });

  it('declined, goes to the next agent; the decliner stays idle and is asked again only when nobody else is left', async () => {
    await world.agent('ann');
    await world.agent('bob');
    const session = await world.session();
    const first = await world.ringsAt(session);
    const second = first === 'ann' ? 'bob' : 'ann';
    await world.service.decline(first ?? '', session, 'not mine');
    await world.settle();
    expect(await world.ringsAt(session)).toBe(second);
    expect(await world.agentNow(first ?? '')).toMatchObject({ state: 'idle', load: 0 });
    expect(await world.lastEvent(session, 'offer:declined')).toMatchObject({
      reason: 'not mine',
      agent: { id: first },
    });
    await world.service.decline(second, session);
    await world.settle();
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.pass(20_000);
    expect(await world.ringsAt(session)).toBe(first);
  });

  it('of one agent cannot be declined by another', async () => {
    await world.agent('ann');
    const session = await world.session();
    await world.agent('bob', { state: 'busy' });
    await expect(world.service.decline('bob', session)).rejects.toEqual(refused('ROUTING_NO_OFFER'));
    expect(await world.ringsAt(session)).toBe('ann');
  });

  it('stops ringing when its session closes, and frees the slot', async () => {
    await world.agent('ann');
    const session = await world.session();
    await world.close(session);
    expect(await world.ringsAt(session)).toBeUndefined();
    expect(await world.agentNow('ann')).toMatchObject({ load: 0, state: 'idle' });
    expect(await world.storage.timers.nextDue()).toBeUndefined();
    await expect(world.service.accept('ann', session)).rejects.toEqual(refused('SESSION_CLOSED'));
  });
});

describe('accepting', () => {
  it('gives the session to the agent: state, slot, log and part', async () => {
    await world.agent('ann');
    const session = await world.session();
    const answered = await world.service.accept('ann', session);
    expect(answered).toMatchObject({ state: 'active', agentId: 'ann', assignedAt: world.clock.now() });
    expect(await world.agentNow('ann')).toMatchObject({ load: 1 });
    expect(await world.logOf(session)).toEqual([
      'offer:made',
      'offer:accepted',
      'session:assigned',
      'participant:joined',
    ]);
    expect(await world.lastEvent(session, 'session:assigned')).toEqual({ agent: { id: 'ann', name: 'Ann' } });
    expect(await world.storage.sessions.participants(session.id)).toContainEqual(
      expect.objectContaining({ accountId: 'ann', role: 'agent', leftAt: null }),
    );
    expect(await world.storage.timers.nextDue()).toBeUndefined();
    await world.pass(60_000, 20_000);
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'ann' });
  });

  it('twice by the same agent answers the session', async () => {
    await world.agent('ann');
    const session = await world.session();
    const answers = await Promise.all([world.service.accept('ann', session), world.service.accept('ann', session)]);
    expect(answers.map(({ agentId }) => agentId)).toEqual(['ann', 'ann']);
    expect((await world.agentNow('ann')).load).toBe(1);
    expect((await world.logOf(session)).filter((name) => name === 'session:assigned')).toHaveLength(1);
  });

  it('without an offer is refused, unless the queue allows picking', async () => {
    await world.agent('ann', { state: 'busy', capacity: 1 });
    const session = await world.session();
    await expect(world.service.accept('ann', session)).rejects.toEqual(refused('ROUTING_NO_OFFER'));
    await world.queue('support', { picking: true });
    expect(await world.service.accept('ann', session)).toMatchObject({ state: 'active', agentId: 'ann' });
    const another = await world.session();
    await expect(world.service.accept('ann', another)).rejects.toEqual(refused('ROUTING_AT_CAPACITY'));
    await world.agent('zoe', { queueIds: ['sales'] });
    await expect(world.service.accept('zoe', another)).rejects.toEqual(refused('ROUTING_NO_OFFER'));
    await expect(world.service.accept('zoe', session)).rejects.toEqual(refused('ROUTING_ALREADY_ASSIGNED'));
    await world.agent('off', { state: 'offline' });
    await expect(world.service.accept('off', another)).rejects.toEqual(refused('ROUTING_AGENT_UNAVAILABLE'));
  });

  it('at once by two agents, a hundred times: exactly one wins', async () => {
    await world.queue('support', { picking: true });
    await world.agent('ann', { state: 'busy', capacity: 100 });
    await world.agent('bob', { state: 'busy', capacity: 100 });
    const won = { ann: 0, bob: 0 };
    for (let n = 0; n < 100; n++) {
      const session = await world.session();
      const order = n % 2 === 0 ? (['ann', 'bob'] as const) : (['bob', 'ann'] as const);
      const results = await Promise.allSettled(order.map((id) => world.service.accept(id, session)));
      const owner = (await world.read(session)).agentId as 'ann' | 'bob';
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const [loser] = results.filter((result) => result.status === 'rejected');
      expect(loser?.reason).toEqual(refused('ROUTING_ALREADY_ASSIGNED'));
      won[owner] += 1;
    }
    expect(won.ann + won.bob).toBe(100);
    expect((await world.agentNow('ann')).load).toBe(won.ann);
    expect((await world.agentNow('bob')).load).toBe(won.bob);
  });

  it('while another agent declines or misses it has one outcome', async () => {
    await world.agent('ann', { capacity: 50 });
    for (let n = 0; n < 20; n++) {
      const session = await world.session();
      const [accepted, declined] = await Promise.allSettled([
        world.service.accept('ann', session),
        world.service.decline('ann', session),
      ]);
      expect([accepted.status, declined.status].sort()).toEqual(['fulfilled', 'rejected']);
      const { state } = await world.read(session);
      expect(state).toBe(accepted.status === 'fulfilled' ? 'active' : 'queued');
      await world.close(session);
    }
    expect((await world.agentNow('ann')).load).toBe(0);
  });
});

describe('places in a queue', () => {
  it('count those ahead, higher priority first, and move up', async () => {
    await world.queue('sales');
    const second = await world.session();
    const third = await world.session({ queuedAt: world.clock.now() + 1 });
    const first = await world.session({ priority: 5 });
    const elsewhere = await world.session({ queueId: 'sales' });
    const places = async () =>
      Promise.all([first, second, third, elsewhere].map(async (one) => world.service.position(await world.read(one))));
    expect(await places()).toEqual([1, 2, 3, 1]);
    await world.agent('ann');
    expect(await places()).toEqual([1, 2, 3, 1]);
    await world.service.accept('ann', first);
    expect(await places()).toEqual([undefined, 1, 2, 1]);
    await world.close(second);
    expect(await places()).toEqual([undefined, undefined, 1, 1]);
  });
});
