import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inbound } from '../../adapters/contract/index.ts';
import type { Change } from '../../channel-server/session/changes.ts';
import type { Signal } from '../../channel-server/session/signals.ts';
import { type BellHouse, bellHouse, says, talk } from '../support/doorbell.ts';

let house: BellHouse;
const signals: Signal[] = [];
beforeAll(async () => {
  house = await bellHouse();
  house.dependencies.signals.subscribe((signal) => void signals.push(signal));
});
afterAll(() => house.stop());

const ring = async (...items: Inbound[]) => {
  const answer = await house.ring(items);
  expect(answer.status).toBe(200);
};
const logOf = (who: string) => house.logOf(`user:${who}`);
const conversation = (who: string) => house.storage.deliveries.conversation('bell', `user:${who}`);
const identity = (who: string) => house.storage.customers.identityByExternalId('one', 'bell', who);
const apply = async (...changes: Change[]) => {
  const result = await house.dependencies.unitOfWork.commit(changes);
  if (result.outcome !== 'applied') throw new Error(JSON.stringify(result));
  return result.appended;
};
const happened = (who: string, name: string, more: Parameters<typeof says>[2] = {}) =>
  says(who, '', { ...more, content: { type: 'event', name, ...more.content } });

/** A message of ours that the platform has, called `name` there. */
async function ourMessage(who: string, name: string, state: 'attempting' | 'sent' = 'sent') {
  const [session] = await house.sessionsOf(`user:${who}`);
  if (session === undefined) throw new Error('there is no session');
  const { id: sessionId, tenantId, channelId, conversation: place } = session;
  const [stored] = await apply({
    kind: 'append',
    tenantId,
    sessionId,
    at: Date.now(),
    activity: { type: 'message', text: 'Ours', from: { id: 'acc', role: 'agent' }, audience: 'all' },
  });
  if (stored === undefined) throw new Error('nothing was stored');
  const { id, seq } = stored.activity;
  await apply(
    {
      kind: 'insert',
      record: 'delivery',
      values: {
        id,
        tenantId,
        channelId,
        conversation: place,
        sessionId,
        seq,
        state: state === 'sent' ? 'sent' : 'sending',
        settled: state === 'sent',
        reason: null,
        failures: 0,
        failingSince: null,
        createdAt: Date.now(),
        replacedBy: null,
      },
    },
    {
      kind: 'insert',
      record: 'deliveryPart',
      values: {
        deliveryId: id,
        n: 0,
        part: { request: {}, shows: { kind: 'text', text: 'Ours' } },
        state,
        ready: null,
        attempts: 1,
        attemptedAt: Date.now(),
        reason: null,
      },
    },
    {
      kind: 'insert',
      record: 'partName',
      values: { channelId, externalId: name, deliveryId: id, n: 0, at: Date.now() },
    },
  );
  return stored.activity;
}

describe('an event', () => {
  it('goes into the open session for staff, once, and begins none', async () => {
    const followed = happened('eve', 'doorbell:followed', { from: { name: 'Eve' }, content: { value: { by: 'QR' } } });
    await ring(followed);
    expect(await logOf('eve')).toEqual([]);
    expect((await identity('eve'))?.signed).toEqual({ name: 'Eve' });
    expect(await conversation('eve')).toMatchObject({ address: { to: 'eve' }, personId: 'eve', closed: null });
    const referred = happened('eve', 'doorbell:referred', { content: { value: { campaign: 7 } } });
    await ring(says('eve', 'Hi'), referred);
    await ring(referred);
    const events = (await logOf('eve')).filter(({ name }) => name?.startsWith('doorbell:'));
    expect(events).toMatchObject([{ name: 'doorbell:referred', audience: 'staff', value: { campaign: 7 } }]);
    expect((await logOf('eve'))[0]?.from).toEqual({ id: 'eve', name: 'Eve', role: 'user' });
  });

  it('that begins a session does', async () => {
    await ring(happened('lea', 'doorbell:opted-in', { begins: true }));
    expect((await logOf('lea')).map(({ name }) => name)).toEqual(['doorbell:opted-in', 'session:queued']);
  });

  it('closes and opens the conversation for us, whatever order the platform tells it in', async () => {
    const at = Date.now() - 60_000;
    await ring(happened('cleo', 'doorbell:unfollowed', { at, conversation: talk('cleo', { closed: 'unfollowed' }) }));
    expect((await conversation('cleo'))?.closed).toBe('unfollowed');
    await ring(says('cleo', 'back', { at: at + 10 }));
    expect((await conversation('cleo'))?.closed).toBeNull();
    await ring(
      happened('cleo', 'doorbell:unfollowed', { at: at + 5, conversation: talk('cleo', { closed: 'blocked' }) }),
    );
    expect((await conversation('cleo'))?.closed).toBeNull();
  });
});

describe('a messaging window', () => {
  it('is given by what the customer does; the later end stays, with the quota of the grant that set it', async () => {
    const grant = (until: number, left?: number) =>
      ring(
        says('win', 'x', { conversation: talk('win', { window: left === undefined ? { until } : { until, left } }) }),
      );
    const now = Date.now();
    await grant(now + 60_000, 3);
    expect(await conversation('win')).toMatchObject({ windowUntil: now + 60_000, windowLeft: 3 });
    await apply({
      kind: 'update',
      record: 'conversation',
      where: { channelId: 'bell', id: 'user:win' },
      set: { windowLeft: 1 },
    });
    await grant(now + 90_000, 5);
    expect(await conversation('win')).toMatchObject({ windowUntil: now + 90_000, windowLeft: 5 });
    await grant(now + 30_000, 1);
    expect(await conversation('win')).toMatchObject({ windowUntil: now + 90_000, windowLeft: 5 });
    await grant(now + 120_000);
    expect(await conversation('win')).toMatchObject({ windowUntil: now + 120_000, windowLeft: null });
    await ring(says('win', 'no window told'));
    expect(await conversation('win')).toMatchObject({ windowUntil: now + 120_000 });
  });

  it('gives no second quota for a repeat', async () => {
    const once = says('rep', 'x', { conversation: talk('rep', { window: { until: Date.now() + 60_000, left: 5 } }) });
    await ring(once);
    const where = { channelId: 'bell', id: 'user:rep' };
    await apply({ kind: 'update', record: 'conversation', where, set: { windowLeft: 2 } });
    await ring(once);
    expect((await conversation('rep'))?.windowLeft).toBe(2);
  });
});

describe('a person', () => {
  it('is what the platform last said, and nothing it is silent about is lost', async () => {
    await ring(says('pat', 'a', { from: { name: 'Pat', email: 'pat@example.com' } }));
    await ring(says('pat', 'b', { from: { name: 'Patricia' } }));
    await ring(says('pat', 'c'));
    expect((await identity('pat'))?.signed).toEqual({ name: 'Patricia', email: 'pat@example.com' });
    expect((await logOf('pat')).filter(({ type }) => type === 'message').map(({ from }) => from.name)).toEqual([
      'Pat',
      'Patricia',
      'Patricia',
    ]);
  });

  it('whose name comes with no message is asked for afterwards, and the desk is told', async () => {
    const asked: string[] = [];
    house.client.profile = async (person) => {
      asked.push(person.id);
      return { name: 'Nora Name' };
    };
    await ring(says('nora', 'who am I'));
    await expect.poll(async () => (await identity('nora'))?.signed?.name).toBe('Nora Name');
    const [session] = await house.sessionsOf('user:nora');
    await expect
      .poll(() => signals.findLast((signal) => signal.kind === 'session')?.sessionId === session?.id)
      .toBe(true);
    await ring(says('nora', 'again'));
    expect((await logOf('nora')).at(-1)?.from.name).toBe('Nora Name');
    expect(asked).toEqual(['nora']);
    delete house.client.profile;
  });

  it('of a group is known by their own name in its one session', async () => {
    const group = { id: 'group:G1', address: { to: 'G1' } };
    await ring(
      says('ann', 'I start', { conversation: group, from: { name: 'Ann G' } }),
      says('ben', 'me too', { conversation: group, from: { name: 'Ben G' } }),
    );
    const log = await house.logOf('group:G1');
    expect(log.filter(({ type }) => type === 'message').map(({ from }) => from.name)).toEqual(['Ann G', 'Ben G']);
    expect((await identity('ben'))?.signed?.name).toBe('Ben G');
    const [session] = await house.sessionsOf('group:G1');
    expect(session?.identityId).toBe((await identity('ann'))?.id);
  });
});

describe('what is about another message', () => {
  it('an edit and a reaction name it, in its session', async () => {
    const first = says('amy', 'helo');
    await ring(first);
    const edit = says('amy', 'hello', { content: { type: 'messageUpdate', target: first.externalId } });
    const heart = says('amy', '', {
      content: { type: 'messageReaction', target: first.externalId, value: { added: ['❤️'] } },
    });
    await ring(edit, heart);
    await ring(edit, heart);
    const log = await logOf('amy');
    const [message] = log;
    expect(log.filter(({ type }) => type.startsWith('message') && type !== 'message')).toMatchObject([
      { type: 'messageUpdate', text: 'hello', replyToId: message?.id, audience: 'all' },
      { type: 'messageReaction', value: { added: ['❤️'] }, replyToId: message?.id },
    ]);
    expect(message?.text).toBe('helo');
  });

  it('an unsend takes the content and its files away, also after the session was closed', async () => {
    let fetched = 0;
    house.client.fetch = async () => {
      fetched += 1;
      return {
        contentType: 'text/plain',
        stream: (async function* () {
          yield Buffer.from('private');
        })(),
      };
    };
    const first = says('una', 'private words', {
      attachments: [{ contentType: 'text/plain', name: 'diary.txt', media: { n: 1 } }],
    });
    await ring(first);
    await expect.poll(() => fetched).toBe(1);
    const [session] = await house.sessionsOf('user:una');
    if (session === undefined) throw new Error('there is no session');
    await house.dependencies.sessionService.close(session, { id: 'system', role: 'system' }, 'resolved');
    const url = (await logOf('una'))[0]?.attachments?.[0]?.contentUrl ?? '';
    const mediaId = url.slice('media:'.length);
    await expect.poll(async () => (await house.storage.media.mediaById(mediaId))?.state).toBe('ready');
    await ring(says('una', '', { content: { type: 'messageDelete', target: first.externalId } }));
    const log = await logOf('una');
    expect(log[0]).toMatchObject({ type: 'message', redacted: { reason: 'unsent' } });
    expect(log[0]?.text).toBeUndefined();
    expect(log.at(-1)).toMatchObject({ type: 'messageDelete', replyToId: log[0]?.id });
    expect((await house.sessionsOf('user:una'))[0]?.state).toBe('closed');
    expect(await house.dependencies.mediaCache.open(mediaId, 'original', undefined)).toBeUndefined();
    await house.dependencies.mediaCache.sweep();
    expect(await house.storage.media.mediaById(mediaId)).toMatchObject({ state: 'expired', hash: null });
    delete house.client.fetch;
  });

  it('a quote names the message quoted, the customer’s own or one of ours', async () => {
    const first = says('quinn', 'first');
    await ring(first);
    const ours = await ourMessage('quinn', 'platform-id-1');
    await ring(
      says('quinn', 'to mine', { content: { target: first.externalId } }),
      says('quinn', 'to yours', { content: { target: 'platform-id-1' } }),
      says('quinn', 'to what?', { content: { target: 'unknown-id', channelData: { x: 1 } } }),
    );
    const log = (await logOf('quinn')).filter(({ type }) => type === 'message');
    expect(log.find(({ text }) => text === 'to mine')?.replyToId).toBe(log[0]?.id);
    expect(log.find(({ text }) => text === 'to yours')?.replyToId).toBe(ours.id);
    const lost = log.find(({ text }) => text === 'to what?');
    expect(lost?.replyToId).toBeUndefined();
    expect(lost?.channelData).toEqual({ x: 1, target: 'unknown-id' });
  });

  it('a reaction to a message of ours names it, and a customer takes none of our words back', async () => {
    await ring(says('rea', 'hi'));
    const ours = await ourMessage('rea', 'platform-id-2');
    await ring(
      says('rea', '', { content: { type: 'messageReaction', target: 'platform-id-2', value: { added: ['👍'] } } }),
      says('rea', '', { content: { type: 'messageDelete', target: 'platform-id-2' } }),
    );
    const log = await logOf('rea');
    expect(log.find(({ type }) => type === 'messageReaction')?.replyToId).toBe(ours.id);
    expect(log.find(({ id }) => id === ours.id)?.text).toBe('Ours');
  });
});

describe('an echo', () => {
  const echo = (who: string, externalId: string, text: string, key?: string): Inbound => ({
    kind: 'echo',
    externalId,
    ...(key === undefined ? {} : { key }),
    conversation: talk(who),
    at: Date.now(),
    content: { type: 'message', text },
  });

  it('of a message of ours is dropped, by its id or by its key', async () => {
    await ring(says('ed', 'hi'));
    const byId = await ourMessage('ed', 'm-1');
    const byKey = await ourMessage('ed', 'key-2', 'attempting');
    await ring(echo('ed', 'm-1', 'Ours'), echo('ed', 'm-2', 'Ours', 'key-2'));
    expect((await logOf('ed')).filter(({ text }) => text === 'Ours').map(({ id }) => id)).toEqual([byId.id, byKey.id]);
    // What the platform shows us it has, whatever became of the answer to our request.
    expect((await house.storage.deliveries.parts(byKey.id))[0]?.state).toBe('sent');
    expect(await house.storage.deliveries.named('bell', ['m-2'])).toMatchObject([{ deliveryId: byKey.id }]);
  });

  it('waits for the name of what is being sent just now', async () => {
    await ring(says('flo', 'hi'));
    const ours = await ourMessage('flo', 'unused', 'attempting');
    const rung = ring(echo('flo', 'm-9', 'Ours'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await apply({
      kind: 'insert',
      record: 'partName',
      values: { channelId: 'bell', externalId: 'm-9', deliveryId: ours.id, n: 0, at: Date.now() },
    });
    await rung;
    expect((await logOf('flo')).filter(({ text }) => text === 'Ours')).toHaveLength(1);
  });

  it('of a message written in the platform’s own app is shown as the company’s, once, and is not sent', async () => {
    await ring(says('gus', 'hi'));
    await ring(echo('gus', 'app-1', 'Written on the phone'));
    await ring(echo('gus', 'app-1', 'Written on the phone'));
    await ring(echo('nobody-yet', 'app-2', 'Out of the blue'));
    const shown = (await logOf('gus')).filter(({ from }) => from.role === 'agent');
    expect(shown).toMatchObject([
      { text: 'Written on the phone', audience: 'all', from: { id: 'platform:doorbell', name: 'Doorbell' } },
    ]);
    const [session] = await house.sessionsOf('user:gus');
    expect(await house.storage.deliveries.ofSession(session?.id ?? '', 0, 10)).toEqual([]);
    expect(session?.waitingSince).toBeNull();
    expect(await logOf('nobody-yet')).toEqual([]);
  });
});

describe('the rest', () => {
  it('typing is told for an open session', async () => {
    await ring(says('tim', 'hi', { from: { name: 'Tim' } }));
    const [session] = await house.sessionsOf('user:tim');
    signals.length = 0;
    await ring({ kind: 'typing', conversation: talk('tim'), from: { id: 'tim' }, typing: true });
    await ring({ kind: 'typing', conversation: talk('stranger'), from: { id: 'stranger' }, typing: true });
    expect(signals.filter(({ kind }) => kind === 'typing')).toEqual([
      {
        kind: 'typing',
        tenantId: 'one',
        sessionId: session?.id,
        from: { id: 'tim', name: 'Tim', role: 'user' },
        typing: true,
      },
    ]);
  });

  it('a new name keeps customer, session and what is still to be sent', async () => {
    await ring(says('old', 'under my old number', { from: { name: 'Olga' } }));
    const before = await identity('old');
    const ours = await ourMessage('old', 'm-old', 'attempting');
    await apply({
      kind: 'update',
      record: 'conversation',
      where: { channelId: 'bell', id: 'user:old' },
      set: { dueAt: 7 },
    });
    const rename: Inbound = {
      kind: 'rename',
      before: { conversation: 'user:old', person: 'old' },
      conversation: talk('new'),
      person: { id: 'new' },
      at: Date.now(),
    };
    await ring(rename, says('new', 'under my new number'));
    await ring(rename);
    expect(await house.sessionsOf('user:new')).toHaveLength(1);
    expect((await logOf('new')).filter(({ from }) => from.role === 'user')).toMatchObject([
      { text: 'under my old number' },
      { text: 'under my new number', from: { id: 'new', name: 'Olga' } },
    ]);
    expect((await identity('new'))?.customerId).toBe(before?.customerId);
    expect(await identity('old')).toBeUndefined();
    expect(await conversation('old')).toBeUndefined();
    expect(await conversation('new')).toMatchObject({ address: { to: 'new' }, personId: 'new', dueAt: 7 });
    expect((await house.storage.deliveries.delivery('one', ours.id))?.conversation).toBe('user:new');
  });

  it('a new name under which somebody wrote already joins both customers', async () => {
    await ring(says('was', 'a'), says('is', 'b'));
    await ring({
      kind: 'rename',
      before: { conversation: 'user:was', person: 'was' },
      conversation: talk('is'),
      person: { id: 'is' },
      at: Date.now(),
    });
    expect((await identity('is'))?.customerId).toBe((await identity('was'))?.customerId);
    expect(await house.sessionsOf('user:is')).toHaveLength(1);
    expect(await house.sessionsOf('user:was')).toHaveLength(1);
  });

  it('a notice about the account is shown with the channel, and in no session', async () => {
    await ring({ kind: 'notice', code: 'doorbell:muted', text: 'The account is muted for a day.', severity: 'error' });
    await house.receiving.inboundTally.flush();
    const status = await house.storage.channels.status('bell');
    expect(status?.problem).toBe('The account is muted for a day.');
  });
});
