import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openPage, pause, type ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('connections', () => {
  let server: TestServer;
  let door: ServerUnderTest;
  const never = () => Promise.reject(new Error('not used'));

  beforeAll(async () => {
    server = await startServer({ realtime: { limits: { connectionsFromLoopback: 5, handshakeTime: 400 } } });
    const origin = 'http://localhost:5000';
    door = { url: server.url, channel: 'web', otherChannel: 'web', origin, secret: '', answer: never, note: never };
  });
  afterAll(() => server?.remove());

  it('of one address are capped, half-open ones are ended, and those who stand are served', async () => {
    const page = await openPage(door);
    const halfOpen = Array.from({ length: 10 }, () => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      socket.on('error', () => undefined);
      return socket;
    });
    await expect
      .poll(() => halfOpen.filter(({ readyState }) => readyState === WebSocket.OPEN).length)
      .toBeLessThanOrEqual(4);
    expect((await page.say('served meanwhile')).ok).toBe(true);
    await expect
      .poll(() => halfOpen.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length, { timeout: 5_000 })
      .toBe(0);
    await pause(50);
    const next = await openPage(door);
    next.close();
    page.close();
  });

  it('survive thousands of mutilated packets on others', async () => {
    const page = await openPage(door);
    const seeds = [
      `40/customer,${JSON.stringify({ version: 1, channel: 'web' })}`,
      '42/customer,1["message:send",{"clientId":"a","text":"hello"}]',
      '42/customer,["activities:read",{"session":"ses_0","after":0}]',
      '41/customer,',
      '451-/customer,2["x",{"_placeholder":true,"num":0}]',
      '3',
      '2probe',
    ];
    // A small generator with a fixed seed: a failure can be repeated.
    let state = 42;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % below;
    };
    const mutilate = (seed: string) => {
      let text = seed;
      for (let turn = random(4); turn >= 0; turn -= 1) {
        const at = random(text.length + 1);
        const kind = random(4);
        if (kind === 0) text = text.slice(0, at) + String.fromCharCode(random(300)) + text.slice(at);
        else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + random(5));
        else if (kind === 2) text = text.slice(0, at) + (seeds[random(seeds.length)] ?? '') + text.slice(at);
        else text = text + text.slice(random(text.length + 1));
      }
      return text;
    };
    let sent = 0;
    for (let round = 0; round < 150; round += 1) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        origin: door.origin,
      });
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('open', resolve).once('close', resolve));
      if (round % 2 === 0) {
        socket.send(seeds[0] ?? '');
        await pause(8);
      }
      for (let packet = 0; packet < 40 && socket.readyState === WebSocket.OPEN; packet += 1) {
        socket.send(mutilate(seeds[random(seeds.length)] ?? ''));
        sent += 1;
      }
      await pause(2);
      socket.terminate();
    }
    expect(sent).toBeGreaterThan(2_000);
    expect((await page.say('still served')).ok).toBe(true);
    expect(server.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    page.close();
  });
});
