import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openPage, type Page, pause } from '../contracts/web-protocol/page.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { bytes, doorOf, innards, key } from '../support/attack.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const open: { close(): void }[] = [];
beforeEach(async () => {
  server = await startServer({ realtime: { customerPatience: 200, deskPatience: 200 } });
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await server.remove();
});

const page = async (options?: Parameters<typeof openPage>[1]): Promise<Page> => {
  const opened = await openPage(doorOf(server), options);
  open.push(opened);
  return opened;
};
const desk = async (login: string): Promise<AgentDesk> => {
  const opened = await openDesk(server, login);
  open.push(opened);
  return opened;
};
const address = () => `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
const bare = (options: Record<string, unknown> = {}, at = address()) => {
  const socket = new WebSocket(at, { origin: 'http://localhost:5000', ...options });
  socket.on('error', () => undefined);
  open.push({ close: () => socket.terminate() });
  return socket;
};

describe('who listens', () => {
  it('at another page, another queue’s desk or a bare connection hears nothing of a conversation', async () => {
    const canary = `canary${randomBytes(6).toString('hex')}`;
    const stranger = await page();
    await stranger.say('hello');
    const cy = await desk('cy');
    const silent: string[] = [];
    const half = bare();
    half.on('message', (data) => void silent.push(String(data)));
    await new Promise((resolve) => half.once('open', resolve));

    const customer = await page();
    const { session } = await customer.say(`${canary} question`);
    // As if rooms could be joined by name.
    for (const name of ['join', 'subscribe', 'room:join', 'session:join', '$join']) {
      for (const room of [session.id, `session:${session.id}`, `visitor:${customer.hello.visitor.id}`, '*', '#']) {
        stranger.socket.emit(name, room);
        cy.socket.emit(name, room);
        stranger.socket.emit(name, { room, session: session.id });
      }
      await pause(60);
    }
    const ann = await desk('ann');
    await ann.ask('state:set', { state: 'idle' });
    await ann.say(session.id, `${canary} answer`);
    await ann.say(session.id, `${canary} note`, 'staff');
    await customer.ask('typing:send', { session: session.id, typing: true });
    await customer.ask('receipt:send', { session: session.id, read: 1 });
    await customer.ask('page:send', { url: `https://shop.example/${canary}` });
    await customer.ask('identity:describe', { name: canary });
    await customer.ask('session:close', { session: session.id });
    await pause(400);

    for (const heard of [stranger.facts, cy.facts, silent]) {
      expect(JSON.stringify(heard)).not.toContain(canary);
      expect(JSON.stringify(heard)).not.toContain(session.id);
    }
    expect(JSON.stringify(customer.facts)).toContain(`${canary} answer`);
    expect(JSON.stringify(customer.facts)).not.toContain(`${canary} note`);
  });
});

describe('a desk', () => {
  it('cannot say who wrote, when, or in whose name', async () => {
    const customer = await page();
    const { session } = await customer.say('hello');
    const ann = await desk('ann');
    await ann.ask('state:set', { state: 'idle' });
    await ann.say(session.id, 'first');
    const message = { session: session.id, clientId: key(), text: 'x' };
    for (const more of [
      { from: { id: 'acc_other', role: 'agent' } },
      { timestamp: '2001-01-01T00:00:00Z' },
      { seq: 1 },
      { tenantId: 'other' },
      { accountId: 'acc_other' },
      { channelData: {} },
      { __proto__x: 1 },
    ]) {
      const answer = await ann.askAnything('message:send', { ...message, ...more });
      expect(answer, Object.keys(more)[0]).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
    }
    const tooLong = await ann.askAnything('message:send', { ...message, text: 'x'.repeat(10_001) });
    expect(tooLong).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
    const elsewhere = await ann.askAnything('message:send', { ...message, replyToId: `ses_${'0'.repeat(32)}.1` });
    expect(elsewhere).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
    const stored = await ann.ask('message:send', message);
    expect(stored).toMatchObject({ ok: true, activity: { from: { name: 'Ann', role: 'agent' }, channel: 'web' } });
  });

  it('answers hostile requests without a word of the inside, and goes on', async () => {
    const ann = await desk('ann');
    const hostile: [string, ...unknown[]][] = [
      ['message:send', { session: "' OR 1=1--", clientId: 'x', text: 'x' }],
      ['message:send', { session: `ses_${'0'.repeat(32)}`, clientId: 'x', text: 'x' }],
      ['activities:read', { session: `ses_${'0'.repeat(32)}`, after: 1e308 }],
      ['desk:resume', { sessions: { __proto__: 1, constructor: 2 } }],
      ['desk:resume', JSON.parse('{"sessions":{"__proto__":{"a":1}}}')],
      ['session:transfer', { session: `ses_${'0'.repeat(32)}`, agent: '__proto__' }],
      ['state:set', { state: 'toString' }],
      ['state:set', { state: 'idle', reason: '\u0000' }],
      ['hasOwnProperty', {}],
      ['desk:resume'],
      ['desk:resume', {}, {}, {}],
      ['media:resolve', { ids: Array(51).fill(`med_${'0'.repeat(32)}`) }],
    ];
    for (const [name, ...args] of hostile) {
      const answer = await ann.askAnything(name, ...args);
      if (answer.ok === false) expect(JSON.stringify(answer)).not.toMatch(innards);
      else expect(name).toBe('desk:resume');
      await pause(20);
    }
    expect(({} as { a?: number }).a).toBeUndefined();
    expect(await ann.ask('state:set', { state: 'idle' })).toEqual({ ok: true });
    expect(server.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('an upgrade', () => {
  it('never agrees on compression, which a small frame could unpack from', async () => {
    const socket = bare({ perMessageDeflate: true });
    const headers = await new Promise<Record<string, unknown>>((resolve) =>
      socket.once('upgrade', (response) => resolve(response.headers)),
    );
    expect(headers['sec-websocket-extensions']).toBeUndefined();
    expect(socket.extensions).toBe('');
  });

  it('at any other address, of another protocol or version, ends without an open connection', async () => {
    const { url } = server;
    const ws = url.replace('http', 'ws');
    for (const at of [
      `${ws}/`,
      `${ws}/desk`,
      `${ws}/api/v1/me`,
      `${ws}/socket.io/?EIO=2&transport=websocket`,
      `${ws}/socket.io/?EIO=4&transport=polling`,
      `${ws}/socket.io/?EIO=4&transport=__proto__`,
      `${ws}/socket.io/?EIO=4&transport=websocket&sid=${'A'.repeat(20)}`,
      `${ws}/socket.io/../socket.io`,
    ]) {
      const socket = bare({}, at);
      const ended = await new Promise((resolve) => {
        socket.once('close', () => resolve('closed'));
        setTimeout(() => resolve(socket.readyState === WebSocket.OPEN ? 'open' : 'waiting'), 2_500);
      });
      expect(ended, at).toBe('closed');
    }
    const lines = 'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n';
    for (const request of [
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\n${lines}sec-websocket-key: short\r\n\r\n`,
      `POST /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\n${lines}\r\n`,
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n`,
    ]) {
      const { answer } = await bytes(server, request, 2_500);
      expect(answer).not.toMatch(/^HTTP\/1\.1 101/);
      expect(answer).not.toMatch(innards);
    }
    const still = await page();
    expect((await still.say('still served')).ok).toBe(true);
  });

  it('followed by frames that break the protocol ends that connection only', async () => {
    const standing = await page();
    const frames: Buffer[] = [
      Buffer.from([0x81, 0x05, 0x32, 0x32, 0x32, 0x32, 0x32]), // not masked
      Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), // compressed, which was not agreed on
      Buffer.from([0x83, 0x80, 0, 0, 0, 0]), // an opcode that is none
      Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), // a ping longer than pings are
      Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), // 8 exabytes to come
      Buffer.from([0x80, 0x80, 0, 0, 0, 0]), // going on with nothing
      Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]), // no UTF-8
    ];
    for (const frame of frames) {
      const socket = bare();
      await new Promise((resolve) => socket.once('open', resolve));
      const { _socket: wire } = socket as unknown as { _socket: { write(data: Buffer): void } };
      wire.write(frame);
      const ended = await new Promise((resolve) => {
        socket.once('close', () => resolve('closed'));
        setTimeout(() => resolve('open'), 2_500);
      });
      expect(ended, frame.toString('hex')).toBe('closed');
    }
    // Fragments without end, each tiny: bounded by what a frame may be.
    const socket = bare();
    await new Promise((resolve) => socket.once('open', resolve));
    const { _socket: wire } = socket as unknown as { _socket: { write(data: Buffer): boolean; destroyed: boolean } };
    const part = Buffer.concat(Array(2_000).fill(Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x32])));
    wire.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x34]));
    for (let i = 0; i < 100 && !wire.destroyed; i += 1) {
      wire.write(part);
      await pause(5);
    }
    expect((await standing.say('still served')).ok).toBe(true);
    expect(server.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
