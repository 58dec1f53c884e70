import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BellHouse, bellHouse, says, sign, talk } from '../support/doorbell.ts';
import { signIn, smallCompany, startServer } from '../support/server.ts';

let house: BellHouse;
beforeAll(async () => {
  house = await bellHouse();
});
afterAll(() => house.stop());

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(house.url + path, { method: 'POST', body, headers: { 'x-signature': sign(body), ...headers } });
const messages = async (who: string, channel?: string) =>
  (await house.logOf(`user:${who}`, channel)).filter(({ type }) => type === 'message');

describe('a webhook', () => {
  it('stores a message before it answers, and the desk can read who wrote', async () => {
    const answer = await house.ring([says('kim', 'Hello', { from: { name: 'Kim', locale: 'de', phone: '+49 30 1' } })]);
    expect(answer).toMatchObject({ status: 200, body: 'ding' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [message] = await messages('kim');
    expect(message).toMatchObject({
      text: 'Hello',
      audience: 'all',
      channel: 'bell',
      channelId: 'doorbell',
      from: { id: 'kim', name: 'Kim', role: 'user' },
    });
    const [session] = await house.sessionsOf('user:kim');
    expect(session).toMatchObject({ state: 'queued', queueId: 'support', locale: 'de' });
    const token = await house.tokenOf('one-sue');
    const { json } = await house.request('GET', `/api/v1/sessions/${session?.id}`, { token });
    expect(json.customer).toMatchObject({ name: 'Kim', phone: '+49 30 1', attributes: { locale: 'de' } });
  });

  it('stores one message of the same delivery a hundred times in parallel', async () => {
    const delivery = [says('lee', 'Once')];
    const answers = await Promise.all(Array.from({ length: 100 }, () => house.ring(delivery)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await messages('lee')).toHaveLength(1);
    expect(await house.sessionsOf('user:lee')).toHaveLength(1);
  });

  it('makes one session of two first messages at the same moment and of one 200 ms later', async () => {
    await Promise.all([house.ring([says('two', 'a')]), house.ring([says('two', 'b')])]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await house.ring([says('two', 'c')]);
    expect(await house.sessionsOf('user:two')).toHaveLength(1);
    expect((await messages('two')).map(({ text }) => text).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('keeps the order of one conversation in a delivery of many', async () => {
    const people = ['p1', 'p2', 'p3'];
    await house.ring(Array.from({ length: 30 }, (_, n) => says(people[n % 3] ?? 'p1', String(n))));
    for (const [n, who] of people.entries()) {
      expect((await messages(who)).map(({ text }) => text)).toEqual(
        Array.from({ length: 10 }, (_, turn) => String(turn * 3 + n)),
      );
    }
  });

  it('refuses a wrong, missing or blank signature and a changed byte with an empty body, and stores nothing', async () => {
    const body = JSON.stringify([says('mallory', 'Let me in')]);
    const path = '/webhooks/bell';
    const answers = await Promise.all([
      post(path, body, { 'x-signature': sign(body, 'guessed') }),
      post(path, body, { 'x-signature': '' }),
      fetch(house.url + path, { method: 'POST', body }),
      post(path, body.replace('in', 'On'), { 'x-signature': sign(body) }),
      post('/webhooks/blank-bell', body, { 'x-signature': sign(body, '') }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(await answer.text()).toBe('');
    }
    expect(await house.sessionsOf('user:mallory')).toEqual([]);
    const said = JSON.stringify(house.log.lines);
    expect(said).toContain('the signature is wrong');
    expect(said).not.toContain('Let me in');
  });

  it('is not found for a channel that is unknown, switched off, or has no webhook', async () => {
    for (const channel of ['none', 'silent-bell', 'one-web', '..%2fbell', 'x'.repeat(150)]) {
      expect((await house.ring([says('nobody', 'x')], { channel })).status, channel).toBe(404);
    }
  });

  it('answers a challenge with path, query and headers as the adapter says', async () => {
    const answer = await fetch(`${house.url}/webhooks/bell/InboundMessageNotification/x%2Fy?challenge=a%26b+c`);
    expect(await answer.text()).toBe('/InboundMessageNotification/x%2Fy|a&b c');
    expect(answer.headers.get('x-bell')).toBe('yes');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await (await fetch(`${house.url}/webhooks/bell`)).text()).toBe('|');
  });

  it('takes bytes of any content type as they are', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense']) {
      const body = JSON.stringify([says('types', type)]);
      expect((await post('/webhooks/bell', body, { 'content-type': type })).status).toBe(200);
    }
    expect(await messages('types')).toHaveLength(4);
  });

  it('refuses a body larger than the platform sends, whether it says so before or not', async () => {
    const body = JSON.stringify([says('large', 'x'.repeat(300_000))]);
    expect((await post('/webhooks/bell', body)).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asking = httpRequest(
        `${house.url}/webhooks/bell`,
        { method: 'POST', headers: { 'x-signature': sign(body), 'transfer-encoding': 'chunked' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      asking.on('error', reject);
      asking.write(body.slice(0, 250_000));
      asking.on('response', () => asking.destroy());
    });
    expect(status).toBe(413);
    expect(await house.sessionsOf('user:large')).toEqual([]);
    expect((await house.ring([says('large', 'small')])).status).toBe(200);
  });

  it('answers 400 only when nothing can be read, and never stops the channel', async () => {
    expect((await post('/webhooks/bell', 'no json')).status).toBe(400);
    // The platform would shut us out for failing again and again at what is our own mistake.
    expect(await (await post('/webhooks/bell', '"explode"')).text()).toBe('ding');
    const deep = `${'['.repeat(90_000)}${']'.repeat(90_000)}`;
    const began = Date.now();
    await post('/webhooks/bell', deep);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect((await house.ring([says('after', 'still here')])).status).toBe(200);
    expect(await messages('after')).toHaveLength(1);
  });

  it('stores what is good of a batch, counts the rest and says so without its content', async () => {
    const nested = JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`);
    const before = (await house.storage.channels.status('bell2'))?.dropped ?? 0;
    const answer = await house.ring(
      [
        says('batch', 'one'),
        { kind: 'unreadable', reason: 'an entry without sender' },
        says('batch', 'secret words', { externalId: '' }),
        says('batch', 'secret words', { externalId: 'x'.repeat(600) }),
        says('batch', 'secret words', { content: { channelData: nested } }),
        says('batch', 'secret words', { at: Number.NaN }),
        { kind: 'from the future' },
        says('batch', 'tw\0o'),
        says('batch', 'three'),
      ],
      { channel: 'bell2' },
    );
    expect(answer.status).toBe(200);
    expect((await messages('batch', 'bell2')).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    await house.receiving.inboundTally.flush();
    const status = await house.storage.channels.status('bell2');
    expect(status?.dropped).toBe(before + 6);
    expect(JSON.stringify(house.log.lines)).not.toContain('secret words');
    expect(Date.now() - (status?.heardAt ?? 0)).toBeLessThan(60_000);
  });

  it('gives entries of other accounts to the tenant’s channel of the same app, and drops the rest', async () => {
    await house.ring([
      says('router', 'own', { account: 'A1' }),
      says('router', 'sister', { account: 'A2' }),
      says('router', 'other app', { account: 'A3' }),
      says('router', 'switched off', { account: 'A5' }),
      says('router', 'other tenant', { account: 'A7' }),
      says('router', 'unknown', { account: 'A9' }),
    ]);
    expect((await messages('router')).map(({ text }) => text)).toEqual(['own']);
    expect((await messages('router', 'bell2')).map(({ text }) => text)).toEqual(['sister']);
    for (const channel of ['bell3', 'silent-bell', 'foreign-bell']) {
      expect(await house.sessionsOf('user:router', channel), channel).toEqual([]);
    }
    await house.receiving.inboundTally.flush();
    expect((await house.storage.channels.status('bell'))?.dropped).toBeGreaterThanOrEqual(4);
  });

  it('says with its answer the greeting that it stored, again when the delivery is repeated, and only to a beginning', async () => {
    const channel = 'greeting-bell';
    const first = [says('wei', '你好')];
    const hello = { status: 200, body: '<hello>Welcome!</hello>' };
    expect(await house.ring(first, { channel })).toMatchObject(hello);
    expect(await house.ring(first, { channel })).toMatchObject(hello);
    expect(await house.ring([says('wei', 'and')], { channel })).toMatchObject({ body: 'ding' });
    const log = await house.logOf('user:wei', channel);
    expect(log.map(({ text, name, from }) => `${from.id}: ${text ?? name}`)).toEqual([
      'wei: 你好',
      'system: session:queued',
      'greeting: Welcome!',
      'wei: and',
    ]);
  });

  it('lets a platform’s word for the client be found by the client, and keeps the first', async () => {
    const kept = (value: string) => ({ kind: 'kept', name: 'audit-7', value });
    await house.ring([kept('passed'), kept('passed again')]);
    const row = await house.storage.channels.credential('bell', 'audit-7');
    expect(row).toMatchObject({ leaseUntil: null });
    expect(JSON.stringify(row)).not.toContain('passed');
  });

  it('asks to come again when the store fails', async () => {
    const other = await bellHouse();
    await other.storage.close();
    const body = JSON.stringify([says('late', 'x', { conversation: talk('late') })]);
    const answer = await fetch(`${other.url}/webhooks/bell`, {
      method: 'POST',
      body,
      headers: { 'x-signature': sign(body) },
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    await other.stop();
  });
});

describe('the real server', () => {
  it('takes in what a declared channel’s platform delivers, and knows a repeat after a restart', async () => {
    const shared = 'a secret of both sides, long enough';
    const channel = {
      id: 'own-system',
      type: 'webhook',
      name: 'Own system',
      queue: 'support',
      settings: { address: 'https://own.example/foyer', secret: shared },
    };
    const server = await startServer({ declared: { ...smallCompany, channels: [channel] } });
    try {
      const body = JSON.stringify({
        events: [
          {
            id: 'e-1',
            type: 'message',
            at: Date.now(),
            conversation: 'c-1',
            from: { id: 'u-1', name: 'Mia' },
            text: 'Is anybody there?',
          },
        ],
      });
      const deliver = async () => {
        const time = String(Date.now());
        const signature = createHmac('sha256', shared).update(`${time}.${body}`).digest('hex');
        const headers = { 'foyer-timestamp': time, 'foyer-signature': `sha256=${signature}` };
        return (await fetch(`${server.url}/webhooks/own-system`, { method: 'POST', body, headers })).status;
      };
      expect(await deliver()).toBe(204);
      await server.restart();
      expect(await deliver()).toBe(204);
      const headers = { authorization: `Bearer ${await signIn(server, 'ada')}` };
      const read = async (path: string) => (await fetch(server.url + path, { headers })).json();
      const { items } = await read('/api/v1/sessions?channel=own-system');
      expect(items).toMatchObject([{ customer: { name: 'Mia' }, state: 'queued' }]);
      const log = await read(`/api/v1/sessions/${items[0].id}/activities`);
      expect(log.items.filter((each: { type: string }) => each.type === 'message')).toMatchObject([
        { text: 'Is anybody there?', from: { name: 'Mia', role: 'user' } },
      ]);
    } finally {
      await server.remove();
    }
  });
});
