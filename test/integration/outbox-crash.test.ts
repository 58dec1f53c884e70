import { afterEach, describe, expect, it } from 'vitest';
import { outboxHouse, type Platform, platform } from './outbox-house.ts';

const minute = 60_000;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A node that dies after so many commits of a message's way, and another on the same store that takes over. */
async function dying(commits: number, settings: Record<string, unknown>, next: Platform['next'] = []) {
  const post = await platform();
  ends.push(() => post.close());
  post.next.push(...next);
  const first = await outboxHouse();
  ends.push(() => first.close());
  await first.addChannel('post', post, settings);
  const session = await first.open('post', 'user:1');
  await first.outbox.start();
  first.dieAfter(commits);
  const id = await first.write(session, 'one\ntwo');
  const behind = await first.write(session, 'three');
  await first.until('it has died', () => first.dead());
  const second = await outboxHouse({ storage: first.storage, clock: first.clock });
  ends.push(() => second.close());
  await second.outbox.start();
  // The lease of the dead has to run out first.
  await second.pass(30_000, 5_000);
  const early = post.asked.length;
  await second.pass(2 * minute, 5_000);
  await second.until('all is settled', async () => (await second.delivery(behind)).settled);
  const texts = (list: readonly { text: string }[]) => list.map(({ text }) => text);
  return {
    early,
    taken: texts(post.taken),
    asked: texts(post.asked),
    keys: post.asked.map(({ key }) => key),
    delivery: await second.delivery(id),
    parts: await second.parts(id),
    conversation: await second.conversation('post', 'user:1'),
  };
}

describe('a node that dies', () => {
  it.each([
    ['before it did anything', 0, {}],
    ['when the parts were stored', 1, { prepares: true }],
  ])('%s leaves everything to the next one', async (_when, commits, settings) => {
    const end = await dying(commits, settings);
    expect(end.early).toBe(0);
    expect(end.taken).toEqual(['one', 'two', 'three']);
    expect(end.asked).toEqual(end.taken);
    expect(end.delivery).toMatchObject({ state: 'sent', settled: true });
    expect(end.conversation).toMatchObject({ dueAt: null, leaseUntil: null });
  });

  it.each([
    ['after the platform took a part', 1, {}, []],
    ['after the platform took a prepared part', 2, { prepares: true }, []],
    ['after the platform took the second part', 3, {}, []],
  ])(
    '%s and before it could say so leaves it unconfirmed: it does not go twice',
    async (_when, commits, settings, next) => {
      const end = await dying(commits, settings, next);
      const before = commits === 3 ? ['one', 'two'] : ['one'];
      expect(end.taken).toEqual([...before, 'three']);
      expect(end.asked).toEqual(end.taken);
      expect(end.delivery).toMatchObject({ state: 'unconfirmed', settled: true, reason: { kind: 'unknown' } });
      expect(end.parts).toContain(`${before.length - 1}:unconfirmed`);
    },
  );

  it.each([1, 2, 3])(
    'with a platform that knows repeats by key goes on with the same bytes (after commit %i)',
    async (commits) => {
      const end = await dying(commits, { keyed: true });
      expect(end.taken).toEqual(['one', 'two', 'three']);
      expect(new Set(end.keys).size).toBe(3);
      expect(end.delivery).toMatchObject({ state: 'sent', settled: true });
    },
  );

  it('is taken over at once by a restart that is certainly alone', async () => {
    const post = await platform();
    ends.push(() => post.close());
    const first = await outboxHouse();
    ends.push(() => first.close());
    await first.addChannel('post', post, { keyed: true });
    const session = await first.open('post', 'user:1');
    await first.outbox.start();
    first.dieAfter(1);
    const id = await first.write(session, 'one');
    await first.until('it has died', () => first.dead());
    const second = await outboxHouse({ storage: first.storage, clock: first.clock, alone: true });
    ends.push(() => second.close());
    await second.outbox.start();
    await second.until('it is settled', async () => (await second.delivery(id)).settled);
    expect(post.taken).toHaveLength(1);
    expect(await second.delivery(id)).toMatchObject({ state: 'sent' });
  });
});

describe('a node whose lease ran out while the platform was slow', () => {
  it('still makes known what the platform took, after another called it unconfirmed', async () => {
    const post = await platform();
    ends.push(() => post.close());
    const first = await outboxHouse();
    ends.push(() => first.close());
    await first.addChannel('post', post);
    const session = await first.open('post', 'user:1');
    let release: () => void = () => undefined;
    post.next.push(async (_asked, response) => {
      await new Promise<void>((go) => {
        release = go;
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"late"}');
    });
    await first.outbox.start();
    const id = await first.write(session, 'one');
    await first.until('it was asked', () => post.asked.length === 1);
    // The clock of another node is far ahead: to it the lease is over.
    const ahead = { ...first.clock, now: () => first.clock.now() + 2 * minute };
    const second = await outboxHouse({ storage: first.storage, clock: ahead });
    ends.push(() => second.close());
    await second.outbox.start();
    await second.until('it is unconfirmed', async () => (await second.delivery(id)).state === 'unconfirmed');
    release();
    await first.until('it is sent', async () => (await first.delivery(id)).state === 'sent');
    expect(await first.parts(id)).toEqual(['0:sent']);
    expect(post.asked).toHaveLength(1);
  });
});

describe('two nodes', () => {
  it('share the conversations of a channel and send nothing twice', async () => {
    const post = await platform();
    ends.push(() => post.close());
    const one = await outboxHouse();
    ends.push(() => one.close());
    await one.addChannel('post', post);
    const sessions = await Promise.all(Array.from({ length: 12 }, (_, n) => one.open('post', `user:${n}`)));
    const two = await outboxHouse({ storage: one.storage, clock: one.clock });
    ends.push(() => two.close());
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1)
      for (const session of sessions) ids.push(await one.write(session, `${session} ${n}`));
    await Promise.all([one.outbox.start(), two.outbox.start()]);
    for (let tries = 0; tries < 10; tries += 1) {
      for (const house of [one, two]) house.publish({ kind: 'outbox', channelId: 'post', conversation: 'user:1' });
      await one.pass(500, 500);
    }
    await one.until('all is settled', async () => (await Promise.all(ids.map(one.delivery))).every((d) => d.settled));
    expect(post.asked.map(({ text }) => text).sort()).toEqual([...new Set(post.asked.map(({ text }) => text))].sort());
    expect(post.asked).toHaveLength(60);
    for (const session of sessions) {
      const mine = post.taken.filter(({ text }) => text.startsWith(`${session} `)).map(({ text }) => text);
      expect(mine).toEqual([0, 1, 2, 3, 4].map((n) => `${session} ${n}`));
    }
  });
});

describe('an outbox that stops', () => {
  it('ends what is under way, lets its conversations go and leaves the rest to the next start', async () => {
    const post = await platform();
    ends.push(() => post.close());
    const first = await outboxHouse();
    ends.push(() => first.close());
    await first.addChannel('post', post);
    const session = await first.open('post', 'user:1');
    post.next.push((_asked, response) => {
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"slow"}'), 100);
    });
    await first.outbox.start();
    const ids = [await first.write(session, 'one'), await first.write(session, 'two')];
    await first.until('it was asked', () => post.asked.length === 1);
    await first.outbox.stop(10_000);
    expect(await first.delivery(ids[0] ?? '')).toMatchObject({ state: 'sent' });
    expect(await first.delivery(ids[1] ?? '')).toMatchObject({ state: 'queued', settled: false });
    expect(await first.conversation('post', 'user:1')).toMatchObject({ leaseOwner: null, leaseUntil: null });
    const second = await outboxHouse({ storage: first.storage, clock: first.clock });
    ends.push(() => second.close());
    await second.outbox.start();
    await second.until('it is settled', async () => (await second.delivery(ids[1] ?? '')).settled);
    expect(post.asked).toHaveLength(2);
  });
});
