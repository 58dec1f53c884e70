import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hour, minute, type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { CustomerMessage } from './session-service.ts';

let house: SessionHouse;
beforeEach(async () => {
  house = await sessionHouse();
});
afterEach(() => house.close());

const line: Partial<CustomerMessage> = {
  channel: { id: 'line', type: 'line' },
  conversations: ['user:u1'],
  from: { id: 'u1', role: 'user' },
  keyScope: 'channel:line',
};

describe('a first message', () => {
  it('starts a session that waits in the channel’s queue, with the message as its first activity', async () => {
    const stored = await house.say('c1', { page: { url: 'https://shop.example/', locale: 'zh-CN' } });
    expect(stored).toMatchObject({ seq: 1, type: 'message', text: 'c1', channel: 'web', channelId: 'web' });
    const session = await house.session(stored.conversation.id);
    const now = house.clock.now();
    expect(session).toMatchObject({
      state: 'queued',
      queueId: 'support',
      queuedAt: now,
      lastCustomerAt: now,
      waitingSince: now,
      conversation: 'visitor:v1',
      locale: 'zh-CN',
      page: { url: 'https://shop.example/' },
      lastSeq: 2,
    });
    expect(await house.story(session.id)).toEqual(['message', 'session:queued']);
    const identity = await house.storage.customers.identityByExternalId('default', 'web', 'visitor:v1');
    expect(identity?.id).toBe(session.identityId);
    expect(await house.storage.customers.customer('default', identity?.customerId ?? '')).toBeDefined();
  });

  it('is told after commit: its activities, the session, and the queue that has work', async () => {
    const { conversation } = await house.say('c1', { connectionId: 'here' });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'activity', 'session', 'queue']);
    expect(house.signals[0]).toMatchObject({ connectionId: 'here', conversation: 'visitor:v1', channelId: 'web' });
    expect(house.signals[1]).not.toHaveProperty('connectionId');
    expect(house.signals[2]).toMatchObject({ sessionId: conversation.id });
    expect(house.signals[3]).toMatchObject({ queueId: 'support' });
  });

  it('on an unknown channel is refused', async () => {
    house.lifecycles.delete('web');
    await expect(house.say('c1')).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' });
  });

  it('and a second one at the same moment share one session', async () => {
    const stored = await Promise.all(Array.from({ length: 20 }, (_, n) => house.say(`c${n}`)));
    expect(new Set(stored.map(({ conversation }) => conversation.id)).size).toBe(1);
    const log = await house.log(stored[0]?.conversation.id ?? '');
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  it('and a second one by another process share one session', async () => {
    // A second service without the first one's memory and order: only the store decides.
    const other = await house.twin();
    const stored = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? house : other).say(`c${n}`)));
    expect(new Set(stored.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect(await house.log(stored[0]?.conversation.id ?? '')).toHaveLength(11);
  });

  it('at the same moment from a page and from its signed-in twin end in one session each at most', async () => {
    const signedIn = { conversations: ['subject:s1', 'visitor:v1'] };
    const stored = await Promise.all([house.say('c1', signedIn), house.say('c2', signedIn), house.say('c3', signedIn)]);
    expect(new Set(stored.map(({ conversation }) => conversation.id)).size).toBe(1);
    expect((await house.session(stored[0]?.conversation.id ?? '')).conversation).toBe('subject:s1');
  });
});

describe('a message into an open session', () => {
  it('is one commit and no read', async () => {
    const first = await house.say('c1');
    const counted = house.counted();
    const second = await house.say('c2');
    expect(second).toMatchObject({ seq: 3, conversation: first.conversation });
    expect(counted()).toEqual({ commits: 1, reads: 0 });
  });

  it('of an earlier page goes there also when the visitor has signed in since', async () => {
    const first = await house.say('c1');
    const second = await house.say('c2', { conversations: ['subject:s1', 'visitor:v1'] });
    expect(second.conversation).toEqual(first.conversation);
  });

  it('brings the page the customer is on now', async () => {
    const { conversation } = await house.say('c1', { page: { url: 'https://shop.example/' } });
    house.signals.length = 0;
    await house.say('c2', { page: { url: 'https://shop.example/' } });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity']);
    await house.say('c3', { page: { url: 'https://shop.example/sofas' } });
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'activity', 'session']);
    expect((await house.session(conversation.id)).page).toEqual({ url: 'https://shop.example/sofas' });
  });

  it('takes its files along in the same commit, and is refused whole when they are not to be had', async () => {
    const { conversation } = await house.say('c1');
    const attachments = [{ contentType: 'image/png', contentUrl: 'media:med_1' }];
    const media = {
      attachments,
      changes: (sessionId: string) => [
        {
          kind: 'update',
          record: 'session',
          where: { id: sessionId },
          expect: { lastSeq: -1 },
          set: { priority: 1 },
          refusal: 'MEDIA_NOT_FOUND',
        } as const,
      ],
    };
    await expect(house.say('c2', { media })).rejects.toMatchObject({ code: 'MEDIA_NOT_FOUND' });
    expect(await house.log(conversation.id)).toHaveLength(2);
    const linked = await house.say('c3', { media: { attachments, changes: () => [] } });
    expect(linked.attachments).toEqual(attachments);
  });
});

describe('a repeat', () => {
  it('answers what was stored first', async () => {
    const first = await house.say('c1');
    const again = await house.sessions.receive(house.message('c1', { content: { text: 'other words' } }));
    expect(again).toMatchObject({ repeated: true, stored: { activity: first } });
    expect(await house.log(first.conversation.id)).toHaveLength(2);
  });

  it('answers it also when the session is closed, reopened elsewhere, or long over', async () => {
    const first = await house.say('c1');
    await house.sessions.close(
      await house.session(first.conversation.id),
      { id: 'system', role: 'system' },
      'resolved',
    );
    for (const wait of [0, minute, 24 * hour]) {
      await house.pass(wait);
      expect(await house.sessions.receive(house.message('c1'))).toMatchObject({
        repeated: true,
        stored: { activity: first },
      });
    }
    expect((await house.session(first.conversation.id)).state).toBe('closed');
    await house.say('c2');
    expect(await house.sessions.receive(house.message('c1'))).toMatchObject({
      repeated: true,
      stored: { activity: first },
    });
  });

  it('sent many times at once is stored once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.sessions.receive(house.message('c1'))));
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(answers.map(({ stored }) => stored.activity.id)).size).toBe(1);
  });
});

describe('after closing', () => {
  const closeFirst = async () => {
    await house.addAgent('ann');
    const { conversation } = await house.say('c1');
    const session = await house.assign(conversation.id, 'ann');
    return house.sessions.close(session, { id: 'ann', role: 'agent' }, 'resolved');
  };

  it('a message soon enough reopens the session in its queue, its last agent preferred', async () => {
    const closed = await closeFirst();
    await house.pass(30 * minute);
    house.signals.length = 0;
    const message = await house.say('c2');
    expect(message.conversation.id).toBe(closed.id);
    expect(await house.session(closed.id)).toMatchObject({
      state: 'queued',
      preferredAgentId: 'ann',
      agentId: null,
      queuedAt: house.clock.now(),
      closedAt: null,
      closeReason: null,
      closedBy: null,
    });
    expect((await house.story(closed.id)).slice(-3)).toEqual(['session:reopened', 'message', 'session:queued']);
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'activity', 'activity', 'session', 'queue']);
    expect(await house.timerIds()).toContain(`session:inactive/${closed.id}`);
  });

  it('a later message starts a new session, the last agent preferred', async () => {
    const closed = await closeFirst();
    await house.pass(30 * minute + 1);
    const message = await house.say('c2');
    expect(message).toMatchObject({ seq: 1 });
    expect(message.conversation.id).not.toBe(closed.id);
    const session = await house.session(message.conversation.id);
    expect(session).toMatchObject({ state: 'queued', preferredAgentId: 'ann', identityId: closed.identityId });
    expect((await house.session(closed.id)).state).toBe('closed');
  });

  it('several messages at once reopen it once', async () => {
    const closed = await closeFirst();
    const twin = await house.twin();
    await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? house : twin).say(`d${n}`)));
    const story = await house.story(closed.id);
    expect(story.filter((name) => name === 'session:reopened')).toHaveLength(1);
    expect(story.filter((name) => name === 'message')).toHaveLength(9);
  });
});

describe('a message into a parked session', () => {
  const parkedWith = async (more = {}) => {
    await house.addAgent('ann', more);
    const { conversation } = await house.say('c1', line);
    await house.answer(await house.assign(conversation.id, 'ann'), 'a1');
    await house.pass(15 * minute);
    const session = await house.session(conversation.id);
    expect(session).toMatchObject({ state: 'parked', agentId: 'ann' });
    house.signals.length = 0;
    return session;
  };

  it('returns it to its agent, who has room', async () => {
    const parked = await parkedWith();
    expect(await house.load('ann')).toBe(0);
    await house.say('c2', line);
    expect(await house.session(parked.id)).toMatchObject({ state: 'active', agentId: 'ann', parkedAt: null });
    expect((await house.story(parked.id)).slice(-2)).toEqual(['message', 'session:resumed']);
    expect(await house.load('ann')).toBe(1);
    expect(house.signals.map(({ kind }) => kind)).toEqual(['activity', 'activity', 'session', 'agent']);
  });

  it('brings it to the front of its queue when the agent is full, that agent preferred', async () => {
    const parked = await parkedWith({ capacity: 1 });
    const other = await house.say('o1', { conversations: ['visitor:v2'], keyScope: 'visitor:v2' });
    await house.assign(other.conversation.id, 'ann');
    await house.say('c2', line);
    const session = await house.session(parked.id);
    expect(session).toMatchObject({
      state: 'queued',
      agentId: null,
      preferredAgentId: 'ann',
      parkedAt: null,
      queuedAt: parked.queuedAt,
    });
    expect((await house.story(parked.id)).slice(-2)).toEqual(['message', 'session:queued']);
    const [participant] = await house.storage.sessions.participants(parked.id);
    expect(participant).toMatchObject({ accountId: 'ann', leftAt: house.clock.now() });
    expect(await house.load('ann')).toBe(1);
  });

  it('brings it to the queue when the agent has gone home', async () => {
    const parked = await parkedWith();
    await house.storage.unitOfWork.commit([
      { kind: 'update', record: 'agent', where: { id: 'ann' }, set: { state: 'offline' } },
    ]);
    await house.say('c2', line);
    expect(await house.session(parked.id)).toMatchObject({ state: 'queued', preferredAgentId: 'ann' });
  });

  it('never takes the last slot twice', async () => {
    await house.addAgent('ann', { capacity: 1 });
    const ids: string[] = [];
    for (const who of ['u1', 'u2', 'u3']) {
      const { conversation } = await house.say(`${who}-1`, { ...line, conversations: [`user:${who}`] });
      await house.answer(await house.assign(conversation.id, 'ann'), `a-${who}`);
      await house.pass(15 * minute);
      ids.push(conversation.id);
    }
    expect(await house.load('ann')).toBe(0);
    await Promise.all(
      ['u1', 'u2', 'u3'].map((who) => house.say(`${who}-2`, { ...line, conversations: [`user:${who}`] })),
    );
    const states = await Promise.all(ids.map(async (id) => (await house.session(id)).state));
    expect(states.sort()).toEqual(['active', 'queued', 'queued']);
    expect(await house.load('ann')).toBe(1);
  });
});
