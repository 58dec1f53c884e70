import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SendFailure } from '../../adapters/contract/index.ts';
import { type Platform, platform, postAdapter } from '../../test/integration/outbox-house.ts';
import { type HttpHouse, httpHouse } from '../../test/support/http-house.ts';
import type { Session } from '../session/session.ts';

let house: HttpHouse;
let post: Platform;
let session: Session;
let ada: string;
let ann: string;
let ownUrl: string | undefined;
const told = { typing: [], read: [], ready: [] };

beforeAll(async () => {
  post = await platform();
  const plain = postAdapter(told, { count: 0 });
  const adapter: typeof plain = {
    ...plain,
    webhook: { maxBytes: 1_000, verify: () => ({ kind: 'refused', status: 401, reason: 'never' }), decode: () => [] },
    create(host) {
      const client = plain.create?.(host);
      if (client === undefined) throw new Error('no client');
      return {
        ...client,
        templates: async () => [{ name: 'hello', language: 'en', text: 'Hello {{name}}', blanks: ['name'] }],
        async test() {
          const { status } = await host.fetch('https://post.example/me');
          if (status === 401) throw new SendFailure('channel-broken', 'The access token is not valid. Make a new one.');
          return [{ ok: true, what: 'Access token', detail: 'It belongs to Post Ltd.' }];
        },
      };
    },
  };
  house = await httpHouse({ ownUrl: () => ownUrl }, { adapters: { post: adapter } });
  ada = await house.tokenOf('one-ada');
  ann = await house.tokenOf('one-ann');
  const made = await house.request('PUT', '/api/v1/channels/one-post', {
    token: ada,
    body: { type: 'post', name: 'Post', queue: 'support', settings: { apiBaseUrl: post.url } },
  });
  expect(made.status).toBe(201);
  session = await aCustomer('user:1');
}, 30_000);
afterAll(async () => {
  await house.stop();
  await post.close();
});

/** A customer of the channel writes, and Ann has the session. */
async function aCustomer(id: string): Promise<Session> {
  const { inbound } = house.dependencies;
  const running = house.dependencies.channelService.running('one-post');
  if (running === undefined) throw new Error('the channel does not run');
  await inbound.receive(running, [
    {
      kind: 'activity',
      externalId: `in ${id}`,
      conversation: { id, address: id },
      from: { id, name: 'Kim' },
      at: Date.now(),
      content: { type: 'message', text: 'hello' },
    },
  ]);
  const open = await house.storage.sessions.openSession('one', 'one-post', id);
  if (open === undefined) throw new Error('no session began');
  return house.assign(open, 'one-ann');
}

const write = (of: Session, body: object) =>
  house.request('POST', `/api/v1/sessions/${of.id}/activities`, { token: ann, body });
const settled = async (id: string) => {
  await expect
    .poll(async () => (await house.storage.deliveries.delivery('one', id))?.settled, { timeout: 5_000 })
    .toBe(true);
  return house.storage.deliveries.delivery('one', id);
};

describe('an agent', () => {
  it('sees what a message will become, and what would be refused, before it is sent', async () => {
    const at = `/api/v1/sessions/${session.id}/preview`;
    const fine = await house.request('POST', at, { token: ann, body: { text: 'one\ntwo' } });
    expect(fine.status).toBe(200);
    expect(fine.json).toEqual({
      parts: [
        { kind: 'text', text: 'one' },
        { kind: 'text', text: 'two' },
      ],
      losses: [{ code: 'text-split', values: { parts: 2 } }],
    });
    await house.storage.unitOfWork.commit([
      {
        kind: 'update',
        record: 'conversation',
        where: { channelId: 'one-post', id: 'user:1' },
        set: { windowUntil: 1_000, windowLeft: 2 },
      },
    ]);
    const closed = await house.request('POST', at, { token: ann, body: { text: 'one' } });
    expect(closed.json).toEqual({
      parts: [],
      losses: [{ code: 'window-closed', blocks: true }],
      window: { until: '1970-01-01T00:00:01.000Z', left: 2 },
    });
    const refused = await write(session, { text: 'one' });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ code: 'CHANNEL_REFUSES', details: { losses: [{ code: 'window-closed' }] } });
    await house.storage.unitOfWork.commit([
      {
        kind: 'update',
        record: 'conversation',
        where: { channelId: 'one-post', id: 'user:1' },
        set: { windowUntil: null, windowLeft: null },
      },
    ]);
    expect(post.asked).toEqual([]);
  });

  it('sees on the web what was written', async () => {
    const web = await house.assign(await house.visitorSays('one', 'vis_preview', 'hello'), 'one-ann');
    const answer = await house.request('POST', `/api/v1/sessions/${web.id}/preview`, {
      token: ann,
      body: { text: 'x' },
    });
    expect(answer.json).toEqual({ parts: [{ kind: 'text', text: 'x' }], losses: [] });
  });

  it('sends places, cards and quick replies, once under one key', async () => {
    const body = {
      text: 'Choose',
      clientId: 'with-facts',
      attachments: [
        {
          contentType: 'application/vnd.foyer.location+json',
          content: { latitude: 48.1, longitude: 11.5, name: 'Our shop' },
        },
      ],
      suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'yes' }] },
    };
    const first = await write(session, body);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ attachments: body.attachments, suggestedActions: body.suggestedActions });
    expect((await write(session, body)).status).toBe(200);
    const other = { ...body, suggestedActions: { actions: [{ type: 'imBack', title: 'No', value: 'no' }] } };
    expect((await write(session, other)).json.code).toBe('REQUEST_REUSED_KEY');
    await settled(first.json.id);
  });

  it('sends a file by an address that works for its own platform, and for as long as it says', async () => {
    const begun = await fetch(`${house.url}/api/v1/media`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ann}`,
        'tus-resumable': '1.0.0',
        'upload-length': '5',
        'upload-metadata': `filename ${btoa('a.txt')}`,
        'content-type': 'application/offset+octet-stream',
      },
      body: 'hello',
    });
    const id = begun.headers.get('location')?.split('/').pop() ?? '';
    const { mediaCache } = house.dependencies;
    const got = async (channelId: string, until: number) => {
      const address = mediaCache.platformAddress(id, channelId, until);
      const answer = await fetch(new URL(address, house.url));
      return answer.ok ? answer.text() : answer.status;
    };
    const soon = Date.now() + 60_000;
    expect(await got('one-post', soon)).toBe(404);
    const body = { text: 'a file', attachments: [{ contentUrl: `media:${id}` }] };
    expect((await write(session, body)).status).toBe(201);
    expect(await got('one-post', soon)).toBe('hello');
    expect(await got('one-web', soon)).toBe(404);
    expect(await got('one-post', Date.now() - 1_000)).toBe(404);
  });

  it('has the templates of a channel', async () => {
    const answer = await house.request('GET', '/api/v1/channels/one-post/templates', { token: ann });
    expect(answer.json).toEqual({
      items: [{ name: 'hello', language: 'en', text: 'Hello {{name}}', blanks: ['name'] }],
    });
    expect((await house.request('GET', '/api/v1/channels/one-web/templates', { token: ann })).json).toEqual({
      items: [],
    });
  });
});

describe('an administrator', () => {
  it('sees how a channel is, which agents do not', async () => {
    const { json } = await house.request('GET', '/api/v1/channels/one-post', { token: ada });
    expect(json).toMatchObject({
      running: true,
      status: { state: 'ready', dropped: 0 },
      settings: { apiBaseUrl: post.url },
    });
    const list = await house.request('GET', '/api/v1/channels', { token: ann });
    const seen = list.json.items.find((one: { id: string }) => one.id === 'one-post');
    expect(seen).toMatchObject({ capabilities: { splits: true } });
    expect(seen).not.toHaveProperty('status');
    expect(seen).not.toHaveProperty('settings');
  });

  it('tries a channel and reads what is wrong, and a stopped one goes on when nothing is', async () => {
    post.always = (_asked, response) => void response.writeHead(401).end('{}');
    const stopped = await write(session, { text: 'waits' });
    await expect
      .poll(async () => (await house.request('GET', '/api/v1/channels/one-post', { token: ada })).json.status.state)
      .toBe('stopped');
    const bad = await house.request('POST', '/api/v1/channels/one-post/test', { token: ada });
    expect(bad.json.results).toEqual([
      { ok: false, what: 'Connection', detail: 'The access token is not valid. Make a new one.' },
      { ok: false, what: 'Webhook address', detail: expect.stringContaining('FOYER_PUBLIC_URL') },
    ]);
    post.always = undefined;
    // The platform's stand-in is on this machine: it reaches a server that is there, too.
    ownUrl = house.url;
    const good = await house.request('POST', '/api/v1/channels/one-post/test', { token: ada });
    expect(good.json.results).toEqual([
      { ok: true, what: 'Access token', detail: 'It belongs to Post Ltd.' },
      { ok: true, what: 'Webhook address', detail: expect.stringContaining(`${house.url}/webhooks/one-post`) },
    ]);
    expect(await settled(stopped.json.id)).toMatchObject({ state: 'sent' });
  });

  it('lists dead letters by channel and page, and has them sent again', async () => {
    const other = await aCustomer('user:2');
    const ids: string[] = [];
    for (const text of ['bad one', 'bad two']) {
      post.next.push((_asked, response) => void response.writeHead(400).end('{}'));
      const { json } = await write(other, { text });
      await settled(json.id);
      ids.push(json.id);
    }
    const first = await house.request('GET', '/api/v1/deliveries?state=dead&channel=one-post&limit=1', { token: ada });
    expect(first.json.items).toMatchObject([
      { id: ids[1], channel: 'one-post', session: other.id, state: 'failed', reason: { kind: 'refused', code: '400' } },
    ]);
    const next = await house.request('GET', `/api/v1/deliveries?limit=1&cursor=${first.json.next}`, { token: ada });
    expect(next.json.items).toMatchObject([{ id: ids[0] }]);
    expect((await house.request('GET', '/api/v1/deliveries?channel=one-web', { token: ada })).json.items).toEqual([]);
    const again = await house.request('POST', `/api/v1/deliveries/${ids[0]}/replay`, { token: ada, body: {} });
    expect(again.status).toBe(201);
    expect(again.json).toMatchObject({ id: `${ids[0]}~2`, state: 'queued' });
    expect(await settled(again.json.id)).toMatchObject({ state: 'sent' });
    expect(post.taken.at(-1)?.text).toBe('bad one');
    const twice = await house.request('POST', `/api/v1/deliveries/${ids[0]}/replay`, { token: ada, body: {} });
    expect(twice.status).toBe(409);
  });
});
