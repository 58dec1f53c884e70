import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';

const ann = { id: 'ann', name: 'Ann', role: 'agent' } as const;
const visitor = { id: 'v1', role: 'user' } as const;

let house: SessionHouse;
let waiting: Session;
beforeEach(async () => {
  house = await sessionHouse();
  await house.addAgent('ann');
  const { conversation } = await house.say('c1');
  waiting = await house.session(conversation.id);
  house.signals.length = 0;
});
afterEach(() => house.close());

const ring = async (session: Session, kind: 'queue' | 'transfer', agentId: string) => {
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
        agentId,
        kind,
        fromAgentId: null,
        state: 'ringing',
        madeAt: at,
        expiresAt: at + 20_000,
        endedAt: null,
        reason: null,
      },
    },
    { kind: 'update', record: 'agent', where: { id: agentId }, set: { load: { add: 1 } } },
  ]);
};

describe('closing', () => {
  it('an active session frees its agent and says why and by whom', async () => {
    const session = await house.assign(waiting.id, 'ann');
    const closed = await house.sessions.close(session, ann, 'resolved');
    expect(closed).toEqual(await house.session(session.id));
    expect(closed).toMatchObject({
      state: 'closed',
      agentId: null,
      preferredAgentId: 'ann',
      closedAt: house.clock.now(),
      closeReason: 'resolved',
      closedBy: 'ann',
      waitingSince: null,
    });
    expect(await house.load('ann')).toBe(0);
    expect(await house.timerIds()).toEqual([]);
    const last = (await house.log(session.id)).at(-1);
    expect(last).toMatchObject({ name: 'session:closed', audience: 'all', from: ann });
    expect(last?.value).toEqual({ reason: 'resolved', by: 'ann' });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'session', 'agent']);
    expect((await house.storage.sessions.participants(session.id))[0]?.leftAt).toBe(house.clock.now());
  });

  it('a waiting session by its customer leaves the queue', async () => {
    const closed = await house.sessions.close(waiting, visitor, 'customer-left');
    expect(closed).toMatchObject({ state: 'closed', closedBy: 'visitor', closeReason: 'customer-left' });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'session', 'queue']);
  });

  it('a session that rings withdraws the offer and frees its slot', async () => {
    await ring(waiting, 'queue', 'ann');
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'session', where: { id: waiting.id }, set: { state: 'offered' } },
    ]);
    await house.sessions.close(waiting, visitor, 'customer-left');
    expect(await house.load('ann')).toBe(0);
    expect(await house.storage.routing.ringingOffer(waiting.id)).toBeUndefined();
    expect(await house.story(waiting.id)).toEqual(['message', 'session:queued', 'offer:withdrawn', 'session:closed']);
    expect(house.signals.map(({ kind }) => kind)).toEqual([
      'activity',
      'activity',
      'offer',
      'agent',
      'session',
      'queue',
    ]);
  });

  it('an active session whose transfer rings frees both agents', async () => {
    await house.addAgent('bob');
    const session = await house.assign(waiting.id, 'ann');
    await ring(session, 'transfer', 'bob');
    await house.sessions.close(session, ann, 'resolved');
    expect([await house.load('ann'), await house.load('bob')]).toEqual([0, 0]);
  });

  it('again, by both sides at once, or from an old view, closes once and frees once', async () => {
    const session = await house.assign(waiting.id, 'ann');
    const answers = await Promise.all([
      house.sessions.close(session, ann, 'resolved'),
      house.sessions.close(waiting, visitor, 'customer-left'),
      (await house.twin()).sessions.close(session, ann, 'spam'),
    ]);
    expect(new Set(answers.map(({ closeReason }) => closeReason)).size).toBe(1);
    const [first] = answers;
    expect(await house.sessions.close(session, visitor, 'customer-left')).toEqual(first);
    expect((await house.story(session.id)).filter((name) => name === 'session:closed')).toHaveLength(1);
    expect(await house.load('ann')).toBe(0);
  });

  it('at the same moment as messages loses none of them: each is before the end, or opens the session again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const messages = [0, 1, 2].map((n) => house.say(`m${round}-${n}`));
      const [closed] = await Promise.all([house.sessions.close(waiting, visitor, 'customer-left'), ...messages]);
      const session = await house.session(closed.id);
      const log = await house.log(session.id);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
      const lastEnd = log.findLastIndex(({ name }) => name === 'session:closed');
      const after = log.slice(lastEnd + 1);
      expect(after.some(({ type }) => type === 'message')).toBe(session.state === 'queued');
      for (const message of messages) expect(log).toContainEqual(await message);
      waiting = await house.session(session.id);
      if (waiting.state === 'closed') {
        await house.say(`m${round}-again`);
        waiting = await house.session(waiting.id);
      }
    }
  });

  it('is remembered by those who prefer its agent', async () => {
    const session = await house.assign(waiting.id, 'ann');
    await house.sessions.close(session, ann, 'resolved');
    await house.say('c2');
    const again = await house.session(session.id);
    await house.sessions.close(again, visitor, 'customer-left');
    expect((await house.session(session.id)).preferredAgentId).toBe('ann');
  });
});

describe('a rating', () => {
  it('is kept after and before the end, with its comment', async () => {
    await house.sessions.rate(waiting, visitor, { score: 4 });
    await house.sessions.close(waiting, visitor, 'customer-left');
    await house.sessions.rate(waiting, visitor, { score: 5, comment: ' Thank you ' });
    const ratings = (await house.log(waiting.id)).filter(({ name }) => name === 'session:rated');
    expect(ratings.map(({ value }) => value)).toEqual([{ score: 4 }, { score: 5, comment: 'Thank you' }]);
    expect((await house.session(waiting.id)).state).toBe('closed');
  });

  it.each([0, 6, 1.5, Number.NaN, '5' as unknown as number])('of %s is refused', async (score) => {
    await expect(house.sessions.rate(waiting, visitor, { score })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('with a comment too long is refused', async () => {
    const rating = { score: 5, comment: 'x'.repeat(2_001) };
    await expect(house.sessions.rate(waiting, visitor, rating)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
