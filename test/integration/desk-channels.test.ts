import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../adapters/contract/index.ts';
import type { DeskRequests } from '../../channel-server/protocol/desk.ts';
import { platformRoutes } from '../../demo/platforms/phone/plugin.ts';
import { realWorld } from '../../demo/platforms/phone/world.ts';
import { createWhatsapp } from '../../demo/platforms/whatsapp/index.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';

/** What a desk is told of a platform's channel, and what it may send there: real sockets, a stand-in for WhatsApp. */

const hour = 60 * 60_000;
let server: TestServer;
let platforms: FastifyInstance;
let whatsapp: ReturnType<typeof createWhatsapp>;
let desk: AgentDesk;
let session: string;
let person: string;
let admin: string;
/** How long ago the platform says things happened, ms. */
let ago = 25 * hour;

const saveChannel = async (name: string) => {
  const { port } = platforms.server.address() as AddressInfo;
  const response = await fetch(`${server.url}/api/v1/channels/whatsapp`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'whatsapp',
      name,
      queue: 'support',
      settings: whatsapp.settings(`http://127.0.0.1:${port}/simulators/whatsapp/api`),
    }),
  });
  if (!response.ok) throw new Error(await response.text());
};

beforeAll(async () => {
  server = await startServer({ autoIdle: true });
  whatsapp = createWhatsapp(
    {
      world: { ...realWorld, now: () => Date.now() - ago },
      origin: server.url,
      deliverTo: (id) => `${server.url}/webhooks/${id}`,
    },
    'whatsapp',
  );
  platforms = Fastify({ forceCloseConnections: true });
  await platformRoutes(platforms, whatsapp);
  await platforms.listen({ host: '127.0.0.1', port: 0 });
  admin = await signIn(server, 'ada');
  await saveChannel('WhatsApp');
  await whatsapp.connect();
  desk = await openDesk(server, 'ann');
  person = whatsapp.newPerson('Ines Costa').id;
  whatsapp.act(person, { do: 'text', text: 'Where is my parcel?' });
  session = (await desk.fact('offer:made')).sessionId;
  const accepted = await desk.ask('offer:accept', { session });
  if (!accepted.ok) throw new Error(accepted.error.code);
});

afterAll(async () => {
  desk?.close();
  await platforms?.close();
  await server?.remove();
});

type Message = Omit<DeskRequests['message:send']['request'], 'session' | 'clientId'>;
const send = (message: Message) => desk.ask('message:send', { session, clientId: randomUUID(), ...message });
const template = (content: object) => ({ contentType: factTypes.template, content: content as never });
const shipped = {
  name: 'delivery_update',
  language: 'en',
  values: { 1: 'Ines', 2: 'lamp', 3: 'Friday' },
  text: 'Hello Ines',
};

describe('a desk on a platform’s channel', () => {
  it('knows what each channel carries, once, and until when each customer can be written to', async () => {
    const answer = await desk.ask('desk:resume', { sessions: {} });
    if (!answer.ok) throw new Error(answer.error.code);
    const { channels, sessions } = answer.snapshot;
    expect(channels.map(({ id, sends, running }) => [id, sends, running]).sort()).toEqual([
      ['web', false, true],
      ['whatsapp', true, true],
    ]);
    expect(channels.find(({ id }) => id === 'whatsapp')?.capabilities).toMatchObject({
      text: { max: 4096 },
      window: { duration: 24 * hour, afterwards: 'template' },
    });
    const until = Date.parse(sessions.find(({ id }) => id === session)?.reach?.window?.until ?? '');
    expect(Math.abs(until - (Date.now() - hour))).toBeLessThan(60_000);
  });

  it('is told of a refused message what was lost, and nothing is stored', async () => {
    expect(await send({ text: 'It left today.' })).toMatchObject({
      ok: false,
      error: { code: 'CHANNEL_REFUSES', retryable: false, losses: [{ code: 'window-closed', blocks: true }] },
    });
    expect(desk.activities().some(({ activity }) => activity.text === 'It left today.')).toBe(false);
  });

  it('sends a template as an attachment, and the same message again only once', async () => {
    const message = { session, clientId: randomUUID(), attachments: [template(shipped)] };
    const first = await desk.ask('message:send', message);
    const again = await desk.ask('message:send', message);
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.activity.id).toBe(first.activity.id);
    expect(first.activity.attachments).toEqual([template(shipped)]);
    await expect
      .poll(() => whatsapp.ground.phone.messages(person).filter(({ by }) => by === 'company').length, {
        timeout: 8_000,
      })
      .toBe(1);
  });

  it('is refused what REST would refuse: fields nobody knows, too many answers, half a card', async () => {
    const invalid = { ok: false, error: { code: 'REQUEST_INVALID' } };
    const actions = Array.from({ length: 14 }, (_, n) => ({ type: 'imBack' as const, title: `${n}`, value: `${n}` }));
    expect(await send({ attachments: [template({ ...shipped, extra: 1 })] })).toMatchObject(invalid);
    expect(await send({ attachments: [template({ values: {} })] })).toMatchObject(invalid);
    expect(await send({ text: 'Which?', suggestedActions: { actions } })).toMatchObject(invalid);
    expect(await send({ attachments: [{ contentType: 'text/html', content: {} as never }] })).toMatchObject(invalid);
    expect(await send({ attachments: [] })).toMatchObject(invalid);
  });

  it('hears at once that the customer’s message opened the window, and sends answers to tap', async () => {
    ago = 0;
    whatsapp.act(person, { do: 'text', text: 'Hello?' });
    await desk.fact('reach:changed', ({ session: id, reach }) => {
      return id === session && Date.parse(reach.window?.until ?? '') > Date.now() + 23 * hour;
    });
    const actions = [{ type: 'imBack' as const, title: 'Yes', value: 'Yes' }];
    const sent = await send({ text: 'Is Friday good?', suggestedActions: { actions } });
    expect(sent).toMatchObject({ ok: true, activity: { suggestedActions: { actions } } });
  });

  it('is told when a channel changes', async () => {
    await saveChannel('WhatsApp shop');
    await desk.fact('channels:changed', ({ channels }) => channels.some(({ name }) => name === 'WhatsApp shop'));
  });
});
