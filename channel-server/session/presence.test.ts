import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hour, minute, type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';
import { reconnectTime } from './start-sessions.ts';

let house: SessionHouse;
let session: Session;
beforeEach(async () => {
  house = await sessionHouse();
  await house.addAgent('ann');
  await house.sessions.back('default', 'web', ['visitor:v1']);
  const { conversation } = await house.say('c1');
  session = await house.session(conversation.id);
  house.signals.length = 0;
});
afterEach(() => house.close());

const gone = () => house.sessions.gone('default', 'web', ['visitor:v1']);
const back = () => house.sessions.back('default', 'web', ['visitor:v1']);

describe('a visitor who goes while waiting', () => {
  it('has abandoned the session after the channel’s time', async () => {
    await gone();
    expect((await house.session(session.id)).goneSince).toBe(house.clock.now());
    expect(house.signals.map(({ kind }) => kind)).toEqual(['session']);
    await house.pass(2 * minute - 1);
    expect((await house.session(session.id)).state).toBe('queued');
    await house.pass(1);
    expect(await house.session(session.id)).toMatchObject({
      state: 'closed',
      closeReason: 'abandoned',
      closedBy: 'system',
    });
    expect(await house.timerIds()).toEqual([]);
  });

  it('and comes back in time has lost nothing', async () => {
    await gone();
    await house.pass(minute);
    await back();
    expect((await house.session(session.id)).goneSince).toBeNull();
    await house.pass(10 * minute);
    expect((await house.session(session.id)).state).toBe('queued');
    expect(await house.story(session.id)).toEqual(['message', 'session:queued']);
  });

  it('and comes back and goes again has the whole time again', async () => {
    await gone();
    await house.pass(minute + 50_000);
    await back();
    await gone();
    await house.pass(minute);
    expect((await house.session(session.id)).state).toBe('queued');
    await house.pass(minute);
    expect((await house.session(session.id)).state).toBe('closed');
  });

  it('but still writes, by whatever way, is not taken for gone', async () => {
    await gone();
    await house.pass(minute);
    await house.say('c2');
    await house.pass(minute);
    expect((await house.session(session.id)).state).toBe('queued');
    await house.pass(minute);
    expect((await house.session(session.id)).state).toBe('closed');
  });

  it('in the moment of the first message is seen gone', async () => {
    const first = house.say('d1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    await Promise.all([first, house.sessions.gone('default', 'web', ['visitor:v2'])]);
    expect((await house.session((await first).conversation.id)).goneSince).not.toBeNull();
  });

  it('with pages that come and go in one moment is there when the last word was that one came', async () => {
    await Promise.all([gone(), back(), gone(), back()]);
    expect((await house.session(session.id)).goneSince).toBeNull();
    await Promise.all([gone(), back(), gone()]);
    expect((await house.session(session.id)).goneSince).not.toBeNull();
  });
});

describe('a visitor who goes while served', () => {
  it('is shown gone and back to the company’s people, and the session goes on', async () => {
    await house.assign(session.id, 'ann');
    await gone();
    await gone();
    await house.pass(10 * minute);
    expect((await house.session(session.id)).state).toBe('active');
    await back();
    await back();
    const events = (await house.log(session.id)).slice(2);
    expect(events.map(({ name, audience }) => [name, audience])).toEqual([
      ['participant:gone', 'staff'],
      ['participant:back', 'staff'],
    ]);
  });

  it('ends by inactivity when nobody writes any more', async () => {
    await house.assign(session.id, 'ann');
    await gone();
    await house.pass(hour);
    expect(await house.session(session.id)).toMatchObject({ state: 'closed', closeReason: 'inactive' });
    expect(await house.load('ann')).toBe(0);
  });

  it('abandons it when it goes back to the queue without them', async () => {
    await house.assign(session.id, 'ann');
    await gone();
    await house.pass(minute);
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'session', where: { id: session.id }, set: { state: 'queued', agentId: null } },
    ]);
    await house.pass(minute);
    expect(await house.session(session.id)).toMatchObject({ state: 'closed', closeReason: 'abandoned' });
  });
});

describe('on a channel without presence', () => {
  it('nobody is ever gone', async () => {
    const line = { channel: { id: 'line', type: 'line' }, conversations: ['user:u1'] };
    const { conversation } = await house.say('l1', line);
    await house.sessions.gone('default', 'line', ['user:u1']);
    expect((await house.session(conversation.id)).goneSince).toBeNull();
  });
});

describe('after a restart', () => {
  it('a waiting visitor who does not come back has abandoned the session', async () => {
    house = await house.restart();
    await house.sessions.start(['web']);
    expect(await house.timerIds()).toContain(`session:abandon/${session.id}`);
    await house.pass(reconnectTime);
    expect((await house.session(session.id)).goneSince).toBe(house.clock.now());
    await house.pass(2 * minute);
    expect(await house.session(session.id)).toMatchObject({ state: 'closed', closeReason: 'abandoned' });
  });

  it('one who comes back goes on, and nobody is told they were away', async () => {
    await house.assign(session.id, 'ann');
    house = await house.restart();
    await house.sessions.start(['web']);
    await house.pass(1_000);
    await back();
    await house.pass(10 * minute);
    expect(await house.session(session.id)).toMatchObject({ state: 'active', goneSince: null });
    expect(await house.story(session.id)).toEqual(['message', 'session:queued']);
  });

  it('one who was gone before it is still timed from then', async () => {
    await gone();
    await house.pass(minute);
    house = await house.restart();
    await house.sessions.start(['web']);
    await house.pass(minute);
    expect(await house.session(session.id)).toMatchObject({ state: 'closed', closeReason: 'abandoned' });
  });

  it('a session gets the timers its channel’s rules ask for by now', async () => {
    await house.assign(session.id, 'ann');
    await house.answer(await house.session(session.id), 'a1');
    const lifecycle = house.lifecycles.get('web');
    if (lifecycle !== undefined) house.lifecycles.set('web', { ...lifecycle, parkAfter: minute });
    await house.pass(5 * minute);
    house = await house.restart();
    await house.sessions.start(['web', 'line']);
    await house.pass(0);
    expect((await house.session(session.id)).state).toBe('parked');
  });
});
