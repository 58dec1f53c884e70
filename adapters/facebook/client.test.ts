import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../test/support/adapter-host.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../test/support/platform-server.ts';
import { type Attempt, MediaFailure, type Part, SendFailure } from '../contract/index.ts';
import { createClient } from './client.ts';
import type { FacebookSettings } from './config.ts';
import { instagramSettings, settings } from './fixtures/settings.ts';
import { niceFields, subscribedFields } from './platform.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: (request: SeenRequest) => Answer, values: FacebookSettings = settings) {
  const server = await platformServer(answer);
  servers.push(server);
  const files = { [mediaId]: fileOf(Buffer.from('picture'), 'image/png', '椅子.png') };
  const host = testHost(values, { origin: server.origin, files });
  return { server, host, client: createClient(host) };
}

const conversation = { id: 'user:7', address: { id: '7' } };
const path = '/v25.0/102290129340398/messages';
const text: Part = {
  request: { method: 'POST', path, body: '{"recipient":{"id":"7"},"message":{"text":"Hi"}}' },
  shows: { kind: 'text', text: 'Hi' },
};
const picture: Part = {
  request: {
    method: 'POST',
    path,
    body: '{"message":{"attachment":{"type":"image","payload":{"attachment_id":"{{media:0}}"}}}}',
  },
  media: [{ mediaId, use: 'image' }],
  shows: { kind: 'image' },
};
const attempt = (part: Part, ready: unknown = [], number = 1): Attempt => ({
  part,
  conversation,
  ready,
  number,
  signal: AbortSignal.timeout(5_000),
});
const sent = { json: { recipient_id: '7', message_id: 'm_1' } };

async function failureOf(running: Promise<unknown>): Promise<SendFailure> {
  const error = await running.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('sending to Messenger', () => {
  it('puts the stored bytes on the wire and answers the message id', async () => {
    const { server, client } = await world(() => sent);
    expect(await client.send(attempt(text))).toEqual({ externalIds: ['m_1'] });
    expect(server.seen[0]).toMatchObject({ method: 'POST', path });
    expect(server.seen[0]?.body.toString()).toBe('{"recipient":{"id":"7"},"message":{"text":"Hi"}}');
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${settings.pageAccessToken}`);
    expect(server.seen[0]?.url).not.toContain(settings.pageAccessToken);
  });

  it('gives a file first, once, and its id stands in the message', async () => {
    const { server, client } = await world(({ path: at }) =>
      at === path ? sent : { json: { attachment_id: '1857777774821032' } },
    );
    const ready = await client.ready?.(picture, conversation, AbortSignal.timeout(5_000));
    expect(ready).toEqual(['1857777774821032']);
    expect(server.seen[0]?.path).toBe('/v25.0/102290129340398/message_attachments');
    const form = server.seen[0]?.body.toString() ?? '';
    expect(form).toContain('{"attachment":{"type":"image","payload":{"is_reusable":true}}}');
    expect(form).toContain('name="filedata"; filename="椅子.png"');
    expect(form).toContain('picture');
    expect(form).not.toContain('instagram');
    await client.send(attempt(picture, ready));
    expect(server.seen[1]?.json).toEqual({
      message: { attachment: { type: 'image', payload: { attachment_id: '1857777774821032' } } },
    });
    await client.ready?.(picture, conversation, AbortSignal.timeout(5_000));
    expect(server.seen).toHaveLength(2);
  });

  it('names the platform and an ASCII file name to Instagram', async () => {
    const { server, client } = await world(() => ({ json: { attachment_id: '1' } }), instagramSettings);
    await client.ready?.(picture, conversation, AbortSignal.timeout(5_000));
    expect(server.seen[0]?.body.toString()).toContain('name="platform"\r\n\r\ninstagram');
    expect(server.seen[0]?.body.toString()).toContain('filename="__.png"');
  });

  it('of a reaction answers no id', async () => {
    const { client } = await world(() => ({ json: { recipient_id: '7' } }));
    expect(await client.send(attempt(text))).toEqual({ externalIds: [] });
  });

  it('with an answer that says nothing is unknown', async () => {
    const { client } = await world(() => ({ json: {} }));
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [10, 2018278, 'window-closed', undefined],
    [10, 2534022, 'window-closed', undefined],
    [10, 2018065, 'window-closed', undefined],
    [10, 2018108, 'blocked', undefined],
    [10, 1893063, 'channel-broken', undefined],
    [10, undefined, 'channel-broken', undefined],
    [200, 1545041, 'blocked', 'blocked'],
    [200, undefined, 'channel-broken', undefined],
    [551, undefined, 'blocked', undefined],
    [551, 1545041, 'blocked', undefined],
    [230, undefined, 'blocked', undefined],
    [100, 2018001, 'blocked', undefined],
    [100, 2018008, 'refused', undefined],
    [100, 2018047, 'refused', undefined],
    [100, 2018074, 'refused', undefined],
    [100, 2018109, 'refused', undefined],
    [100, 1893061, 'refused', undefined],
    [100, undefined, 'refused', undefined],
    [10, 2018300, 'refused', undefined],
    [613, 2534040, 'rate-limited', undefined],
    [613, 2018338, 'rate-limited', undefined],
    [190, 463, 'channel-broken', undefined],
    [368, undefined, 'channel-broken', undefined],
    [1, undefined, 'unreachable', undefined],
    [2, undefined, 'unreachable', undefined],
  ] as const)('refused with %s/%s is %s', async (code, subcode, kind, closed) => {
    const error = {
      message: 'No.',
      type: 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
    };
    const { client } = await world(() => ({ status: 400, json: { error } }));
    const failure = await failureOf(client.send(attempt(text)));
    expect(failure).toMatchObject({ kind, closed });
    expect(failure.code).toBe(subcode === undefined ? String(code) : `${code}/${subcode}`);
  });

  it('gives up on an error that may mean that people blocked the Page', async () => {
    const { client } = await world(() => ({
      status: 500,
      json: { error: { code: 2, message: 'Service unavailable' } },
    }));
    expect(await failureOf(client.send(attempt(text, [], 3)))).toMatchObject({ kind: 'unreachable' });
    expect(await failureOf(client.send(attempt(text, [], 4)))).toMatchObject({ kind: 'refused' });
  });

  it('without an answer is unknown: there is no key to try again with', async () => {
    const { client } = await world(() => 'hang-up');
    expect(await failureOf(client.send(attempt(text)))).toMatchObject({ kind: 'unknown' });
  });
});

describe("a customer's file", () => {
  it('is fetched from its address without the token', async () => {
    const { server, client } = await world(() => ({
      headers: { 'content-type': 'image/jpeg' },
      body: Buffer.from('jpeg'),
    }));
    const file = await client.fetch?.({ url: 'https://scontent.xx.fbcdn.net/v/1.jpg?oh=2' });
    const pieces = [];
    for await (const piece of file?.stream ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('jpeg');
    expect(file?.contentType).toBe('image/jpeg');
    expect(server.seen[0]?.url).toBe('/v/1.jpg?oh=2');
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('whose address has ended is gone: Meta refuses its signature', async () => {
    for (const status of [403, 404, 410]) {
      const { client } = await world(() => ({ status, body: Buffer.from('URL signature expired') }));
      await expect(client.fetch?.({ url: 'https://a.example/1' })).rejects.toMatchObject({ kind: 'gone' });
    }
    const { client } = await world(() => ({ status: 503 }));
    await expect(client.fetch?.({ url: 'https://a.example/1' })).rejects.toMatchObject({ kind: 'later' });
  });

  it('whose reference is none is gone', async () => {
    const { client } = await world(() => ({ status: 200 }));
    await expect(client.fetch?.('nothing')).rejects.toBeInstanceOf(MediaFailure);
  });
});

describe('who a customer is', () => {
  it('is told by Messenger with both names', async () => {
    const { server, client } = await world(() => ({
      json: { id: '7', first_name: 'Ada', last_name: 'Lovelace', profile_pic: 'https://a.example/p' },
    }));
    expect(await client.profile?.({ id: '7' }, conversation)).toEqual({
      name: 'Ada Lovelace',
      pictureUrl: 'https://a.example/p',
    });
    expect(server.seen[0]?.url).toMatch(/^\/v25\.0\/7\?fields=first_name,last_name,profile_pic&appsecret_proof=/);
  });

  it('is told by Instagram with a name or a user name', async () => {
    const { client } = await world(() => ({ json: { username: 'ada' } }), instagramSettings);
    expect(await client.profile?.({ id: '7' }, conversation)).toEqual({ name: 'ada' });
  });

  it('stays unknown where people do not share it, and is not asked of a reference', async () => {
    for (const [code, subcode] of [
      [100, 2018218],
      [100, 2018247],
      [230, undefined],
    ] as const) {
      const { client } = await world(() => ({
        status: 400,
        json: { error: { code, error_subcode: subcode, message: 'x' } },
      }));
      expect(await client.profile?.({ id: '7' }, conversation)).toBeUndefined();
    }
    const { client } = await world(() => ({ json: {} }));
    expect(await client.profile?.({ id: '7' }, conversation)).toBeUndefined();
    expect(await client.profile?.({ id: 'ref:x' }, conversation)).toBeUndefined();
  });
});

describe('typing and reading', () => {
  it('are actions of the sender', async () => {
    const { server, client } = await world(() => ({ json: { recipient_id: '7' } }));
    await client.typing?.(conversation, true);
    await client.typing?.(conversation, false);
    await client.read?.(conversation, ['m_1']);
    expect(server.seen.map(({ json }) => json)).toEqual(
      ['typing_on', 'typing_off', 'mark_seen'].map((action) => ({ recipient: { id: '7' }, sender_action: action })),
    );
  });
});

describe('Test connection', () => {
  const me = { id: settings.pageId, name: 'Example Shop' };
  const all = [...subscribedFields, ...niceFields];
  const subscribed = (fields: readonly string[], id = settings.appId) => ({
    data: [
      { id: '999', subscribed_fields: [] },
      { id, subscribed_fields: fields },
    ],
  });
  const answers =
    (given: { me?: Answer; apps?: unknown; page?: unknown }) =>
    (request: SeenRequest): Answer => {
      if (request.path.endsWith('/me')) return given.me ?? { json: me };
      if (request.path.endsWith('/subscribed_apps')) return { json: given.apps ?? subscribed(all) };
      return { json: given.page ?? { instagram_business_account: { id: '17841405822304914', username: 'shop' } } };
    };

  it('says that all is well', async () => {
    const { client } = await world(answers({}));
    expect(await client.test()).toEqual([
      { ok: true, what: 'Page access token', detail: 'It is of the Page "Example Shop".' },
      { ok: true, what: 'Webhook subscription', detail: 'The Page is subscribed to this app.' },
    ]);
  });

  it('says what is not subscribed', async () => {
    const few = await world(answers({ apps: subscribed(subscribedFields) }));
    expect((await few.client.test())[1]).toMatchObject({ ok: true, detail: expect.stringContaining('standby') });
    const fewer = await world(answers({ apps: subscribed(['messages']) }));
    expect((await fewer.client.test())[1]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('message_echoes'),
    });
    const none = await world(answers({ apps: subscribed(all, '5') }));
    expect((await none.client.test())[1]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('App Dashboard'),
    });
  });

  it("says that the token is another Page's, has ended, or that the app secret is wrong, and never shows either", async () => {
    const other = await world(answers({ me: { json: { id: '5', name: 'Other' } } }));
    expect(await other.client.test()).toMatchObject([
      { ok: false, detail: expect.stringContaining('not to the Page 102290129340398') },
    ]);
    const ended = await world(
      answers({
        me: {
          status: 401,
          json: {
            error: {
              code: 190,
              error_subcode: 463,
              message: `Session of ${settings.pageAccessToken.repeat(2)} has expired`,
            },
          },
        },
      }),
    );
    const [result] = await ended.client.test();
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('make a new one') });
    expect(result?.detail).not.toContain(settings.pageAccessToken);
    const secret = await world(
      answers({
        me: {
          status: 400,
          json: { error: { code: 100, message: 'Invalid appsecret_proof provided in the API argument' } },
        },
      }),
    );
    expect(await secret.client.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('app secret') }]);
  });

  it('looks at the Instagram account, too', async () => {
    const well = await world(answers({ apps: subscribed(['feed']) }), instagramSettings);
    expect(await well.client.test()).toMatchObject([{ ok: true }, { ok: true }, { ok: true, detail: 'It is "shop".' }]);
    const other = await world(answers({ page: { instagram_business_account: { id: '1' } } }), instagramSettings);
    expect((await other.client.test())[2]).toMatchObject({ ok: false, detail: expect.stringContaining('id 1') });
    const none = await world(answers({ page: { id: '102' } }), instagramSettings);
    expect((await none.client.test())[2]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('Linked accounts'),
    });
  });
});
