import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoutingWorld, routingWorld, tenantId, waitingSession } from '../../test/support/routing-world.ts';

let world: RoutingWorld;
beforeEach(async () => {
  world = await routingWorld();
});
afterEach(async () => {
  await world.end();
});

describe('a lost desk', () => {
  it('gets no offers, keeps its sessions, and goes on when it is back in time', async () => {
    await world.agent('ann', { capacity: 3 });
    const session = await world.service.accept('ann', await world.session());
    await world.service.lost(tenantId, 'ann');
    const other = await world.session();
    expect(await world.ringsAt(other)).toBeUndefined();
    await world.pass(59_000, 10_000);
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'ann' });
    await world.service.connected(tenantId, 'ann');
    await world.settle();
    expect(await world.ringsAt(other)).toBe('ann');
    await world.service.accept('ann', other);
    await world.pass(120_000, 20_000);
    expect(await world.agentNow('ann')).toMatchObject({ state: 'idle', load: 2, lostSince: null });
  });

  it('past its grace gives everything back to the front, and gets it again when it returns', async () => {
    await world.queue('slow', { graceTime: 90_000 });
    await world.agent('ann', { capacity: 2, queueIds: ['support', 'slow'] });
    const session = await world.service.accept('ann', await world.session());
    await world.pass(1_000);
    const ringing = await world.session();
    await world.service.lost(tenantId, 'ann');
    const behind = await world.session();
    await world.pass(20_000, 10_000);
    expect(await world.read(ringing)).toMatchObject({ state: 'queued', preferredAgentId: null });
    await world.pass(69_000, 3_000);
    expect(await world.read(session)).toMatchObject({ state: 'active' });
    await world.pass(1_000);
    expect(await world.read(session)).toMatchObject({
      state: 'queued',
      agentId: null,
      preferredAgentId: 'ann',
      queuedAt: session.queuedAt,
    });
    expect(await world.agentNow('ann')).toMatchObject({ state: 'offline', reason: 'lost', load: 0 });
    expect(await world.lastEvent(session, 'session:requeued')).toEqual({
      agent: { id: 'ann', name: 'Ann' },
      reason: 'lost',
    });
    const order = await world.storage.routing.waitingOrder(tenantId, 'support');
    expect(order).toEqual([session.id, ringing.id, behind.id]);
    await world.service.connected(tenantId, 'ann');
    expect((await world.agentNow('ann')).state).toBe('offline');
    await world.agent('bob', { state: 'busy' });
    await world.service.setState(tenantId, 'ann', 'idle', null);
    await world.settle();
    expect(await world.ringsAt(session)).toBe('ann');
    expect((await world.lastEvent(session, 'offer:made')).because).toEqual(['last-agent']);
  });

  it('that returns at the very moment either keeps everything or has given it all back', async () => {
    await world.agent('ann', { capacity: 2 });
    const session = await world.service.accept('ann', await world.session());
    for (let n = 0; n < 5; n++) {
      await world.service.lost(tenantId, 'ann');
      await world.pass(59_999, 20_000);
      const back = world.clock.advance(1);
      await world.service.connected(tenantId, 'ann');
      await back;
      await world.settle();
      const { state, load, lostSince } = await world.agentNow('ann');
      expect(lostSince).toBeNull();
      const kept = (await world.read(session)).agentId === 'ann';
      expect({ state, load }).toEqual(kept ? { state: 'idle', load: 1 } : { state: 'offline', load: 0 });
      if (!kept) {
        await world.service.setState(tenantId, 'ann', 'idle', null);
        await world.settle();
        await world.service.accept('ann', session);
      }
    }
  });
});

describe('a state', () => {
  it('busy or away gets nothing new and keeps what it has', async () => {
    await world.agent('ann', { capacity: 3 });
    const session = await world.service.accept('ann', await world.session());
    for (const state of ['busy', 'away'] as const) {
      expect(await world.service.setState(tenantId, 'ann', state, 'paperwork')).toMatchObject({
        state,
        reason: 'paperwork',
      });
      expect(await world.ringsAt(await world.session())).toBeUndefined();
    }
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'ann' });
    await world.service.setState(tenantId, 'ann', 'idle', null);
    await world.settle();
    expect((await world.agentNow('ann')).load).toBe(3);
  });

  it('offline gives sessions and offers back at once', async () => {
    await world.agent('ann', { capacity: 3 });
    const active = await world.service.accept('ann', await world.session());
    const ringing = await world.session();
    await world.agent('bob', { capacity: 3 });
    const offered = await world.session();
    expect(await world.ringsAt(offered)).toBe('bob');
    const bobs = await world.service.accept('bob', offered);
    await world.service.transfer({ id: 'bob', name: 'Bob' }, bobs, { agentId: 'ann' });
    await world.service.setState(tenantId, 'ann', 'offline', 'signed-out');
    await world.settle();
    expect(await world.agentNow('ann')).toMatchObject({ state: 'offline', reason: 'signed-out', load: 0 });
    expect(await world.ringsAt(active)).toBe('bob');
    expect(await world.ringsAt(ringing)).toBe('bob');
    expect(await world.read(bobs)).toMatchObject({ state: 'active', agentId: 'bob' });
    expect(await world.lastEvent(bobs, 'transfer:refused')).toMatchObject({ agent: { id: 'ann' }, why: 'withdrawn' });
    expect(await world.logOf(ringing)).not.toContain('session:requeued');
    expect((await world.agentNow('bob')).load).toBe(3);
  });

  it('of an agent nobody knows, of another tenant’s, or wrap-up is refused', async () => {
    await world.agent('ann');
    const set = (tenant: string, id: string, state: 'idle' | 'wrap-up') =>
      world.service.setState(tenant, id, state, null);
    await expect(set(tenantId, 'nobody', 'idle')).rejects.toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
    await expect(set('other', 'ann', 'idle')).rejects.toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
    await expect(set(tenantId, 'ann', 'wrap-up')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is wrap-up after closing where the queue says so, and idle again by itself', async () => {
    await world.queue('support', { wrapUpTime: 30_000 });
    await world.agent('ann');
    await world.close(await world.service.accept('ann', await world.session()));
    expect((await world.agentNow('ann')).state).toBe('wrap-up');
    const next = await world.session();
    expect(await world.ringsAt(next)).toBeUndefined();
    await world.pass(30_000, 10_000);
    expect(await world.agentNow('ann')).toMatchObject({ state: 'idle' });
    expect(await world.ringsAt(next)).toBe('ann');
  });
});

describe('a restart', () => {
  it('loses no ringing offer: it rings out, or is taken', async () => {
    await world.agent('ann', { capacity: 2 });
    const [missed, taken] = [await world.session(), await world.session()];
    await world.pass(5_000);
    await world.restart();
    await world.service.connected(tenantId, 'ann');
    expect(await world.service.accept('ann', taken)).toMatchObject({ state: 'active', agentId: 'ann' });
    await world.pass(15_000);
    expect(await world.read(missed)).toMatchObject({ state: 'queued' });
    expect(await world.agentNow('ann')).toMatchObject({ state: 'away', reason: 'missed', load: 1 });
  });

  it('treats every desk as lost until it is back, for one grace period', async () => {
    await world.agent('ann');
    await world.agent('bob', { state: 'busy' });
    const session = await world.service.accept('ann', await world.session());
    await world.restart();
    expect((await world.agentNow('ann')).lostSince).toBe(world.clock.now());
    const waiting = await world.session();
    await world.service.connected(tenantId, 'bob');
    await world.service.setState(tenantId, 'bob', 'idle', null);
    await world.settle();
    expect(await world.ringsAt(waiting)).toBe('bob');
    await world.service.accept('bob', waiting);
    await world.pass(60_000, 20_000);
    expect(await world.read(session)).toMatchObject({ state: 'queued', preferredAgentId: 'ann' });
    expect(await world.agentNow('bob')).toMatchObject({ state: 'idle', load: 1 });
    expect(await world.agentNow('ann')).toMatchObject({ state: 'offline', load: 0 });
  });

  it('finds sessions that began to wait while nobody looked', async () => {
    await world.agent('ann');
    await world.service.stop();
    const session = await world.session();
    await world.restart();
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.service.connected(tenantId, 'ann');
    await world.settle();
    expect(await world.ringsAt(session)).toBe('ann');
  });

  it('is not needed for what no signal told: a sweep finds it', async () => {
    await world.agent('ann');
    const session = waitingSession('ses_silent', world.clock.now());
    await world.commit([{ kind: 'insert', record: 'session', values: session }]);
    await world.settle();
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.pass(10_000, 5_000);
    expect(await world.ringsAt(session)).toBe('ann');
  });
});
