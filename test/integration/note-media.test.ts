import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../channel-server/runtime.ts';
import { uploadByTus } from '../../widget/client/tus-upload.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.remove();
});

interface Hello {
  visitor: { token: string };
}

async function visitor(): Promise<Socket> {
  const socket = io(`${server.url}/customer`, {
    transports: ['websocket'],
    forceNew: true,
    auth: { version: 1, channel: 'web', cursor: {} },
    extraHeaders: { origin: server.url },
  });
  sockets.push(socket);
  await new Promise<Hello>((resolve) => socket.once('hello', resolve));
  return socket;
}

it('a file of a note reaches colleagues, and no customer who knows its id', async () => {
  const customer = await visitor();
  const { session } = await customer.emitWithAck('message:send', { clientId: 'first', text: 'Hello' });
  const token = await signIn(server, 'ada');
  const id = await uploadByTus({
    endpoint: `${server.url}/api/v1/media`,
    token: () => token,
    file: new Blob(['for our eyes only']),
    metadata: { filename: 'margin.txt' },
    clock: systemClock,
    pause: async () => undefined,
    signal: AbortSignal.timeout(10_000),
  });
  const send = (audience: 'staff' | 'all', key: string) =>
    fetch(`${server.url}/api/v1/sessions/${session.id}/activities`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ type: 'message', audience, attachments: [{ contentUrl: `media:${id}` }] }),
    });
  expect((await send('staff', 'note-1')).status).toBeLessThan(300);

  const info = await fetch(`${server.url}/api/v1/media/${id}`, { headers: { authorization: `Bearer ${token}` } });
  const { url } = (await info.json()) as { url: string };
  expect(await (await fetch(url)).text()).toBe('for our eyes only');

  const resolved = await customer.emitWithAck('media:resolve', { ids: [id] });
  expect(resolved).toMatchObject({ ok: false });
});
