import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hour, minute, type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';

const line = {
  channel: { id: 'line', type: 'line' },
  conversations: ['user:u1'],
  from: { id: 'u1', role: 'user' },
  keyScope: 'channel:line',
} as const;

let house: SessionHouse;
let session: Session;
beforeEach(async () => {
  house = await sessionHouse();
  await house.addAgent('ann');
  const { conversation } = await house.say('c1', line);
  session = await house.assign(conversation.id, 'ann');
  house.signals.length = 0;
});
afterEach(() => house.close());

const state = async () => (await house.session(session.id)).state;

describe('parking', () => {
  it('frees the agent when the customer has been silent since the answer', async () => {
    await house.answer(session, 'a1');
    await house.pass(15 * minute - 1);
    expect(await state()).toBe('active');
    house.signals.length = 0;
    await house.pass(1);
    expect(await house.session(session.id)).toMatchObject({
      state: 'parked',
      agentId: 'ann',
      parkedAt: house.clock.now(),
    });
    expect(await house.load('ann')).toBe(0);
    expect((await house.story(session.id)).at(-1)).toBe('session:parked');
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'session', 'agent']);
    expect(await house.timerIds()).toEqual([`session:inactive/${session.id}`]);
  });

  it('waits from the last word, whoever said it', async () => {
    await house.answer(session, 'a1');
    await house.pass(10 * minute);
    await house.say('c2', line);
    await house.pass(2 * minute);
    await house.answer(session, 'a2');
    await house.pass(3 * minute);
    expect(await state()).toBe('active');
    await house.pass(12 * minute - 1);
    expect(await state()).toBe('active');
    await house.pass(1);
    expect(await state()).toBe('parked');
  });

  it('never happens while the customer waits for an answer', async () => {
    await house.pass(24 * hour);
    expect(await state()).toBe('active');
    await house.answer(session, 'a1');
    await house.pass(minute);
    await house.say('c2', line);
    await house.pass(hour);
    expect(await state()).toBe('active');
    expect(await house.timerIds()).toEqual([`session:inactive/${session.id}`]);
    await house.answer(session, 'a2');
    await house.pass(15 * minute);
    expect(await state()).toBe('parked');
  });

  it('at once, where the channel says so', async () => {
    const lifecycle = house.lifecycles.get('line');
    if (lifecycle !== undefined) house.lifecycles.set('line', { ...lifecycle, parkAfter: 0 });
    await house.answer(session, 'a1');
    await house.pass(0);
    expect(await state()).toBe('parked');
  });

  it('at the same moment as a message ends in one consistent state', async () => {
    for (let round = 0; round < 5; round += 1) {
      await house.answer(await house.session(session.id), `a${round}`);
      const message = house.clock.advance(15 * minute);
      await house.say(`m${round}`, line);
      await message;
      await house.pass(0);
      const now = await house.session(session.id);
      expect(now.state).toBe('active');
      expect(now.waitingSince).not.toBeNull();
      expect(await house.load('ann')).toBe(1);
    }
    const log = await house.log(session.id);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
  });

  it('lets the agent write on without waking it', async () => {
    await house.answer(session, 'a1');
    await house.pass(15 * minute);
    await house.answer(session, 'a2');
    expect(await state()).toBe('parked');
    await house.pass(20 * minute);
    expect(await state()).toBe('parked');
    expect(await house.load('ann')).toBe(0);
  });

  it('waits while a transfer rings', async () => {
    await house.addAgent('bob');
    await house.answer(session, 'a1');
    const at = house.clock.now();
    await house.storage.unitOfWork.commit([
      {
        kind: 'insert',
        record: 'offer',
        values: {
          id: 'off_1',
          tenantId: 'default',
          sessionId: session.id,
          queueId: 'support',
          agentId: 'bob',
          kind: 'transfer',
          fromAgentId: 'ann',
          state: 'ringing',
          madeAt: at,
          expiresAt: at + 20_000,
          endedAt: null,
          reason: null,
        },
      },
    ]);
    await house.pass(15 * minute);
    expect(await state()).toBe('active');
    expect((await house.storage.routing.ringingOffer(session.id))?.state).toBe('ringing');
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'offer', where: { id: 'off_1' }, set: { state: 'missed' } },
    ]);
    await house.pass(minute);
    expect(await state()).toBe('parked');
  });
});

describe('inactivity', () => {
  it('closes what nobody wrote in for long, parked or active', async () => {
    await house.answer(session, 'a1');
    await house.pass(15 * minute);
    await house.pass(48 * hour - 15 * minute - 1);
    expect(await state()).toBe('parked');
    await house.pass(1);
    expect(await house.session(session.id)).toMatchObject({
      state: 'closed',
      closeReason: 'inactive',
      closedBy: 'system',
      preferredAgentId: 'ann',
    });
    expect(await house.timerIds()).toEqual([]);
  });

  it('counts from the last word, with one timer that nobody moves meanwhile', async () => {
    await house.pass(40 * hour);
    await house.say('c2', line);
    await house.pass(8 * hour);
    expect(await state()).toBe('active');
    expect(await house.storage.timers.nextDue()).toBe(house.clock.now() + 40 * hour);
    await house.pass(40 * hour);
    expect(await state()).toBe('closed');
  });

  it('never closes a session that waits for an agent', async () => {
    const other = await house.say('o1', { ...line, conversations: ['user:u2'] });
    await house.pass(200 * hour);
    expect((await house.session(other.conversation.id)).state).toBe('queued');
    await house.assign(other.conversation.id, 'ann');
    await house.answer(await house.session(other.conversation.id), 'a9');
    for (let day = 0; day < 5; day += 1) await house.pass(24 * hour);
    expect((await house.session(other.conversation.id)).state).toBe('closed');
  });

  it('at the same moment as a message never closes over it', async () => {
    await house.pass(48 * hour - 1);
    const moving = house.clock.advance(1);
    const message = await house.say('c2', line);
    await moving;
    await house.pass(0);
    const log = await house.log(session.id);
    const end = log.findIndex(({ name }) => name === 'session:closed');
    if (end >= 0) expect(log.findIndex(({ id }) => id === message.id)).toBeGreaterThan(end);
    expect(await state()).toBe(end >= 0 ? 'queued' : 'active');
  });

  it('looks again later while its channel is switched off', async () => {
    const lifecycle = house.lifecycles.get('line');
    house.lifecycles.delete('line');
    await house.pass(48 * hour);
    expect(await state()).toBe('active');
    if (lifecycle !== undefined) house.lifecycles.set('line', lifecycle);
    await house.pass(hour);
    expect(await state()).toBe('closed');
  });
});

describe('a timer that looked at a session just before it changed', () => {
  it('parks nothing that the customer has written in since', async () => {
    await house.answer(session, 'a1');
    house.between(() => house.say('c2', line));
    await house.pass(15 * minute);
    expect(await house.session(session.id)).toMatchObject({ state: 'active', waitingSince: house.clock.now() });
    expect(await house.load('ann')).toBe(1);
  });

  it('closes nothing that somebody has written in since', async () => {
    house.between(() => house.say('c2', line));
    await house.pass(48 * hour);
    expect(await state()).toBe('active');
    expect(await house.story(session.id)).not.toContain('session:closed');
    await house.pass(48 * hour);
    expect(await state()).toBe('closed');
  });

  it('abandons nothing whose customer has come back since', async () => {
    const { conversation } = await house.say('w1', { conversations: ['visitor:v9'] });
    await house.sessions.gone('default', 'web', ['visitor:v9']);
    // Back on another node, whose attendance this one does not know.
    const twin = await house.twin();
    house.between(() => twin.sessions.back('default', 'web', ['visitor:v9']));
    await twin.runner.stop();
    await house.pass(2 * minute);
    expect(await house.session(conversation.id)).toMatchObject({ state: 'queued', goneSince: null });
  });

  it('does not go when the agent has answered since, and counts on it', async () => {
    await house.answer(session, 'a1');
    await house.say('c2', line);
    house.between(() => house.answer(session, 'a2'));
    await house.pass(15 * minute);
    expect(await state()).toBe('active');
    await house.pass(15 * minute);
    expect(await state()).toBe('parked');
  });
});

describe('timers', () => {
  it('that fell due while the server was down run at its next start', async () => {
    await house.answer(session, 'a1');
    const again = house.restart();
    await house.clock.advance(0);
    house = await again;
    await house.pass(15 * minute);
    expect(await state()).toBe('parked');
    await house.runner.stop();
    await house.clock.advance(48 * hour);
    house = await house.restart();
    await house.pass(0);
    expect(await state()).toBe('closed');
  });
});
