import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RoutingWorld, routingWorld, tenantId } from '../../test/support/routing-world.ts';
import type { Session } from '../session/session.ts';

let world: RoutingWorld;
let session: Session;
const ann = { id: 'ann', name: 'Ann' };
const refused = (code: string) => expect.objectContaining({ code });

beforeEach(async () => {
  world = await routingWorld();
  await world.agent('ann', { capacity: 2 });
  session = await world.session();
  session = await world.service.accept('ann', session);
  await world.agent('bob');
});
afterEach(async () => {
  await world.end();
});

describe('a transfer to an agent', () => {
  it('rings there while the session stays, and moves it when accepted', async () => {
    await world.service.transfer(ann, session, { agentId: 'bob', note: 'wants a refund' });
    expect(await world.ringsAt(session)).toBe('bob');
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'ann' });
    expect((await world.agentNow('ann')).load).toBe(1);
    expect((await world.agentNow('bob')).load).toBe(1);
    expect((await world.logOf(session)).slice(-2)).toEqual(['message', 'transfer:requested']);
    const { items } = await world.storage.sessions.newestActivities(tenantId, session.id, 'staff', 2);
    expect(items[0]?.activity).toMatchObject({ text: 'wants a refund', audience: 'staff', from: { id: 'ann' } });
    expect(JSON.stringify(items[1])).not.toContain('refund');

    const moved = await world.service.accept('bob', session);
    expect(moved).toMatchObject({ state: 'active', agentId: 'bob', queueId: 'support' });
    expect((await world.agentNow('ann')).load).toBe(0);
    expect((await world.agentNow('bob')).load).toBe(1);
    expect((await world.logOf(session)).slice(-5)).toEqual([
      'offer:accepted',
      'session:transferred',
      'participant:left',
      'session:assigned',
      'participant:joined',
    ]);
    const parts = await world.storage.sessions.participants(session.id);
    expect(parts).toContainEqual(
      expect.objectContaining({ accountId: 'ann', role: 'agent', leftAt: world.clock.now() }),
    );
    expect(parts).toContainEqual(expect.objectContaining({ accountId: 'bob', role: 'agent', leftAt: null }));
  });

  it('declined or unanswered stays where it was, with a notice', async () => {
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.service.decline('bob', session, 'at lunch');
    expect(await world.lastEvent(session, 'transfer:refused')).toMatchObject({
      agent: { id: 'bob' },
      why: 'declined',
      reason: 'at lunch',
    });
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.pass(20_000);
    expect(await world.lastEvent(session, 'transfer:refused')).toMatchObject({ agent: { id: 'bob' }, why: 'missed' });
    expect(await world.agentNow('bob')).toMatchObject({ state: 'away', reason: 'missed', load: 0 });
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'ann' });
    expect((await world.agentNow('ann')).load).toBe(1);
  });

  it('asked twice rings once; to another agent it takes the first back', async () => {
    await world.agent('cid');
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.service.transfer(ann, session, { agentId: 'bob' });
    expect((await world.logOf(session)).filter((name) => name === 'transfer:requested')).toHaveLength(1);
    await world.service.transfer(ann, session, { agentId: 'cid' });
    expect(await world.ringsAt(session)).toBe('cid');
    expect((await world.agentNow('bob')).load).toBe(0);
    await expect(world.service.accept('bob', session)).rejects.toEqual(refused('ROUTING_ALREADY_ASSIGNED'));
  });

  it('is refused to oneself, to nobody, to strangers, and to who cannot take it', async () => {
    const to = (target: { agentId?: string; queueId?: string }) => world.service.transfer(ann, session, target);
    await world.agent('eve', { tenantId: 'other', queueIds: [] });
    await world.agent('off', { state: 'offline' });
    await world.agent('dan', { state: 'busy' });
    await world.agent('low', { capacity: 1 });
    const filler = await world.session();
    const filled = (await world.ringsAt(filler)) ?? '';
    await expect(to({ agentId: 'ann' })).rejects.toEqual(refused('REQUEST_CONFLICT'));
    await expect(to({ agentId: 'nobody' })).rejects.toEqual(refused('ROUTING_AGENT_NOT_FOUND'));
    await expect(to({ agentId: 'eve' })).rejects.toEqual(refused('ROUTING_AGENT_NOT_FOUND'));
    await expect(to({ agentId: 'off' })).rejects.toEqual(refused('ROUTING_AGENT_UNAVAILABLE'));
    await expect(to({ agentId: 'dan' })).rejects.toEqual(refused('ROUTING_AGENT_UNAVAILABLE'));
    await expect(to({ agentId: filled })).rejects.toEqual(refused('ROUTING_AT_CAPACITY'));
    await expect(to({ queueId: 'nowhere' })).rejects.toEqual(refused('ROUTING_QUEUE_NOT_FOUND'));
    await expect(to({})).rejects.toEqual(refused('REQUEST_INVALID'));
    await expect(to({ agentId: 'bob', queueId: 'support' })).rejects.toEqual(refused('REQUEST_INVALID'));
    await world.service.lost(tenantId, 'bob');
    if (filled !== 'bob') await expect(to({ agentId: 'bob' })).rejects.toEqual(refused('ROUTING_AGENT_UNAVAILABLE'));
    await world.close(session);
    await expect(to({ queueId: 'support' })).rejects.toEqual(refused('SESSION_CLOSED'));
    expect(await world.read(filler)).toMatchObject({ state: 'offered' });
  });

  it('of a parked session that goes back to its queue meanwhile ends, and the session is offered', async () => {
    const at = world.clock.now();
    const parked = { state: 'parked', parkedAt: at } as const;
    await world.commit([
      { kind: 'update', record: 'session', where: { id: session.id }, set: parked },
      ...world.slots.free(tenantId, 'ann', at),
    ]);
    await world.service.transfer(ann, session, { agentId: 'bob' });
    const queued = { state: 'queued', agentId: null, preferredAgentId: 'ann', parkedAt: null } as const;
    await world.commit([{ kind: 'update', record: 'session', where: { id: session.id }, set: queued }]);
    world.signals.publish({ kind: 'queue', tenantId, queueId: 'support' });
    await world.settle();
    expect(await world.ringsAt(session)).toBe('ann');
    expect((await world.agentNow('bob')).load).toBe(0);
  });

  it('is refused when the session has gone to somebody else meanwhile', async () => {
    await world.queue('sales');
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.service.accept('bob', session);
    const late = world.service.transfer(ann, session, { queueId: 'sales' });
    await expect(late).rejects.toEqual(refused('SESSION_CHANGED'));
    expect(await world.read(session)).toMatchObject({ state: 'active', agentId: 'bob' });
  });

  it('ends when the session closes, even if both happen at once', async () => {
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.close(session);
    expect((await world.agentNow('bob')).load).toBe(0);
    const next = await world.session();
    const holder = (await world.ringsAt(next)) ?? '';
    const given = await world.service.accept(holder, next);
    const other = holder === 'ann' ? 'bob' : 'ann';
    await Promise.all([
      world.close(given),
      world.service.transfer({ id: holder, name: holder }, given, { agentId: other }).catch(() => {}),
    ]);
    await world.settle();
    expect(await world.ringsAt(given)).toBeUndefined();
    expect((await world.agentNow('ann')).load + (await world.agentNow('bob')).load).toBe(0);
  });
});

describe('a transfer to a queue', () => {
  it('releases the session at once, behind those who wait there', async () => {
    await world.queue('sales');
    const waiting = await world.session({ queueId: 'sales' });
    await world.pass(5_000);
    await world.service.transfer(ann, session, { queueId: 'sales', note: 'wants a sofa' });
    await world.settle();
    const released = await world.read(session);
    expect(released).toMatchObject({
      state: 'queued',
      queueId: 'sales',
      agentId: null,
      preferredAgentId: null,
      queuedAt: world.clock.now(),
    });
    expect(await world.service.position(released)).toBe(2);
    expect((await world.agentNow('ann')).load).toBe(0);
    expect((await world.logOf(session)).slice(-3)).toEqual(['message', 'session:transferred', 'participant:left']);
    expect(await world.lastEvent(session, 'session:transferred')).toEqual({
      from: ann,
      queue: { id: 'sales', name: 'Queue sales' },
    });
    await world.agent('sue', { queueIds: ['sales'], capacity: 1 });
    expect(await world.ringsAt(waiting)).toBe('sue');
  });

  it('takes a ringing transfer back', async () => {
    await world.queue('sales');
    await world.service.transfer(ann, session, { agentId: 'bob' });
    await world.service.transfer(ann, session, { queueId: 'sales' });
    await world.settle();
    expect(await world.ringsAt(session)).toBeUndefined();
    expect((await world.agentNow('bob')).load).toBe(0);
  });

  it('does not ring straight back at who released it', async () => {
    await world.service.setState(tenantId, 'bob', 'away', null);
    await world.service.transfer(ann, session, { queueId: 'support' });
    await world.settle();
    expect(await world.ringsAt(session)).toBeUndefined();
    await world.service.setState(tenantId, 'bob', 'idle', null);
    await world.settle();
    expect(await world.ringsAt(session)).toBe('bob');
  });

  it('moves a session that still waits and lets it keep its time', async () => {
    await world.queue('sales');
    await world.service.setState(tenantId, 'bob', 'away', null);
    await world.service.setState(tenantId, 'ann', 'busy', null);
    const waiting = await world.session();
    await world.pass(3_000);
    await world.service.transfer({ id: 'sup', name: 'Sup' }, waiting, { queueId: 'sales' });
    expect(await world.read(waiting)).toMatchObject({ state: 'queued', queueId: 'sales', queuedAt: waiting.queuedAt });
  });
});
