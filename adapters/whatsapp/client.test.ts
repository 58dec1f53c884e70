import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../test/support/adapter-host.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../test/support/platform-server.ts';
import { type Attempt, type HostFetch, type Part, SendFailure } from '../contract/index.ts';
import { createClient } from './client.ts';
import { settings } from './fixtures/settings.ts';

const mediaId = `med_${'1'.repeat(32)}`;
const servers: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function world(answer: (request: SeenRequest) => Answer) {
  const server = await platformServer(answer);
  servers.push(server);
  const host = testHost(settings, {
    origin: server.origin,
    files: { [mediaId]: fileOf(Buffer.from('ogg'), 'audio/ogg', 'note.ogg') },
  });
  const asked: string[] = [];
  const fetch: HostFetch = (url, options) => {
    asked.push(new URL(url).origin);
    return host.fetch(url, options);
  };
  return { server, host, asked, client: createClient({ ...host, fetch }) };
}

const conversation = { id: 'user:US.1', address: { to: '+1', messageId: 'wamid.in' } };
const path = '/v25.0/106540352242922/messages';
const text: Part = {
  request: { method: 'POST', path, body: '{"type":"text","text":{"body":"Hi"}}' },
  shows: { kind: 'text', text: 'Hi' },
};
const attempt = (part: Part, ready: unknown = [], number = 1): Attempt => ({
  part,
  conversation,
  ready,
  number,
  signal: AbortSignal.timeout(5_000),
});
const taken = {
  json: {
    messaging_product: 'whatsapp',
    contacts: [{ input: '+1', wa_id: '1' }],
    messages: [{ id: 'wamid.out', message_status: 'accepted' }],
  },
};
const refusal = (code: number): Answer => ({
  status: 400,
  json: {
    error: {
      message: `(#${code}) No.`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: 'Details.' },
      fbtrace_id: 'A',
    },
  },
});

async function failureOf(running: Promise<unknown>): Promise<SendFailure> {
  const error = await running.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('sending to WhatsApp', () => {
  it('puts the stored bytes on the wire and answers the message id', async () => {
    const { server, client } = await world(() => taken);
    expect(await client.send(attempt(text))).toEqual({ externalIds: ['wamid.out'] });
    expect(server.seen[0]).toMatchObject({ method: 'POST', path });
    expect(server.seen[0]?.body.toString()).toBe('{"type":"text","text":{"body":"Hi"}}');
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${settings.accessToken}`);
  });

  it('uploads a file to the number first, and its id stands in the message', async () => {
    const { server, client } = await world(({ path: at }) =>
      at === path ? taken : { json: { id: '4490709327384033' } },
    );
    const voice: Part = {
      request: { method: 'POST', path, body: '{"type":"audio","audio":{"id":"{{media:0}}","voice":true}}' },
      media: [{ mediaId, use: 'audio' }],
      shows: { kind: 'audio' },
    };
    const ready = await client.ready?.(voice, conversation, AbortSignal.timeout(5_000));
    expect(ready).toEqual(['4490709327384033']);
    expect(server.seen[0]?.path).toBe('/v25.0/106540352242922/media');
    const form = server.seen[0]?.body.toString() ?? '';
    expect(form).toContain('name="messaging_product"\r\n\r\nwhatsapp\r\n');
    expect(form).toContain('name="type"\r\n\r\naudio/ogg\r\n');
    expect(form).toContain('name="file"; filename="note.ogg"\r\ncontent-type: audio/ogg\r\n\r\nogg\r\n');
    await client.send(attempt(voice, ready));
    expect(server.seen[1]?.json).toEqual({ type: 'audio', audio: { id: '4490709327384033', voice: true } });
  });

  it.each([
    [4, 'rate-limited'],
    [80007, 'rate-limited'],
    [130429, 'rate-limited'],
    [131056, 'rate-limited'],
    [131016, 'unreachable'],
    [131057, 'unreachable'],
    [131000, 'unreachable'],
    [133004, 'unreachable'],
    [190, 'channel-broken'],
    [0, 'channel-broken'],
    [3, 'channel-broken'],
    [10, 'channel-broken'],
    [200, 'channel-broken'],
    [299, 'channel-broken'],
    [131005, 'channel-broken'],
    [368, 'channel-broken'],
    [131031, 'channel-broken'],
    [131042, 'channel-broken'],
    [131048, 'channel-broken'],
    [133010, 'channel-broken'],
    [131026, 'blocked'],
    [131047, 'window-closed'],
    [131049, 'refused'],
    [131050, 'refused'],
    [131021, 'refused'],
    [131030, 'refused'],
    [130472, 'refused'],
    [100, 'refused'],
    [131008, 'refused'],
    [131009, 'refused'],
    [131051, 'refused'],
    [131053, 'refused'],
    [131062, 'refused'],
    [132000, 'refused'],
    [132001, 'refused'],
    [132012, 'refused'],
    [132015, 'refused'],
    [132016, 'refused'],
  ])('refused with %s is %s', async (code, kind) => {
    const { client } = await world(() => refusal(code));
    const failure = await failureOf(client.send(attempt(text)));
    expect(failure).toMatchObject({ kind, code: String(code) });
    expect(failure.message).toContain('Details.');
  });

  it('waits longer each time when one person gets too much', async () => {
    const { client } = await world(() => refusal(131056));
    const pauses = [];
    for (const number of [1, 2, 3, 9]) pauses.push((await failureOf(client.send(attempt(text, [], number)))).after);
    expect(pauses).toEqual([4_000, 16_000, 64_000, 900_000]);
  });

  it('gives up on what only says that something went wrong', async () => {
    const { client } = await world(() => refusal(131000));
    expect(await failureOf(client.send(attempt(text, [], 3)))).toMatchObject({ kind: 'unreachable' });
    expect(await failureOf(client.send(attempt(text, [], 4)))).toMatchObject({ kind: 'refused' });
  });

  it('without an answer, or with one that says nothing, is unknown', async () => {
    const silent = await world(() => 'hang-up');
    expect(await failureOf(silent.client.send(attempt(text)))).toMatchObject({ kind: 'unknown' });
    const empty = await world(() => ({ json: { messages: [] } }));
    expect(await failureOf(empty.client.send(attempt(text)))).toMatchObject({ kind: 'unknown' });
  });
});

describe("a customer's file", () => {
  const address = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=7&ext=1&hash=A';
  const textOf = async (stream: AsyncIterable<Uint8Array> | undefined) => {
    const pieces = [];
    for await (const piece of stream ?? []) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };

  it('is had in two steps, both with the token', async () => {
    const { server, client, asked } = await world(({ path: at }) =>
      at.startsWith('/v25.0/')
        ? { json: { url: address, mime_type: 'audio/ogg; codecs=opus', id: '7' } }
        : { body: Buffer.from('ogg') },
    );
    const file = await client.fetch?.({ id: '7' });
    expect(file?.contentType).toBe('audio/ogg');
    expect(await textOf(file?.stream)).toBe('ogg');
    expect(server.seen[0]?.url).toMatch(/^\/v25\.0\/7\?phone_number_id=106540352242922&appsecret_proof=/);
    expect(server.seen[1]?.url).toBe('/whatsapp_business/attachments/?mid=7&ext=1&hash=A');
    expect(asked).toEqual(['https://graph.facebook.com', 'https://lookaside.fbsbx.com']);
    for (const request of server.seen) expect(request.headers.authorization).toBe(`Bearer ${settings.accessToken}`);
  });

  it('is asked for once more when its address is over', async () => {
    let downloads = 0;
    const { client } = await world(({ path: at }) => {
      if (at.startsWith('/v25.0/')) return { json: { url: address } };
      downloads += 1;
      return downloads === 1 ? { status: 404 } : { body: Buffer.from('ogg') };
    });
    expect(await textOf((await client.fetch?.({ id: '7' }))?.stream)).toBe('ogg');
  });

  it.each([
    'https://evil.example/1',
    'https://lookaside.fbsbx.com.evil.example/1',
    'https://notfbsbx.com/1',
    'http://lookaside.fbsbx.com/1',
  ])('at %s is fetched without the token', async (url) => {
    const { server, client } = await world(({ path: at }) =>
      at.startsWith('/v25.0/') ? { json: { url } } : { body: Buffer.from('x') },
    );
    await client.fetch?.({ id: '7' });
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
  });

  it('of an id that is too old is gone, twice asked', async () => {
    const { server, client } = await world(() => ({
      status: 400,
      json: { error: { code: 100, error_subcode: 33, message: 'Unsupported get request.' } },
    }));
    await expect(client.fetch?.({ id: '7' })).rejects.toMatchObject({ name: 'MediaFailure', kind: 'gone' });
    expect(server.seen).toHaveLength(2);
    await expect(client.fetch?.({ id: '../me' })).rejects.toMatchObject({ kind: 'gone' });
    await expect(client.fetch?.(undefined)).rejects.toMatchObject({ kind: 'gone' });
    expect(server.seen).toHaveLength(2);
  });

  it('may be there later when the platform is not', async () => {
    const down = await world(() => 'hang-up');
    await expect(down.client.fetch?.({ id: '7' })).rejects.toMatchObject({ name: 'MediaFailure', kind: 'later' });
    const limited = await world(() => refusal(130429));
    await expect(limited.client.fetch?.({ id: '7' })).rejects.toMatchObject({ kind: 'later', after: 60_000 });
  });
});

describe('typing and reading', () => {
  it("are told by the customer's message", async () => {
    const { server, client } = await world(() => ({ json: { success: true } }));
    await client.read?.(conversation, ['wamid.1', 'wamid.2']);
    await client.typing?.(conversation, true);
    await client.typing?.(conversation, false);
    await client.typing?.({ id: 'user:1', address: { to: '+1' } }, true);
    await client.read?.(conversation, []);
    expect(server.seen.map(({ json }) => json)).toEqual([
      { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.2' },
      { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.in', typing_indicator: { type: 'text' } },
    ]);
  });
});

describe('templates', () => {
  it('are those that are approved and can be filled, with their blanks, over all pages', async () => {
    const pages = [
      {
        data: [
          {
            name: 'order_shipped',
            language: 'en_US',
            status: 'APPROVED',
            components: [
              { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
              { type: 'BODY', text: 'Hi {{1}}, it comes on {{2}}. {{1}}!' },
              { type: 'FOOTER', text: 'Foyer' },
              {
                type: 'BUTTONS',
                buttons: [
                  { type: 'URL', text: 'Track', url: 'https://shop.example/{{1}}' },
                  { type: 'QUICK_REPLY', text: 'Stop' },
                  { type: 'COPY_CODE', text: 'Copy' },
                ],
              },
            ],
          },
          { name: 'rejected', language: 'en_US', status: 'REJECTED', components: [] },
          { name: 'cards', language: 'en_US', status: 'APPROVED', components: [{ type: 'CAROUSEL' }] },
          {
            name: 'form',
            language: 'en_US',
            status: 'APPROVED',
            components: [
              { type: 'BODY', text: 'x' },
              { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Open' }] },
            ],
          },
          7,
        ],
        paging: { cursors: { after: 'a/b' }, next: 'https://graph.facebook.com/next' },
      },
      {
        data: [
          {
            name: 'sale',
            language: 'de',
            status: 'APPROVED',
            components: [
              { type: 'HEADER', format: 'IMAGE' },
              { type: 'BODY', text: 'Hallo {{first_name}}' },
            ],
          },
        ],
        paging: { cursors: { after: 'end' } },
      },
    ];
    const { server, client } = await world(({ url }) => ({ json: pages[url.includes('after=a%2Fb') ? 1 : 0] }));
    expect(await client.templates?.()).toEqual([
      {
        name: 'order_shipped',
        language: 'en_US',
        text: 'Order {{header.1}}\nHi {{1}}, it comes on {{2}}. {{1}}!\nFoyer\n[Track: {{button.0.url}}]\n[Stop]\n[Copy: {{button.2.copy_code}}]',
        blanks: ['header.1', '1', '2', 'button.0.url', 'button.2.copy_code'],
      },
      {
        name: 'sale',
        language: 'de',
        text: '[{{header.image}}]\nHallo {{first_name}}',
        blanks: ['header.image', 'first_name'],
      },
    ]);
    expect(server.seen).toHaveLength(2);
    expect(server.seen[0]?.url).toContain(
      '/102290129340398/message_templates?fields=name,language,status,components&status=APPROVED',
    );
  });
});

describe('Test connection', () => {
  const number = {
    id: settings.phoneNumberId,
    display_phone_number: '+1 555-078-3881',
    verified_name: 'Example',
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
  };
  const answers =
    (given: { number?: object; error?: Answer; numbers?: unknown[]; apps?: unknown[] }) =>
    ({ path: at }: SeenRequest): Answer => {
      if (given.error !== undefined) return given.error;
      if (at.endsWith('/phone_numbers')) return { json: { data: given.numbers ?? [{ id: settings.phoneNumberId }] } };
      if (at.endsWith('/subscribed_apps')) {
        return {
          json: { data: given.apps ?? [{ whatsapp_business_api_data: { id: settings.appId, name: 'Foyer' } }] },
        };
      }
      return { json: given.number ?? number };
    };

  it('says that all is well', async () => {
    const { client } = await world(answers({}));
    expect(await client.test()).toMatchObject([
      { ok: true, what: 'Access token and number', detail: 'It is +1 555-078-3881 ("Example").' },
      { ok: true, what: 'Business account' },
      { ok: true, what: 'Webhook subscription', detail: expect.stringContaining('messages') },
    ]);
  });

  it('says what is wrong and what to do', async () => {
    const other = await world(answers({ numbers: [{ id: '5' }] }));
    expect((await other.client.test())[1]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('does not belong'),
    });
    const apart = await world(answers({ apps: [{ whatsapp_business_api_data: { id: '5' } }] }));
    expect((await apart.client.test())[2]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('/subscribed_apps'),
    });
    const old = await world(answers({ number: { ...number, platform_type: 'ON_PREMISE' } }));
    expect(await old.client.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('register it') }]);
    const none = await world(answers({ number: { id: '1' } }));
    expect(await none.client.test()).toMatchObject([
      { ok: false, detail: expect.stringContaining('no phone number ID') },
    ]);
    const low = await world(answers({ number: { ...number, quality_rating: 'RED' } }));
    expect((await low.client.test())[0]).toMatchObject({ ok: true, detail: expect.stringContaining('quality is low') });
  });

  it('says that the token has ended, may not see the number, or is of another app, and never shows it', async () => {
    const error = (fields: object): Answer => ({ status: 400, json: { error: fields } });
    const ended = await world(
      answers({
        error: error({ code: 190, error_subcode: 463, message: `Session of ${settings.accessToken.repeat(2)}` }),
      }),
    );
    const [result] = await ended.client.test();
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining('make a new one') });
    expect(result?.detail).not.toContain(settings.accessToken);
    const unseen = await world(
      answers({ error: error({ code: 100, error_subcode: 33, message: 'Unsupported get request.' }) }),
    );
    expect(await unseen.client.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('System users') }]);
    const proof = await world(
      answers({ error: error({ code: 100, message: 'Invalid appsecret_proof provided in the API argument' }) }),
    );
    expect(await proof.client.test()).toMatchObject([{ ok: false, detail: expect.stringContaining('app secret') }]);
  });
});
