import { describe, expect, it } from 'vitest';
import { closed, openPage, openRaw, type Page, pause, type ServerUnderTest } from './page.ts';

/** What must not work, and must hurt nobody else. */
export function withstandingBehaves(server: () => ServerUnderTest): void {
  const refused = (code: string) => ({ ok: false, error: { code, retryable: false } });
  const stillServed = async (page: Page) => expect((await page.say('still here')).ok).toBe(true);

  describe('an event', () => {
    it('that the protocol does not have is answered as unknown', async () => {
      const page = await openPage(server());
      for (const name of ['nope', 'join', 'toString', '__proto__', 'constructor', 'message', 'error', '']) {
        expect(await page.askAnything(name, {}), name).toMatchObject(refused('CHANNEL_EVENT_UNKNOWN'));
      }
      await stillServed(page);
      page.close();
    });

    it('of another form is answered as invalid, without repeating what it held', async () => {
      const page = await openPage(server());
      const { session } = await page.say('hello');
      const wrong: [string, unknown][] = [
        ['message:send', {}],
        ['message:send', null],
        ['message:send', 'text'],
        ['message:send', [1]],
        ['message:send', { clientId: 'x', text: 1 }],
        ['message:send', { clientId: 'x', text: { $gt: '' } }],
        ['message:send', { clientId: 'x', text: '' }],
        ['message:send', { clientId: 'x y', text: 'secret-value' }],
        ['message:send', { clientId: 'x', text: 'a', from: { role: 'agent', id: 'acc_1' } }],
        ['message:send', { clientId: 'x', text: 'a', session: session.id }],
        ['message:send', { clientId: 'x', text: 'a', timestamp: 'now', seq: 9, tenantId: 'other' }],
        ['message:send', { clientId: 'x', text: 'a\u0000b' }],
        ['message:send', { clientId: 'x', text: 'a'.repeat(10_001) }],
        ['message:send', { clientId: 'x', attachments: [{ contentUrl: 'http://169.254.169.254/' }] }],
        ['activities:read', { session: session.id, after: -1 }],
        ['activities:read', { session: session.id, after: 0, limit: 1e9 }],
        ['receipt:send', { session: session.id, read: 'all' }],
        ['session:rate', { session: session.id, score: 99 }],
        ['media:resolve', { ids: ['../../etc/passwd'] }],
        ['page:send', { url: 'javascript:alert(1)' }],
      ];
      for (const [name, payload] of wrong) {
        const answer = await page.askAnything(name, payload);
        expect(answer, JSON.stringify(payload)).toMatchObject(refused('CHANNEL_EVENT_INVALID'));
        expect(JSON.stringify(answer)).not.toContain('secret-value');
        await pause(25);
      }
      expect(await page.askAnything('typing:send')).toMatchObject(refused('CHANNEL_EVENT_INVALID'));
      expect(await page.askAnything('typing:send', {}, {})).toMatchObject(refused('CHANNEL_EVENT_INVALID'));
      await stillServed(page);
      page.close();
    });

    it('above 100 kB is answered as too large and not stored', async () => {
      const page = await openPage(server());
      const { session } = await page.say('small');
      const large = { clientId: 'large', text: 'x'.repeat(150_000) };
      expect(await page.askAnything('message:send', large)).toMatchObject(refused('CHANNEL_EVENT_TOO_LARGE'));
      // Counted in bytes: 40,000 of these letters are 120,000.
      const wide = { clientId: 'wide', text: '中'.repeat(40_000) };
      expect(await page.askAnything('message:send', wide)).toMatchObject(refused('CHANNEL_EVENT_TOO_LARGE'));
      const log = await page.ask('activities:read', { session: session.id, after: 0 });
      expect(log.ok && log.items.filter(({ activity }) => activity.type === 'message')).toHaveLength(1);
      await stillServed(page);
      page.close();
    });

    it('without an acknowledgement is done or dropped, and harms nothing', async () => {
      const page = await openPage(server());
      page.socket.emit('message:send', { clientId: 'quiet', text: 'no answer wanted' });
      page.socket.emit('nope');
      page.socket.emit('message:send', null);
      const again = await page.say('the same', 'quiet');
      expect(again.activity.text).toBe('no answer wanted');
      page.close();
    });
  });

  describe('somebody else’s session', () => {
    it('does not exist, on every event', async () => {
      const owner = await openPage(server());
      const { session } = await owner.say('mine alone');
      const stranger = await openPage(server());
      await stranger.say('hello');
      const attempts = (id: string): [string, unknown][] => [
        ['activities:read', { session: id, after: 0 }],
        ['session:resume', { cursor: { [id]: 0 } }],
        ['receipt:send', { session: id, read: 1 }],
        ['typing:send', { session: id, typing: true }],
        ['session:close', { session: id }],
        ['session:rate', { session: id, score: 1 }],
      ];
      const missing = `ses_${'0'.repeat(32)}`;
      for (const [index, [name, payload]] of attempts(session.id).entries()) {
        const answer = await stranger.askAnything(name, payload);
        expect(answer, name).toMatchObject(refused('SESSION_NOT_FOUND'));
        const [, same] = attempts(missing)[index] ?? ['', {}];
        expect(answer).toEqual(await stranger.askAnything(name, same));
      }
      const media = await stranger.ask('media:resolve', { ids: [`med_${'0'.repeat(32)}`] });
      expect(media).toMatchObject(refused('MEDIA_NOT_FOUND'));
      const linked = await stranger.ask('message:send', {
        clientId: 'steal',
        attachments: [{ contentUrl: `media:med_${'0'.repeat(32)}` }],
      });
      expect(linked).toMatchObject(refused('MEDIA_NOT_FOUND'));
      const log = await owner.ask('activities:read', { session: session.id, after: 0 });
      expect(log.ok && log.receipts.some(({ participant }) => participant.id === stranger.hello.visitor.id)).toBe(
        false,
      );
      await pause(100);
      expect(JSON.stringify(stranger.facts)).not.toContain(session.id);
      expect(owner.facts.some(({ name }) => name === 'typing:changed')).toBe(false);
      owner.close();
      stranger.close();
    });
  });

  describe('a flood', () => {
    it('of 100 events at once is throttled with a time to wait, and what was refused can be sent again', async () => {
      const page = await openPage(server());
      const { session } = await page.say('hello');
      const answers = await Promise.all(
        Array.from({ length: 150 }, () => page.ask('typing:send', { session: session.id, typing: true })),
      );
      const turnedAway = answers.filter((answer) => !answer.ok);
      expect(turnedAway.length).toBeGreaterThan(20);
      for (const answer of turnedAway) {
        expect(answer).toMatchObject({ error: { code: 'CHANNEL_RATE_LIMITED', retryable: true } });
        expect(!answer.ok && answer.error.retryAfter).toBeGreaterThan(0);
      }
      await pause(1_500);
      await stillServed(page);
      page.close();
    });

    it('of 1,000 events in a second ends that connection and no other', async () => {
      const other = await openPage(server());
      const page = await openPage(server());
      for (let sent = 0; sent < 1_200; sent += 1) page.socket.emit('typing:send', {});
      await page.gone();
      await stillServed(other);
      other.close();
    });

    it('cannot be split over tabs', async () => {
      const first = await openPage(server());
      const { token } = first.hello.visitor;
      const tabs = [first, ...(await Promise.all([1, 2, 3, 4, 5].map(() => openPage(server(), { token }))))];
      const answers = await Promise.all(
        tabs.flatMap((tab) => Array.from({ length: 70 }, () => tab.askAnything('nope', {}))),
      );
      const limited = answers.filter((answer) => !answer.ok && answer.error.code === 'CHANNEL_RATE_LIMITED');
      expect(limited.length).toBeGreaterThan(100);
      for (const tab of tabs) tab.close();
    });
  });

  describe('what is no socket.io', () => {
    it('closes its connection and no other', async () => {
      const witness = await openPage(server());
      const garbage = [
        'garbage',
        '4',
        '49',
        '42/customer,["connect"]',
        '42/customer,["disconnecting"]',
        '42/customer,[{"__proto__":1}]',
        '42/customer,{"not":"an array"}',
        '42/customer,[',
        '451-/customer,["message:send",{"_placeholder":true,"num":0}]',
        '4999999999-/customer,[]',
        '461-["x"]',
        '2probe',
        '5',
        '\u0000\u0001\u0002',
        '43/customer,0[]',
        '44/customer,{"message":"x"}',
        Buffer.from([4, 1, 2, 3]),
        Buffer.alloc(0),
      ];
      for (const packet of garbage) {
        const raw = await openRaw(server());
        raw.on('error', () => undefined);
        raw.send(packet);
        await pause(5);
        raw.terminate();
      }
      // The same on a connection that stands.
      for (const packet of garbage) {
        const raw = await openRaw(server());
        raw.on('error', () => undefined);
        raw.send(`40/customer,${JSON.stringify({ version: 1, channel: server().channel })}`);
        await pause(15);
        if (raw.readyState === raw.OPEN) raw.send(packet);
        await pause(5);
        raw.terminate();
      }
      await stillServed(witness);
      witness.close();
    });

    it('closes at once when a reserved name, a broken or a binary packet comes', async () => {
      for (const packet of ['42/customer,["connect"]', '42/customer,[', '451-/customer,["x"]', 'xyz']) {
        const raw = await openRaw(server());
        raw.send(`40/customer,${JSON.stringify({ version: 1, channel: server().channel })}`);
        await pause(50);
        raw.send(packet);
        await closed(raw);
      }
    });

    it('a frame above 1 MB closes that connection only', async () => {
      const witness = await openPage(server());
      const page = await openPage(server());
      page.socket.emit('message:send', { clientId: 'huge', text: 'x'.repeat(1_100_000) });
      await page.gone();
      await stillServed(witness);
      witness.close();
    });

    it('other namespaces, and joining again and again, are refused', async () => {
      const witness = await openPage(server());
      for (const name of ['', '/', '/admin', '/customer2', '/__proto__']) {
        const raw = await openRaw(server());
        const packets: string[] = [];
        raw.on('message', (data) => packets.push(String(data)));
        raw.send(`40${name === '' ? '' : `${name},`}{}`);
        await pause(60);
        expect(packets.some((packet) => packet.startsWith('44'))).toBe(true);
        expect(packets.some((packet) => packet.startsWith('40'))).toBe(false);
        raw.terminate();
      }
      const raw = await openRaw(server());
      for (let turn = 0; turn < 20; turn += 1) raw.send('40/admin,{}');
      await closed(raw);
      await stillServed(witness);
      witness.close();
    });

    it('long polling is refused, in any method', async () => {
      const witness = await openPage(server());
      const address = `${server().url}/socket.io/?EIO=4&transport=polling`;
      for (const init of [{}, { method: 'POST', body: '4'.repeat(10_000) }, { method: 'PUT' }, { method: 'OPTIONS' }]) {
        const response = await fetch(address, { headers: { origin: server().origin }, ...init });
        expect(response.status).toBe(400);
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
        expect(await response.text()).not.toMatch(/at .*\.(ts|js):/);
      }
      await stillServed(witness);
      witness.close();
    });
  });
}
