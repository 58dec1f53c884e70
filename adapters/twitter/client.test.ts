import { afterEach, describe, expect, it } from 'vitest';
import { fileOf, testHost } from '../../test/support/adapter-host.ts';
import { fakeClock } from '../../test/support/fake-clock.ts';
import {
  type Answer,
  type PlatformServer,
  platformServer,
  type SeenRequest,
} from '../../test/support/platform-server.ts';
import { type Attempt, type HostFile, MediaFailure, type Part, SendFailure } from '../contract/index.ts';
import { createClient } from './client.ts';
import { settingsOf } from './fixtures/settings.ts';
import { authorization } from './oauth1.ts';
import { chunkSize } from './upload.ts';

const oauth2 = { auth: 'oauth2', clientId: 'client-1', refreshToken: 'refresh-0' };
const now = Date.UTC(2026, 10, 21, 9, 0, 0);
const open: PlatformServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function world(
  answer: (request: SeenRequest) => Answer | Promise<Answer>,
  changes: Record<string, unknown> = {},
  files: Record<string, HostFile> = {},
) {
  const server = await platformServer(answer);
  open.push(server);
  const host = testHost(settingsOf(changes), { origin: server.origin, files, clock: fakeClock(now) });
  let nonce = 0;
  return { server, host, client: createClient(host, () => `nonce-${nonce++}`) };
}

const path = '/2/dm_conversations/with/17/messages';
const conversation = { id: 'user:17', address: { userId: '17' } };
const part: Part = {
  request: { method: 'POST', path, body: '{"text":"hé"}' },
  shows: { kind: 'text', text: 'hé' },
};

function attempt(changes: Partial<Attempt> = {}): Attempt {
  return { part, conversation, ready: undefined, number: 1, signal: AbortSignal.timeout(5_000), ...changes };
}

const taken = {
  status: 201,
  json: { data: { dm_conversation_id: '17-4337869213', dm_event_id: '1989012345678901248' } },
};

async function failureOf(running: Promise<unknown>): Promise<SendFailure> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
}

describe('sending', () => {
  it('puts the stored bytes on the wire, signed for the platform’s address, and answers the event’s id', async () => {
    const { server, client } = await world(() => taken);
    expect(await client.send(attempt())).toEqual({ externalIds: ['1989012345678901248'] });
    const [request] = server.seen;
    expect(request).toMatchObject({ method: 'POST', url: path });
    expect(request?.body.toString()).toBe('{"text":"hé"}');
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.headers.authorization).toBe(
      authorization(
        { method: 'POST', url: `https://api.x.com${path}` },
        {
          consumerKey: 'test_consumer_key',
          consumerSecret: 'test_consumer_secret',
          token: '4337869213-test_access_token',
          tokenSecret: 'test_access_token_secret',
        },
        'nonce-0',
        now,
      ),
    );
  });

  it('puts uploaded media in their place, and in no other', async () => {
    const { server, client } = await world(() => taken);
    const body = JSON.stringify({
      text: 'literally "media_id":"{{media:0}}"',
      attachments: [{ media_id: '{{media:0}}' }],
    });
    const request = { method: 'POST', path, body };
    await client.send(attempt({ part: { ...part, request }, ready: { media: ['1880'] } }));
    expect(server.seen[0]?.json).toEqual({
      text: 'literally "media_id":"{{media:0}}"',
      attachments: [{ media_id: '1880' }],
    });
  });

  it('is taken also where X gives no id', async () => {
    const { client } = await world(() => ({ status: 201, json: {} }));
    expect(await client.send(attempt())).toEqual({ externalIds: [] });
  });

  const problem = (status: number, type: string, detail: string, extra = {}) => ({
    status,
    json: { type: `https://api.twitter.com/2/problems/${type}`, title: 'T', detail, status, ...extra },
  });
  const seconds = (at: number) => String(Math.floor(at / 1000));

  it.each<[string, Answer, object]>([
    ['400', problem(400, 'invalid-request', 'text is too long'), { kind: 'refused' }],
    ['401 with keys that do not expire', problem(401, 'about:blank', 'Unauthorized'), { kind: 'channel-broken' }],
    ['402, no credits', problem(402, 'credits-depleted', 'No credits'), { kind: 'channel-broken' }],
    [
      '403 of a recipient who closed direct messages',
      problem(403, 'about:blank', 'You cannot send messages to this user. (349)'),
      { kind: 'blocked', closed: 'blocked', code: '349' },
    ],
    [
      '403 with an older code',
      {
        status: 403,
        json: { errors: [{ code: 150, message: 'You cannot send messages to users who are not following you.' }] },
      },
      { kind: 'blocked', closed: 'blocked', code: '150' },
    ],
    ['403 of the app', problem(403, 'client-forbidden', 'no access level'), { kind: 'channel-broken' }],
    [
      '403 of a locked account',
      { status: 403, json: { errors: [{ code: 326, message: 'locked' }] } },
      { kind: 'channel-broken', code: '326' },
    ],
    ['404', problem(404, 'resource-not-found', 'Could not find user'), { kind: 'blocked' }],
    ['500', { status: 500 }, { kind: 'unknown' }],
    ['503', problem(503, 'about:blank', 'over capacity'), { kind: 'unreachable' }],
    ['429 without headers', { status: 429 }, { kind: 'rate-limited', after: 60_000 }],
    [
      '429 until a time',
      {
        ...problem(429, 'about:blank', 'Too Many Requests'),
        headers: {
          'x-rate-limit-limit': '15',
          'x-rate-limit-remaining': '0',
          'x-rate-limit-reset': seconds(now + 300_000),
        },
      },
      { kind: 'rate-limited', after: 300_000 },
    ],
    [
      '429 of the day: the used-up limit counts',
      {
        status: 429,
        headers: {
          'x-rate-limit-remaining': '9',
          'x-rate-limit-reset': seconds(now + 300_000),
          'x-user-limit-24hour-remaining': '0',
          'x-user-limit-24hour-reset': seconds(now + 7_200_000),
        },
      },
      { kind: 'rate-limited', after: 7_200_000 },
    ],
    [
      '429 until a time that is over',
      { status: 429, headers: { 'x-rate-limit-reset': seconds(now - 60_000) } },
      { kind: 'rate-limited', after: 1_000 },
    ],
    ['429 of the plan', problem(429, 'usage-capped', 'Monthly cap'), { kind: 'channel-broken' }],
    ['a page that is no JSON', { status: 502, body: Buffer.from('<html>') }, { kind: 'unknown' }],
    ['a connection closed without a word', 'hang-up', { kind: 'unknown' }],
  ])('%s is what it means', async (_what, answer, expected) => {
    const { client, server } = await world(() => answer);
    expect(await failureOf(client.send(attempt()))).toMatchObject(expected);
    expect(server.seen).toHaveLength(1);
  });

  it('where nobody listens was surely not taken', async () => {
    const { client, server } = await world(() => taken);
    await server.close();
    expect(await failureOf(client.send(attempt()))).toMatchObject({ kind: 'unreachable' });
  });

  it('that is ended before its answer has an unknown outcome', async () => {
    const { client } = await world(() => new Promise<Answer>(() => {}));
    expect(await failureOf(client.send(attempt({ signal: AbortSignal.timeout(50) })))).toMatchObject({
      kind: 'unknown',
    });
  });

  it('names no secret in a failure', async () => {
    const { client } = await world(() => ({ status: 401, json: { detail: 'Unauthorized' } }));
    const failure = await failureOf(client.send(attempt()));
    expect(`${failure.message} ${failure.stack}`).not.toMatch(/test_access_token|test_consumer/);
  });
});

describe('signing in by OAuth 2', () => {
  it('uses the refresh token once and keeps the one that replaces it before calling anything', async () => {
    const order: string[] = [];
    const { client, host, server } = await world((request) => {
      order.push(`${request.path} kept ${host.kept.get('oauth2')?.refresh}`);
      if (request.path === '/2/oauth2/token') {
        return {
          json: { token_type: 'bearer', expires_in: 7200, access_token: 'access-1', refresh_token: 'refresh-1' },
        };
      }
      return taken;
    }, oauth2);
    await client.send(attempt());
    await client.send(attempt());
    expect(order).toEqual(['/2/oauth2/token kept undefined', `${path} kept refresh-1`, `${path} kept refresh-1`]);
    expect(server.seen[0]?.body.toString()).toBe('grant_type=refresh_token&refresh_token=refresh-0&client_id=client-1');
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.seen[1]?.headers.authorization).toBe('Bearer access-1');
    expect(host.kept.get('oauth2')).toEqual({ value: 'access-1', expiresAt: now + 7_200_000, refresh: 'refresh-1' });
  });

  it('renews at once for messages sent together', async () => {
    let renewed = 0;
    const { client } = await world((request) => {
      if (request.path !== '/2/oauth2/token') return taken;
      renewed += 1;
      return { json: { expires_in: 7200, access_token: `access-${renewed}`, refresh_token: `refresh-${renewed}` } };
    }, oauth2);
    await Promise.all(Array.from({ length: 20 }, () => client.send(attempt())));
    expect(renewed).toBe(1);
  });

  it('signs in as a confidential client where it has a secret', async () => {
    const { client, server } = await world(
      (request) => (request.path === '/2/oauth2/token' ? { json: { access_token: 'a', expires_in: 7200 } } : taken),
      { ...oauth2, clientSecret: 'shh' },
    );
    await client.send(attempt());
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('client-1:shh').toString('base64')}`);
  });

  it('renews a refused token with the newest refresh token and sends once more', async () => {
    let renewed = 0;
    const { client, server } = await world((request) => {
      if (request.path === '/2/oauth2/token') {
        renewed += 1;
        return { json: { expires_in: 7200, access_token: `access-${renewed}`, refresh_token: `refresh-${renewed}` } };
      }
      return request.headers.authorization === 'Bearer access-2'
        ? taken
        : { status: 401, json: { title: 'Unauthorized' } };
    }, oauth2);
    expect(await client.send(attempt())).toEqual({ externalIds: ['1989012345678901248'] });
    expect(server.seen.map((request) => request.path)).toEqual(['/2/oauth2/token', path, '/2/oauth2/token', path]);
    expect(server.seen[2]?.body.toString()).toContain('refresh_token=refresh-1');
  });

  it('tries a refused token once more and no oftener', async () => {
    const { client, server } = await world(
      (request) =>
        request.path === '/2/oauth2/token' ? { json: { access_token: 'a', expires_in: 7200 } } : { status: 401 },
      oauth2,
    );
    expect(await failureOf(client.send(attempt()))).toMatchObject({ kind: 'channel-broken' });
    expect(server.seen.filter((request) => request.path === path)).toHaveLength(2);
  });

  it('with a refresh token X no longer knows says so and what to do', async () => {
    const { client, server } = await world(
      () => ({
        status: 400,
        json: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
      }),
      oauth2,
    );
    const failure = await failureOf(client.send(attempt()));
    expect(failure).toMatchObject({ kind: 'channel-broken', code: 'invalid_request' });
    expect(failure.message).toMatch(/authorise the app again/);
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['does not answer', 'hang-up'],
    ['fails', { status: 500 }],
  ])('where the token’s address %s, the message was surely not taken', async (_what, answer) => {
    const { client } = await world(() => answer, oauth2);
    expect(await failureOf(client.send(attempt()))).toMatchObject({ kind: 'unreachable' });
  });
});

describe('uploading', () => {
  const media = (use: string, mediaId = 'med_1'): Part => ({ ...part, media: [{ mediaId, use }] });
  const bytes = Uint8Array.from({ length: chunkSize + 100_000 }, (_, at) => at % 251);

  /** X's upload: keeps what it is given, processes for `rounds` questions. */
  function uploads(rounds: number, end: object = { state: 'succeeded' }) {
    const segments: Buffer[] = [];
    let asked = 0;
    const answer = async (request: SeenRequest): Promise<Answer> => {
      const info = () => (asked < rounds ? { state: 'in_progress', check_after_secs: 2, progress_percent: 8 } : end);
      if (request.path === '/2/media/upload/initialize')
        return { json: { data: { id: '1880', media_key: '13_1880', expires_after_secs: 86400 } } };
      if (request.path === '/2/media/upload/1880/append') {
        const form = await new Response(new Uint8Array(request.body), {
          headers: { 'content-type': request.headers['content-type'] ?? '' },
        }).formData();
        segments[Number(form.get('segment_index'))] = Buffer.from(await (form.get('media') as Blob).arrayBuffer());
        return { status: 200, json: { data: { expires_at: 1 } } };
      }
      if (request.path === '/2/media/upload/1880/finalize') {
        return {
          json: {
            data: {
              id: '1880',
              ...(rounds === 0 ? {} : { processing_info: { state: 'pending', check_after_secs: 1 } }),
            },
          },
        };
      }
      if (request.path !== '/2/media/upload') return { status: 404 };
      asked += 1;
      return { json: { data: { id: '1880', processing_info: info() } } };
    };
    return { answer, segments };
  }

  it('goes in pieces and waits until X has worked on it', async () => {
    const { answer, segments } = uploads(3);
    const { client, host, server } = await world(answer, {}, { med_1: fileOf(bytes, 'video/mp4') });
    const ready = client.ready?.(media('dm_video'), conversation, AbortSignal.timeout(8_000));
    await drive(host.clock, ready);
    expect(await ready).toEqual({ media: ['1880'] });
    expect(server.seen[0]?.json).toEqual({
      media_type: 'video/mp4',
      total_bytes: bytes.length,
      media_category: 'dm_video',
    });
    expect(segments.map((segment) => segment.length)).toEqual([chunkSize, 100_000]);
    expect(Buffer.compare(Buffer.concat(segments), bytes)).toBe(0);
    expect(server.seen.slice(4).map((request) => request.url)).toEqual(
      Array.from({ length: 3 }, () => '/2/media/upload?command=STATUS&media_id=1880'),
    );
  });

  it('of a picture is ready at once', async () => {
    const { answer } = uploads(0);
    const { client, server } = await world(answer, {}, { med_1: fileOf(bytes.subarray(0, 500), 'image/png') });
    expect(await client.ready?.(media('dm_image'), conversation, AbortSignal.timeout(8_000))).toEqual({
      media: ['1880'],
    });
    expect(server.seen).toHaveLength(3);
  });

  it('that X cannot use is refused with the reason', async () => {
    const end = { state: 'failed', error: { code: 1, name: 'InvalidMedia', message: 'Unsupported video format' } };
    const { answer } = uploads(1, end);
    const { client, host } = await world(answer, {}, { med_1: fileOf(bytes.subarray(0, 9), 'video/mp4') });
    const ready = failureOf(
      client.ready?.(media('dm_video'), conversation, AbortSignal.timeout(8_000)) ?? Promise.resolve(),
    );
    await drive(host.clock, ready);
    expect(await ready).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Unsupported video format'),
    });
  });

  it('of a file that is gone is refused before X is asked', async () => {
    const { client, server } = await world(() => taken);
    const failure = await failureOf(
      client.ready?.(media('dm_image'), conversation, AbortSignal.timeout(8_000)) ?? Promise.resolve(),
    );
    expect(failure.kind).toBe('refused');
    expect(server.seen).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ['lost answer', 'hang-up', 'unreachable'],
    ['500', { status: 500 }, 'unreachable'],
    ['429', { status: 429 }, 'rate-limited'],
    ['403 for a missing permission', { status: 403, json: { title: 'Forbidden' } }, 'channel-broken'],
    ['400', { status: 400, json: { detail: 'too large' } }, 'refused'],
  ])('with a %s may be tried again or not, but is never unknown', async (_what, answer, kind) => {
    const { client } = await world(() => answer, {}, { med_1: fileOf(bytes.subarray(0, 9), 'image/png') });
    const failure = await failureOf(
      client.ready?.(media('dm_image'), conversation, AbortSignal.timeout(8_000)) ?? Promise.resolve(),
    );
    expect(failure.kind).toBe(kind);
  });

  it('ends with the attempt’s time', async () => {
    const { answer } = uploads(1000);
    const { client } = await world(answer, {}, { med_1: fileOf(bytes.subarray(0, 9), 'video/mp4') });
    const ended = new AbortController();
    const ready = failureOf(client.ready?.(media('dm_video'), conversation, ended.signal) ?? Promise.resolve());
    setTimeout(() => ended.abort(), 100);
    expect(await ready).toMatchObject({ kind: 'unreachable' });
  });
});

/** Let time pass until it is over. */
async function drive(
  clock: { advance(ms: number): Promise<void> },
  running: Promise<unknown> | undefined,
): Promise<void> {
  let over = false;
  void Promise.resolve(running).finally(() => {
    over = true;
  });
  while (!over) {
    await clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('a customer’s file', () => {
  const picture = 'https://ton.twitter.com/1.1/ton/data/dm/9544/9545/q9w.jpg';
  const read = async (stream: AsyncIterable<Uint8Array>) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  const jpeg = { headers: { 'content-type': 'image/jpeg' }, body: Buffer.from('JPEG') };
  const failed = async (running: Promise<unknown> | undefined) => {
    const error = await Promise.resolve(running).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MediaFailure);
    return error as MediaFailure;
  };

  it('is fetched with a signature', async () => {
    const { client, server } = await world(() => jpeg);
    const file = await client.fetch?.({ url: picture });
    expect(file?.contentType).toBe('image/jpeg');
    expect(await read(file?.stream ?? (async function* () {})())).toBe('JPEG');
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/1.1/ton/data/dm/9544/9545/q9w.jpg' });
    expect(server.seen[0]?.headers.authorization).toMatch(/^OAuth .*oauth_signature=/);
  });

  it('is fetched at its API address by OAuth 2, also after the token expired', async () => {
    let renewed = 0;
    const { client, server } = await world((request) => {
      if (request.path === '/2/oauth2/token') {
        renewed += 1;
        return { json: { access_token: `access-${renewed}`, expires_in: 7200 } };
      }
      return request.headers.authorization === 'Bearer access-2' ? jpeg : { status: 401 };
    }, oauth2);
    const file = await client.fetch?.({ url: picture });
    expect(await read(file?.stream ?? (async function* () {})())).toBe('JPEG');
    expect(server.seen.at(-1)?.url).toBe('/2/dm_conversations/media/9544/9545/q9w.jpg');
  });

  it('on the public network gets no credentials', async () => {
    const { client, server } = await world(() => jpeg);
    await client.fetch?.({ url: 'https://video.twimg.com/dm_video/9544/vid/1280x720/b.mp4?tag=1' });
    expect(server.seen[0]?.url).toBe('/dm_video/9544/vid/1280x720/b.mp4?tag=1');
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    ['https://evil.example/a.jpg'],
    ['https://twitter.com.evil.example/a.jpg'],
    ['https://eviltwitter.com/a.jpg'],
    ['http://ton.twitter.com/a.jpg'],
    ['file:///etc/passwd'],
    [undefined],
  ])('at %s is not fetched', async (url) => {
    const { client, server } = await world(() => jpeg);
    expect(await failed(client.fetch?.({ url }))).toMatchObject({ kind: 'refused' });
    expect(server.seen).toEqual([]);
  });

  it.each([
    [404, 'gone'],
    [410, 'gone'],
    [403, 'refused'],
    [401, 'refused'],
    [429, 'later'],
    [503, 'later'],
  ])('that X answers with %i is %s', async (status, kind) => {
    const { client } = await world(() => ({ status }));
    expect(await failed(client.fetch?.({ url: picture }))).toMatchObject({ kind });
  });
});

describe('a profile', () => {
  it('is looked up by id', async () => {
    const { client, server } = await world(() => ({
      json: {
        data: { id: '17', name: 'Jordan', username: 'camper', profile_image_url: 'https://pbs.twimg.com/a.jpg' },
      },
    }));
    expect(await client.profile?.({ id: '17' }, conversation)).toEqual({
      id: '17',
      name: 'Jordan',
      pictureUrl: 'https://pbs.twimg.com/a.jpg',
    });
    expect(server.seen[0]?.url).toBe('/2/users/17?user.fields=profile_image_url');
  });

  it('of somebody who is gone is none', async () => {
    const { client } = await world(() => ({ status: 404, json: { title: 'Not Found' } }));
    expect(await client.profile?.({ id: '17' }, conversation)).toBeUndefined();
  });
});

describe('testing the channel', () => {
  const me = { json: { data: { id: '4337869213', username: 'exampleshop' } } };
  const hook = {
    id: '1146',
    url: 'https://shop.example/webhooks/x1',
    valid: true,
    created_at: '2026-01-01T00:00:00.000Z',
  };
  const subscription = (event_type: string, changes = {}) => ({
    subscription_id: event_type,
    event_type,
    filter: { user_id: '4337869213' },
    webhook_id: '1146',
    ...changes,
  });
  const all = ['dm.received', 'dm.sent', 'dm.read', 'dm.indicate_typing', 'chat.received'].map((event) =>
    subscription(event),
  );

  function platform(changes: Record<string, Answer> = {}) {
    const answers: Record<string, Answer> = {
      '/2/users/me': me,
      '/oauth2/token': { json: { token_type: 'bearer', access_token: 'app-token' } },
      '/2/webhooks': { json: { data: [hook], meta: { result_count: 1 } } },
      '/2/activity/subscriptions': { json: { data: all } },
      '/2/account_activity/webhooks/1146/subscriptions/all/list': { status: 404 },
      ...changes,
    };
    return world((request) => answers[request.path] ?? { status: 404 });
  }

  it('says that everything is as it should be', async () => {
    const { client, server } = await platform();
    expect(await client.test()).toEqual([
      { what: 'Access token', ok: true, detail: 'X knows the token as @exampleshop (4337869213).' },
      { what: 'Webhook', ok: true, detail: 'Webhook 1146 is registered and valid.' },
      { what: 'Subscriptions', ok: true, detail: 'All events are subscribed.' },
    ]);
    const basic = Buffer.from('test_consumer_key:test_consumer_secret').toString('base64');
    expect(server.seen.find(({ path: at }) => at === '/oauth2/token')?.headers.authorization).toBe(`Basic ${basic}`);
    expect(server.seen.find(({ path: at }) => at === '/2/webhooks')?.headers.authorization).toBe('Bearer app-token');
    expect(server.seen.every(({ method, path: at }) => method === 'GET' || at === '/oauth2/token')).toBe(true);
  });

  it.each<[string, Record<string, Answer>, string, RegExp]>([
    [
      'another account’s token',
      { '/2/users/me': { json: { data: { id: '5', username: 'other' } } } },
      'Access token',
      /@other \(5\).*4337869213.*set the id/,
    ],
    [
      'a refused token',
      { '/2/users/me': { status: 401, json: { detail: 'Unauthorized' } } },
      'Access token',
      /refused the access token/,
    ],
    [
      'wrong keys of the app',
      { '/oauth2/token': { status: 403, json: { errors: [{ code: 99 }] } }, '/2/webhooks': { status: 401 } },
      'Webhook',
      /refused the consumer key and secret: compare/,
    ],
    ['no webhook', { '/2/webhooks': { json: { meta: { result_count: 0 } } } }, 'Webhook', /POST \/2\/webhooks/],
    [
      'another channel’s webhook',
      { '/2/webhooks': { json: { data: [{ ...hook, url: 'https://shop.example/webhooks/x2' }] } } },
      'Webhook',
      /ends in \/webhooks\/x1/,
    ],
    [
      'a webhook X has stopped',
      { '/2/webhooks': { json: { data: [{ ...hook, valid: false }] } } },
      'Webhook',
      /PUT \/2\/webhooks\/1146/,
    ],
    [
      'no subscriptions',
      { '/2/activity/subscriptions': { json: { data: [] } } },
      'Subscriptions',
      /POST \/2\/activity\/subscriptions/,
    ],
    [
      'another account’s subscriptions',
      { '/2/activity/subscriptions': { json: { data: [subscription('dm.received', { filter: { user_id: '5' } })] } } },
      'Subscriptions',
      /not subscribed/,
    ],
  ])('finds %s and says what to do', async (_what, changes, what, detail) => {
    const { client } = await platform(changes);
    const result = (await client.test()).find((one) => one.what === what);
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
  });

  it('asks with the account’s rights where the app’s are refused', async () => {
    const { client, server } = await platform({ '/oauth2/token': { status: 403, json: {} } });
    expect((await client.test()).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(server.seen.find(({ path: at }) => at === '/2/webhooks')?.headers.authorization).toMatch(/^OAuth /);
  });

  it('is content with an older subscription, and says that it is one', async () => {
    const { client } = await platform({
      '/2/activity/subscriptions': { json: { data: [] } },
      '/2/account_activity/webhooks/1146/subscriptions/all/list': {
        json: { data: { application_id: '1', subscriptions: [{ user_id: '4337869213' }], webhook_id: '1146' } },
      },
    });
    expect((await client.test())[2]).toMatchObject({ ok: true, detail: expect.stringMatching(/older/) });
  });

  it('names events that are missed but not needed', async () => {
    const { client } = await platform({
      '/2/activity/subscriptions': { json: { data: [subscription('dm.received')] } },
    });
    expect((await client.test())[2]).toEqual({
      what: 'Subscriptions',
      ok: true,
      detail: 'Subscribed. Not subscribed: dm.sent, dm.read, dm.indicate_typing, chat.received.',
    });
  });
});
