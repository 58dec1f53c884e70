import { afterEach, describe, expect, it } from 'vitest';
import { answering, type HouseOptions, outboxHouse, type Platform, platform } from './outbox-house.ts';

const minute = 60_000;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function aPlatform(): Promise<Platform> {
  const made = await platform();
  ends.push(() => made.close());
  return made;
}
async function aHouse(options: HouseOptions = {}) {
  const house = await outboxHouse(options);
  ends.push(() => house.close());
  return house;
}
/** A house with one channel `post` and one open session, its outbox started. */
async function sending(settings: Record<string, unknown> = {}) {
  const [house, post] = [await aHouse(), await aPlatform()];
  await house.addChannel('post', post, settings);
  const session = await house.open('post', 'user:1');
  await house.outbox.start();
  const settled = (id: string) => house.until(`${id} is settled`, async () => (await house.delivery(id)).settled);
  return { house, post, session, settled };
}
const texts = (list: readonly { text: string }[]) => list.map(({ text }) => text);

describe('a message to a platform', () => {
  it('is committed with its activity, encoded into stored parts, sent in order, and named', async () => {
    const { house, post, session, settled } = await sending();
    const id = await house.write(session, 'one\ntwo');
    expect(id).toBe(`${session}.1`);
    await settled(id);
    expect(texts(post.taken)).toEqual(['one', 'two']);
    expect(await house.delivery(id)).toMatchObject({ seq: 1, state: 'sent', settled: true, reason: null });
    expect(await house.parts(id)).toEqual(['0:sent', '1:sent']);
    const names = (await house.storage.deliveries.namesOf(id)).map(({ externalId, n }) => [externalId, n]);
    // Besides the platform's own there is the key of each part.
    expect(names).toHaveLength(4);
    expect(names).toEqual(
      expect.arrayContaining([
        ['m1', 0],
        ['m2', 1],
      ]),
    );
    expect(await house.conversation('post', 'user:1')).toMatchObject({
      dueAt: null,
      leaseUntil: null,
      leaseOwner: null,
    });
    expect(house.signals.some((signal) => signal.kind === 'delivery' && signal.deliveryId === id)).toBe(true);
    expect(await house.storage.channels.status('post')).toMatchObject({ sentAt: house.clock.now() });
  });

  it('keeps its order in its conversation, while others go side by side', async () => {
    const { house, post, session, settled } = await sending();
    const others = await Promise.all(Array.from({ length: 20 }, (_, n) => house.open('post', `user:x${n}`)));
    const ids: string[] = [];
    for (let n = 0; n < 15; n += 1) {
      ids.push(await house.write(session, `mine ${n}`));
      for (const other of others) if (n % 5 === 0) ids.push(await house.write(other, `${other} ${n}`));
    }
    for (const id of ids) await settled(id);
    const mine = post.taken.filter(({ to }) => to === 'user:1');
    expect(texts(mine)).toEqual(Array.from({ length: 15 }, (_, n) => `mine ${n}`));
    for (const other of others) {
      const theirs = texts(post.taken).filter((text) => text.startsWith(`${other} `));
      expect(theirs).toEqual([`${other} 0`, `${other} 5`, `${other} 10`]);
    }
    expect(post.taken).toHaveLength(75);
  });

  it('that the channel cannot take is refused with what is lost, and nothing is stored', async () => {
    const { house, session } = await sending();
    const closed = await house.open('post', 'user:2', { windowUntil: house.clock.now() - 1 });
    await expect(house.write(closed, 'hello')).rejects.toMatchObject({
      code: 'CHANNEL_REFUSES',
      status: 422,
      details: { losses: [{ code: 'window-closed', blocks: true }] },
    });
    await expect(house.write(session, '\n')).rejects.toMatchObject({ code: 'CHANNEL_REFUSES' });
    expect(await house.story(closed)).toEqual([]);
    expect(await house.storage.deliveries.unsettled('post', 'user:2', 10)).toEqual([]);
  });

  it('is previewed as the customer will see it, with losses and the window', async () => {
    const { house } = await sending();
    const until = house.clock.now() + minute;
    const id = await house.open('post', 'user:2', { windowUntil: until, windowLeft: 4 });
    const session = await house.storage.sessions.session('acme', id);
    if (session === undefined) throw new Error('no session');
    const door = await house.previews.door(session);
    if (door === undefined) throw new Error('no door');
    expect(await house.previews.preview(session, door, { text: 'a\nb' }, { id: 'acc_1', role: 'agent' })).toEqual({
      parts: [
        { kind: 'text', text: 'a' },
        { kind: 'text', text: 'b' },
      ],
      losses: [{ code: 'text-split', values: { parts: 2 } }],
      window: { until, left: 4 },
    });
  });

  it('uses up the quota of the window, one for each part', async () => {
    const { house, settled } = await sending();
    const session = await house.open('post', 'user:2', { windowUntil: house.clock.now() + minute, windowLeft: 5 });
    await settled(await house.write(session, 'a\nb'));
    expect((await house.conversation('post', 'user:2')).windowLeft).toBe(3);
  });

  it('that needs preparations is prepared once, however often it is tried', async () => {
    const { house, post, session, settled } = await sending({ prepares: true });
    post.next.push(answering.status(429, { 'retry-after': '2' }));
    const id = await house.write(session, 'hello');
    await house.until('it was tried', () => post.asked.length === 1);
    await house.pass(5_000);
    await settled(id);
    expect(house.told.ready).toEqual(['hello']);
    expect((await house.storage.deliveries.parts(id))[0]).toMatchObject({ ready: { ticket: 1 }, attempts: 2 });
  });
});

describe('a refusal', () => {
  it('fails the message at once, is told in the log to staff, and releases what follows', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.status(400));
    const id = await house.write(session, 'bad\nrest');
    const after = await house.write(session, 'good');
    await settled(after);
    expect(texts(post.taken)).toEqual(['good']);
    expect(await house.delivery(id)).toMatchObject({
      state: 'failed',
      settled: true,
      reason: { kind: 'refused', code: '400' },
    });
    expect(await house.parts(id)).toEqual(['0:failed', '1:waiting']);
    const event = (await house.story(session)).find(({ name }) => name === 'delivery:failed');
    expect(event).toMatchObject({ audience: 'staff', value: { activity: id, reason: { kind: 'refused' } } });
  });

  it('because the customer blocked the company closes the conversation', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.code('blocked'));
    await settled(await house.write(session, 'hello'));
    expect((await house.conversation('post', 'user:1')).closed).toBe('blocked');
    await expect(house.write(session, 'again')).rejects.toMatchObject({ code: 'CHANNEL_REFUSES' });
  });

  it('because the window is closed is known from then on', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.code('window'));
    const id = await house.write(session, 'hello');
    await settled(id);
    expect((await house.delivery(id)).reason).toMatchObject({ kind: 'window-closed' });
    await expect(house.write(session, 'again')).rejects.toMatchObject({ code: 'CHANNEL_REFUSES' });
  });
});

describe('a failure that may pass', () => {
  it('is waited out as long as the platform asks, and holds up its own conversation only', async () => {
    const { house, post, session, settled } = await sending();
    const other = await house.open('post', 'user:2');
    post.next.push(answering.status(429, { 'retry-after': '30' }));
    const id = await house.write(session, 'first');
    await house.until('it was tried', () => post.asked.length === 1);
    const behind = await house.write(session, 'second');
    await settled(await house.write(other, 'elsewhere'));
    await house.pass(25_000);
    expect(texts(post.taken)).toEqual(['elsewhere']);
    expect(await house.delivery(id)).toMatchObject({
      state: 'sending',
      settled: false,
      reason: { kind: 'rate-limited' },
    });
    await house.pass(10_000);
    await settled(behind);
    expect(texts(post.taken)).toEqual(['elsewhere', 'first', 'second']);
    expect(await house.delivery(id)).toMatchObject({ state: 'sent', failures: 0, failingSince: null, reason: null });
  });

  it('is tried for ten minutes, then the message has failed and the next one goes', async () => {
    const { house, post, session, settled } = await sending();
    post.always = answering.status(503);
    const id = await house.write(session, 'first');
    await house.until('it was tried', () => post.asked.length === 1);
    const behind = await house.write(session, 'second');
    await house.pass(8.5 * minute, 5_000);
    expect((await house.delivery(id)).settled).toBe(false);
    const tries = post.asked.length;
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(30);
    await house.pass(1.5 * minute, 5_000);
    await settled(id);
    expect(await house.delivery(id)).toMatchObject({ state: 'failed', reason: { kind: 'overdue', code: '503' } });
    post.always = undefined;
    await house.pass(2 * minute, 5_000);
    await settled(behind);
    expect(texts(post.taken)).toEqual(['second']);
  });

  it('of two conversations in a row lets the whole channel wait', async () => {
    const { house, post, settled } = await sending();
    post.always = answering.status(429, { 'retry-after': '20' });
    const ids: string[] = [];
    for (const n of [1, 2, 3]) {
      ids.push(await house.write(await house.open('post', `user:r${n}`), `to ${n}`));
      await house.pass(100, 100);
    }
    expect(post.asked).toHaveLength(2);
    post.always = undefined;
    await house.pass(15_000);
    expect(post.asked).toHaveLength(2);
    await house.pass(10_000);
    for (const id of ids) await settled(id);
  });
});

describe('an answer that never comes', () => {
  it('is never sent again blindly: the message is unconfirmed, and the next one goes', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.lost(post));
    const id = await house.write(session, 'first');
    await settled(await house.write(session, 'second'));
    expect(await house.delivery(id)).toMatchObject({
      state: 'unconfirmed',
      settled: true,
      reason: { kind: 'unknown' },
    });
    expect(await house.parts(id)).toEqual(['0:unconfirmed']);
    expect(texts(post.asked)).toEqual(['first', 'second']);
    expect((await house.story(session)).some(({ name }) => name === 'delivery:failed')).toBe(false);
  });

  it('is asked for with the same bytes where the platform knows them by their key', async () => {
    const { house, post, session, settled } = await sending({ keyed: true });
    post.next.push(answering.lost(post));
    const id = await house.write(session, 'first');
    await house.until('it was tried', () => post.asked.length === 1);
    await house.pass(5_000);
    await settled(id);
    expect(post.asked).toHaveLength(2);
    expect(post.asked[1]).toEqual(post.asked[0]);
    expect(post.asked[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(texts(post.taken)).toEqual(['first']);
    expect(await house.delivery(id)).toMatchObject({ state: 'sent' });
    const names = (await house.storage.deliveries.namesOf(id)).map(({ externalId }) => externalId);
    expect(names.sort()).toEqual([post.asked[0]?.key, 'm1'].sort());
  });

  it('ends with its time', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.silent);
    const id = await house.write(session, 'first');
    await house.until('it was asked', () => post.asked.length === 1);
    await house.clock.advance(31_000);
    await settled(id);
    expect(await house.delivery(id)).toMatchObject({ state: 'unconfirmed' });
  });

  it('for ten minutes leaves even a keyed message unconfirmed, not failed', async () => {
    const { house, post, session, settled } = await sending({ keyed: true });
    post.next.push(answering.lost(post));
    post.always = answering.status(503);
    const id = await house.write(session, 'first');
    await house.until('it was tried', () => post.asked.length === 1);
    await house.pass(11 * minute, 5_000);
    await settled(id);
    expect(await house.delivery(id)).toMatchObject({ state: 'unconfirmed', settled: true });
  });
});

describe('a channel', () => {
  it('whose account does not work stops, keeps what waits, says what to do, and goes on when it is mended', async () => {
    const { house, post, session, settled } = await sending();
    post.always = answering.status(401);
    const ids = [await house.write(session, 'first'), await house.write(session, 'second')];
    await house.until('it stopped', async () => (await house.storage.channels.status('post'))?.circuit === 'stopped');
    await house.pass(20 * minute, 10_000);
    expect(post.asked).toHaveLength(1);
    expect((await house.storage.channels.status('post'))?.problem).toMatch(/401.*test the connection/s);
    expect(await house.delivery(ids[0] ?? '')).toMatchObject({ settled: false, reason: { kind: 'channel-broken' } });
    post.always = undefined;
    await house.addChannel('post', post, { keyed: true });
    for (const id of ids) await settled(id);
    expect(texts(post.taken)).toEqual(['first', 'second']);
    expect(await house.storage.channels.status('post')).toMatchObject({ circuit: 'closed' });
  });

  it('stays stopped over a restart until somebody has looked', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.status(401));
    const id = await house.write(session, 'first');
    await house.until('it stopped', async () => (await house.storage.channels.status('post'))?.circuit === 'stopped');
    await house.outbox.stop(0);
    const next = await aHouse({ storage: house.storage, clock: house.clock });
    await next.outbox.start();
    await next.pass(minute, 5_000);
    expect(post.asked).toHaveLength(1);
    await next.outbox.resume('post');
    await settled(id);
  });

  it('whose platform is dead pauses longer and longer, tries with one conversation, and comes back', async () => {
    const { house, post, settled } = await sending();
    post.always = answering.status(503);
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await house.write(await house.open('post', `user:d${n}`), `to ${n}`));
    await house.until('it paused', async () => (await house.storage.channels.status('post'))?.circuit === 'open');
    const before = post.asked.length;
    expect(before).toBeLessThanOrEqual(6);
    await house.pass(2 * minute, 2_000);
    expect(post.asked.length - before).toBeLessThan(15);
    expect(house.signals.some((signal) => signal.kind === 'channel-status')).toBe(true);
    post.always = undefined;
    await house.pass(2 * minute, 2_000);
    for (const id of ids) await settled(id);
    expect(post.taken).toHaveLength(6);
    expect(await house.storage.channels.status('post')).toMatchObject({ circuit: 'closed', pausedUntil: null });
  });

  it('with a dead or slow platform delays no other channel', async () => {
    const { house, post, settled } = await sending();
    const dead = await aPlatform();
    const slow = await aPlatform();
    await house.addChannel('dead', dead);
    await house.addChannel('slow', slow);
    await dead.close();
    slow.always = answering.silent;
    for (let n = 0; n < 20; n += 1) {
      await house.write(await house.open('dead', `user:d${n}`), 'x');
      await house.write(await house.open('slow', `user:s${n}`), 'x');
    }
    const from = performance.now();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await house.write(await house.open('post', `user:p${n}`), `to ${n}`));
    for (const id of ids) await settled(id);
    expect(post.taken).toHaveLength(20);
    expect(slow.asked).toHaveLength(8);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('that is switched off keeps what waits until it is switched on', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.status(429, { 'retry-after': '1' }));
    const id = await house.write(session, 'first');
    await house.until('it was tried', () => post.asked.length === 1);
    const record = house.channels.running('post')?.record;
    if (record === undefined) throw new Error('not running');
    await house.channels.save({ ...record, enabled: false });
    await house.pass(minute, 5_000);
    expect(post.asked).toHaveLength(1);
    await expect(house.write(session, 'second')).rejects.toMatchObject({ code: 'CHANNEL_REFUSES' });
    await house.channels.save({ ...record, enabled: true });
    await settled(id);
    expect(texts(post.taken)).toEqual(['first']);
  });
});

describe('a dead letter', () => {
  it('that failed goes again as a new delivery of the same activity, once', async () => {
    const { house, post, session, settled } = await sending();
    post.next.push(answering.status(400));
    const id = await house.write(session, 'hello');
    await settled(id);
    const again = await house.replay('acme', id, { confirm: false });
    expect(again).toMatchObject({ id: `${id}~2`, seq: 1, state: 'queued' });
    await settled(again.id);
    expect(texts(post.taken)).toEqual(['hello']);
    expect(await house.delivery(id)).toMatchObject({ state: 'failed', replacedBy: again.id });
    for (const letter of [id, again.id]) {
      await expect(house.replay('acme', letter, { confirm: true })).rejects.toMatchObject({ code: 'REQUEST_CONFLICT' });
    }
    await expect(house.replay('other', id, { confirm: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that was never confirmed needs a word, and gets a new key', async () => {
    const { house, post, session, settled } = await sending({ keyed: true });
    post.next.push(answering.lost(post));
    post.always = answering.status(503);
    const id = await house.write(session, 'hello');
    await house.until('it was tried', () => post.asked.length === 1);
    await house.pass(11 * minute, 5_000);
    await settled(id);
    await expect(house.replay('acme', id, { confirm: false })).rejects.toMatchObject({ code: 'REQUEST_CONFLICT' });
    post.always = undefined;
    const again = await house.replay('acme', id, { confirm: true });
    await house.pass(2 * minute, 5_000);
    await settled(again.id);
    expect(new Set(post.taken.map(({ key }) => key)).size).toBe(2);
  });

  it('of several parts sends those again that did not arrive', async () => {
    const { house, post, session, settled } = await sending();
    const id = await house.write(session, 'one\ntwo\nthree');
    post.next.push((asked, response) => {
      post.next.push(answering.status(400));
      post.taken.push(asked);
      response.writeHead(200).end('{"id":"first"}');
    });
    await settled(id);
    const again = await house.replay('acme', id, { confirm: false });
    await settled(again.id);
    expect(texts(post.taken)).toEqual(['one', 'two', 'three']);
  });

  it('that fails once more goes on where it is', async () => {
    const { house, post, session, settled } = await sending();
    const fails = answering.status(400);
    post.next.push(post.take, fails);
    const id = await house.write(session, 'one\ntwo\nthree');
    await settled(id);
    post.next.push(post.take, fails);
    const second = await house.replay('acme', id, { confirm: false });
    await settled(second.id);
    const third = await house.replay('acme', second.id, { confirm: false });
    expect(third.id).toBe(`${id}~3`);
    await settled(third.id);
    expect(texts(post.taken)).toEqual(['one', 'two', 'three']);
    expect(await house.delivery(third.id)).toMatchObject({ state: 'sent' });
  });
});

describe('what is not a message', () => {
  it('is told to the platform as it happens: the agent types, the agent has read', async () => {
    const { house, session } = await sending();
    const stored = await house.storage.sessions.session('acme', session);
    if (stored === undefined) throw new Error('no session');
    const ann = { id: 'acc_1', name: 'Ann', role: 'agent' } as const;
    for (let n = 0; n < 5; n += 1) house.sessions.typing(stored, ann, true);
    house.sessions.typing(stored, { id: 'acc_2', role: 'agent' }, true);
    await house.until('typing was told', () => house.told.typing.length === 1);
    house.sessions.typing(stored, ann, false);
    await house.until('its end was told', () => house.told.typing.length === 2);
    expect(house.told.typing.map(({ typing }) => typing)).toEqual([true, false]);

    const from = { id: 'user:1', role: 'user' } as const;
    await house.hear(session, ['in1', 'in2', 'in3'], from);
    await house.sessions.receipt(stored, ann, { read: 2 });
    await house.until('reading was told', () => house.told.read.length === 1);
    await house.sessions.receipt(stored, ann, { read: 3 });
    await house.until('more was told', () => house.told.read.length === 2);
    await house.sessions.receipt(stored, { id: 'acc_2', role: 'agent' }, { read: 3 });
    expect(house.told.read).toEqual([
      { conversation: 'user:1', externalIds: ['in1', 'in2'] },
      { conversation: 'user:1', externalIds: ['in3'] },
    ]);
  });
});
