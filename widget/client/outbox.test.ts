import { expect, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/fake-clock.ts';
import { RequestRefused } from './connection.ts';
import { createOutbox, mostAttempts, type OutboxMessage } from './outbox.ts';
import { createPageStorage, type PageStorage } from './page-storage.ts';
import { withLease } from './tab-lock.ts';

/** As a browser's, shared by tabs. */
function browserStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

const refusal = (retryable: boolean, retryAfter?: number) =>
  new RequestRefused({
    code: retryable ? 'CHANNEL_RATE_LIMITED' : 'CHANNEL_EVENT_INVALID',
    message: 'No.',
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
  });

function tab(
  storage: PageStorage,
  clock: FakeClock,
  send: (message: OutboxMessage) => Promise<void>,
  options: { owner?: string; connected?: () => boolean } = {},
) {
  const { owner = 'tab', connected = () => true } = options;
  return createOutbox({
    storage,
    prefix: 'foyer:x:',
    lock: (name, run) => withLease(name, run, { storage, clock, owner }),
    clock,
    random: () => 0.5,
    ready: connected,
    send,
  });
}

test('messages written offline survive a reload and go out in order, once each', async () => {
  const clock = fakeClock();
  const storage = createPageStorage(browserStorage());
  const before = tab(storage, clock, async () => {}, { connected: () => false });
  before.belongTo('vis_1');
  for (const text of ['one', 'two', 'three']) before.add({ text });
  void before.flush();
  await clock.advance(1_000);
  expect(before.list().map(({ text }) => text)).toEqual(['one', 'two', 'three']);

  const sent: string[] = [];
  const after = tab(storage, clock, async ({ text }) => void sent.push(text ?? ''), { owner: 'reloaded' });
  after.belongTo('vis_1');
  void after.flush();
  await clock.advance(10_000);
  expect(sent).toEqual(['one', 'two', 'three']);
  expect(after.list()).toEqual([]);
});

test('of two tabs one sends at a time, and nothing is sent twice', async () => {
  const clock = fakeClock();
  const storage = createPageStorage(browserStorage());
  const sent: string[] = [];
  let sending = 0;
  let most = 0;
  const slowly = async ({ text }: OutboxMessage) => {
    most = Math.max(most, ++sending);
    await new Promise<void>((resolve) => void clock.after(100, resolve));
    sent.push(text ?? '');
    sending -= 1;
  };
  const tabs = ['a', 'b'].map((owner) => tab(storage, clock, slowly, { owner }));
  for (const outbox of tabs) outbox.belongTo('vis_1');
  for (let count = 0; count < 6; count += 1) {
    tabs[count % 2]?.add({ text: `${count}` });
    await clock.advance(1);
    for (const outbox of tabs) void outbox.flush();
  }
  await clock.advance(60_000);
  expect(sent).toEqual(['0', '1', '2', '3', '4', '5']);
  expect(most).toBe(1);
});

test('a tab that dies while sending holds the others up for a few seconds only', async () => {
  const clock = fakeClock();
  const storage = createPageStorage(browserStorage());
  storage.set('foyer:x:outbox', `${clock.now() + 6_000} crashed`);
  const sent: string[] = [];
  const outbox = tab(storage, clock, async ({ text }) => void sent.push(text ?? ''));
  outbox.add({ text: 'hello' });
  void outbox.flush();
  await clock.advance(5_000);
  expect(sent).toEqual([]);
  await clock.advance(5_000);
  expect(sent).toEqual(['hello']);
});

test('a refusal marks the message with its reason and lets the next ones go', async () => {
  const clock = fakeClock();
  const sent: string[] = [];
  let refuse = true;
  const outbox = tab(createPageStorage(browserStorage()), clock, async ({ text }) => {
    if (text === 'bad' && refuse) throw refusal(false);
    sent.push(text ?? '');
  });
  outbox.add({ text: 'bad' });
  outbox.add({ text: 'good' });
  void outbox.flush();
  await clock.advance(10_000);
  expect(sent).toEqual(['good']);
  const [failed] = outbox.list();
  expect(failed?.failure).toEqual({ code: 'CHANNEL_EVENT_INVALID', message: 'No.' });

  refuse = false;
  outbox.retry(failed?.clientId ?? '');
  await clock.advance(10_000);
  expect(sent).toEqual(['good', 'bad']);
  expect(outbox.list()).toEqual([]);
});

test('a refusal that may pass is waited out, and not for ever', async () => {
  const clock = fakeClock();
  let attempts = 0;
  const outbox = tab(createPageStorage(browserStorage()), clock, async () => {
    attempts += 1;
    throw refusal(true, 1_000);
  });
  outbox.add({ text: 'hello' });
  void outbox.flush();
  await clock.advance(600);
  expect(attempts).toBe(1);
  await clock.advance(60_000);
  expect(attempts).toBe(mostAttempts);
  expect(outbox.list()[0]?.failure?.code).toBe('CHANNEL_RATE_LIMITED');
  outbox.discard(outbox.list()[0]?.clientId ?? '');
  expect(outbox.list()).toEqual([]);
});

test('a lost connection keeps the message, with the same clientId', async () => {
  const clock = fakeClock();
  const tried: string[] = [];
  let connected = true;
  const outbox = tab(
    createPageStorage(browserStorage()),
    clock,
    async ({ clientId }) => {
      tried.push(clientId);
      if (tried.length === 1) {
        connected = false;
        throw new Error('lost');
      }
    },
    { connected: () => connected },
  );
  const { clientId } = outbox.add({ text: 'hello' });
  void outbox.flush();
  await clock.advance(5_000);
  expect(outbox.list()).toHaveLength(1);
  connected = true;
  void outbox.flush();
  await clock.advance(5_000);
  expect(tried).toEqual([clientId, clientId]);
  expect(outbox.list()).toEqual([]);
});

test('what was written before anybody was known goes with the first visitor; nothing passes to another', async () => {
  const clock = fakeClock();
  const storage = createPageStorage(browserStorage());
  const outbox = tab(storage, clock, async () => {}, { connected: () => false });
  outbox.add({ text: 'early' });
  outbox.belongTo('vis_1');
  expect(outbox.list().map(({ text }) => text)).toEqual(['early']);
  outbox.belongTo('vis_2');
  expect(outbox.list()).toEqual([]);
  outbox.belongTo('vis_1');
  outbox.clear();
  expect(storage.keys('foyer:x:out:')).toEqual([]);
});

test('without storage a page still sends what it has', async () => {
  const clock = fakeClock();
  const forbidden = browserStorage();
  forbidden.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const sent: string[] = [];
  const outbox = tab(createPageStorage(forbidden), clock, async ({ text }) => void sent.push(text ?? ''));
  outbox.add({ text: 'hello' });
  void outbox.flush();
  await clock.advance(5_000);
  expect(sent).toEqual(['hello']);
  expect(outbox.list()).toEqual([]);
});
