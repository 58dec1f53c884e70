import { createHmac, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf, pixel, startTrial, type Trial } from '../testing/trial.ts';
import type { TwitterOptions } from './account.ts';
import { createTwitter } from './index.ts';
import { oauth1Signature } from './oauth1.ts';
import { signatureOf } from './webhook.ts';

let trial: Trial<ReturnType<typeof createTwitter>>;
let person: string;

async function begin(options: TwitterOptions = {}): Promise<void> {
  trial = await startTrial((place) => createTwitter(place, 'demo-twitter', options));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  await trial.control({ reads: false });
}
afterEach(() => trial.stop());

const account = () => trial.platform.account;
const shown = () => trial.platform.ground.phone.messages(person);
const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);

/** An OAuth 1.0a header as RFC 5849 says, made here by other means than the simulator checks it. */
function oauth(
  method: string,
  url: URL,
  change: Record<string, string> = {},
  secret = account().accessTokenSecret,
): string {
  const fields: Record<string, string> = {
    oauth_consumer_key: account().consumerKey,
    oauth_nonce: randomBytes(12).toString('hex'),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor((Date.now() + trial.ahead) / 1000)),
    oauth_token: account().accessToken,
    oauth_version: '1.0',
    ...change,
  };
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  const all = [...Object.entries(fields), ...url.searchParams].map(
    ([name, value]) => `${encode(name)}=${encode(value)}`,
  );
  const base = `${method}&${encode(`https://api.x.com${url.pathname}`)}&${encode(all.sort().join('&'))}`;
  const key = `${encode(account().consumerSecret)}&${encode(secret)}`;
  fields.oauth_signature = createHmac('sha1', key).update(base).digest('base64');
  return `OAuth ${Object.entries(fields)
    .map(([name, value]) => `${name}="${encode(value)}"`)
    .join(', ')}`;
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const url = new URL(path, 'https://api.x.com');
  const form = body instanceof FormData;
  const response = await fetch(`${trial.api}${path}`, {
    method,
    headers: {
      authorization: oauth(method, url),
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, never>;
  return { status: response.status, body: answer as Record<string, unknown>, headers: response.headers };
}
const send = (body: object, headers = {}) => call('POST', `/2/dm_conversations/with/${person}/messages`, body, headers);
const mediaId = ({ body }: { body: Record<string, unknown> }) => (body.data as { id: string }).id;

describe('X: what the account sends', () => {
  beforeEach(() => begin());

  it('arrives, and comes back as its own', async () => {
    const { status, body } = await send({ text: 'Hello' });
    expect(status).toBe(201);
    const data = body.data as { dm_event_id: string; dm_conversation_id: string };
    const [small, large] = [person, account().id].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    expect(data.dm_conversation_id).toBe(`${small}-${large}`);
    expect(trial.lastMessage(person)).toMatchObject({ id: data.dm_event_id, by: 'company', text: 'Hello' });
    expect(payloadOf(await trial.delivered(1))).toMatchObject({
      data: {
        event_type: 'dm.sent',
        payload: { direct_message_events: [{ id: data.dm_event_id, message_create: { sender_id: account().id } }] },
      },
    });
  });

  it.each([
    ['no signature', () => ''],
    ['another secret', (url: URL) => oauth('POST', url, {}, 'wrong')],
    ['another token', (url: URL) => oauth('POST', url, { oauth_token: '1-x' })],
    ['an old timestamp', (url: URL) => oauth('POST', url, { oauth_timestamp: '1500000000' })],
    ['another method signed', (url: URL) => oauth('GET', url)],
    ['another path signed', () => oauth('POST', new URL('https://api.x.com/2/dm_events'))],
    ['a bearer token it did not give', () => 'Bearer AAAA'],
  ])('is refused with %s', async (_what, header) => {
    const url = new URL(`https://api.x.com/2/dm_conversations/with/${person}/messages`);
    const { status, body } = await send({ text: 'a' }, { authorization: header(url) });
    expect([status, body]).toEqual([
      401,
      { title: 'Unauthorized', detail: 'Unauthorized', type: 'about:blank', status: 401 },
    ]);
    expect(shown()).toEqual([]);
  });

  it('is refused when a signature is used again', async () => {
    const path = `/2/dm_conversations/with/${person}/messages`;
    const authorization = oauth('POST', new URL(path, 'https://api.x.com'));
    expect((await send({ text: 'a' }, { authorization })).status).toBe(201);
    expect((await send({ text: 'a' }, { authorization })).status).toBe(401);
  });

  it.each([
    ['nothing', {}, 400],
    ['an unknown key', { text: 'a', quick_reply: {} }, 400],
    ['10,001 characters', { text: 'a'.repeat(10_001) }, 400],
    ['two attachments', { attachments: [{ media_id: '1' }, { media_id: '2' }] }, 400],
    ['an invented file', { attachments: [{ media_id: '1' }] }, 400],
  ])('is refused with %s', async (_what, body, status) => {
    const refused = await send(body);
    expect(refused).toMatchObject({ status, body: { title: 'Invalid Request', errors: [expect.anything()] } });
    expect(shown()).toEqual([]);
  });

  it('is refused to nobody known, to who blocks, at other addresses and hosts', async () => {
    expect((await call('POST', '/2/dm_conversations/with/1/messages', { text: 'a' })).status).toBe(404);
    expect((await call('POST', '/2/dm_conversations', { text: 'a' })).status).toBe(404);
    expect((await send({ text: 'a' }, { 'x-forwarded-host': 'api.line.me' })).status).toBe(404);
    await act({ do: 'unfollow' });
    expect(await send({ text: 'a' })).toMatchObject({ status: 403, body: { errors: [{ code: 349 }] } });
  });

  it('is refused after 15 in 15 minutes, and the headers say until when', async () => {
    for (let i = 0; i < 15; i++) expect((await send({ text: `${i}` })).status).toBe(201);
    const { status, headers } = await send({ text: '15' });
    expect(status).toBe(429);
    expect(headers.get('x-rate-limit-remaining')).toBe('0');
    const wait = Number(headers.get('x-rate-limit-reset')) * 1000 - Date.now();
    expect(wait).toBeGreaterThan(14 * 60_000);
    expect(wait).toBeLessThanOrEqual(15 * 60_000 + 1_000);
    trial.ahead = 15 * 60_000 + 1_000;
    expect((await send({ text: '15' })).status).toBe(201);
  });

  it('can be looked up after an answer was lost', async () => {
    await trial.control({ loseReply: 1 });
    await expect(send({ text: 'kept' })).rejects.toThrow('fetch failed');
    const { body } = await call('GET', `/2/dm_conversations/with/${person}/dm_events?max_results=5`);
    expect(body.data).toMatchObject([{ event_type: 'MessageCreate', text: 'kept', sender_id: account().id }]);
  });
});

describe('X: media', () => {
  beforeEach(() => begin());

  async function chunks(total: number, parts: [number, Buffer][], type = 'image/png', category = 'dm_image') {
    const id = mediaId(
      await call('POST', '/2/media/upload/initialize', {
        media_type: type,
        total_bytes: total,
        media_category: category,
      }),
    );
    for (const [index, bytes] of parts) {
      const form = new FormData();
      form.set('segment_index', String(index));
      form.set('media', new Blob([new Uint8Array(bytes)]), 'part');
      expect((await call('POST', `/2/media/upload/${id}/append`, form)).status).toBe(200);
    }
    return { id, ...(await call('POST', `/2/media/upload/${id}/finalize`)) };
  }

  it('comes in chunks, in any order', async () => {
    const { id, status } = await chunks(pixel.length, [
      [1, pixel.subarray(20)],
      [0, pixel.subarray(0, 20)],
    ]);
    expect(status).toBe(200);
    expect((await send({ attachments: [{ media_id: id }] })).status).toBe(201);
    expect(trial.lastMessage(person).file).toMatchObject({ kind: 'image', size: pixel.length });
    const address = trial.platform.ground.shelf.get(`dm-${id}`);
    expect(address?.bytes).toEqual(pixel);
  });

  it('comes whole', async () => {
    const form = new FormData();
    form.set('media_category', 'dm_image');
    form.set('media', new Blob([new Uint8Array(pixel)]), 'a.png');
    expect((await call('POST', '/2/media/upload', form)).status).toBe(200);
  });

  it.each([
    ['a missing segment', pixel.length, [[1, pixel]], 'image/png', 'dm_image'],
    ['too few bytes', pixel.length + 1, [[0, pixel]], 'image/png', 'dm_image'],
    ['another type', pixel.length, [[0, pixel]], 'image/jpeg', 'dm_image'],
  ] as [string, number, [number, Buffer][], string, string][])(
    'is refused with %s',
    async (_what, total, parts, type, category) => {
      const { id, status } = await chunks(total, parts, type, category);
      expect(status).toBe(400);
      expect((await send({ attachments: [{ media_id: id }] })).status).toBe(400);
    },
  );

  it.each([
    [{ media_type: 'image/png', total_bytes: 10, media_category: 'tweet_image' }],
    [{ media_type: 'image/png', total_bytes: 5_000_001, media_category: 'dm_image' }],
    [{ media_type: 'audio/ogg', total_bytes: 10, media_category: 'dm_video' }],
  ])('is refused at once for %j', async (body) => {
    expect((await call('POST', '/2/media/upload/initialize', body)).status).toBe(400);
  });

  it('of videos is worked on before it can be sent', async () => {
    const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(20)]);
    const { id, body } = await chunks(video.length, [[0, video]], 'video/mp4', 'dm_video');
    expect(body.data).toMatchObject({ processing_info: { state: 'pending' } });
    expect((await send({ attachments: [{ media_id: id }] })).status).toBe(400);
    trial.ahead = 1_000;
    const { body: later } = await call('GET', `/2/media/upload?command=STATUS&media_id=${id}`);
    expect(later.data).toMatchObject({ processing_info: { state: 'succeeded' } });
    expect((await send({ attachments: [{ media_id: id }] })).status).toBe(201);
  });

  it('is of no use after a day', async () => {
    const { id } = await chunks(pixel.length, [[0, pixel]]);
    trial.ahead = 24 * 60 * 60_000 + 1_000;
    expect((await send({ attachments: [{ media_id: id }] })).status).toBe(400);
  });
});

describe('X: OAuth 2.0', () => {
  beforeEach(() => begin());

  const refresh = (refreshToken: string, secret = account().clientSecret) =>
    fetch(`${trial.api}/2/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${account().clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });

  it('gives a token for two hours, and a new refresh token each time', async () => {
    const first = account().refreshToken;
    const body = (await (await refresh(first)).json()) as { access_token: string; refresh_token: string };
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 7_200 });
    expect((await refresh(first)).status).toBe(400);
    expect((await refresh(body.refresh_token, 'x')).status).toBe(401);
    const authorization = `Bearer ${body.access_token}`;
    expect((await send({ text: 'a' }, { authorization })).status).toBe(201);
    trial.ahead = 7_200_001;
    expect((await send({ text: 'a' }, { authorization })).status).toBe(401);
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });
});

describe('X: what people do', () => {
  it('is delivered in the newer form, signed', async () => {
    await begin();
    await act({ do: 'text', text: 'Is it oak? 🌳' });
    const delivered = await trial.delivered(1);
    expect(delivered.headers['x-twitter-webhooks-signature']).toBe(
      `sha256=${createHmac('sha256', account().consumerSecret).update(delivered.body).digest('base64')}`,
    );
    expect(payloadOf(delivered)).toMatchObject({
      data: {
        event_uuid: expect.stringMatching(/^-\d+$/),
        event_type: 'dm.received',
        filter: { user_id: account().id },
        payload: {
          direct_message_events: [
            {
              type: 'message_create',
              created_timestamp: expect.stringMatching(/^\d{13}$/),
              message_create: { sender_id: person, message_data: { text: 'Is it oak? 🌳' } },
            },
          ],
          users: { [person]: { data: { name: 'Sam Rivera' } } },
        },
      },
    });
  });

  it('is delivered in the older form', async () => {
    await begin({ format: 'account-activity' });
    await act({ do: 'text', text: 'Hi' });
    await act({ do: 'typing', typing: true });
    await trial.delivered(2);
    expect(payloadOf(trial.deliveries[0] as never)).toMatchObject({
      for_user_id: account().id,
      direct_message_events: [{ message_create: { target: { recipient_id: account().id } } }],
      users: { [person]: { screen_name: 'sam_rivera' } },
    });
    expect(payloadOf(trial.deliveries[1] as never)).toMatchObject({
      direct_message_indicate_typing_events: [{ sender_id: person }],
    });
  });

  it('gives pictures an address that needs a signature', async () => {
    await begin();
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image&caption=This`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const text = (await trial.delivered(1)).body.toString();
    expect(text).toMatch(/"text":"This https:\/\/t\.co\//);
    const [, path = ''] = /"media_url_https":"https:\/\/ton\.x\.com([^"]+)"/.exec(text) ?? [];
    expect((await fetch(`${trial.api}${path}`)).status).toBe(401);
    const authorization = oauth('GET', new URL(path, 'https://api.x.com'));
    const got = await fetch(`${trial.api}${path}`, { headers: { authorization } });
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pixel);
  });

  it('is read, and is encrypted where the chat is', async () => {
    await begin();
    const { body } = await send({ text: 'Hello' });
    await act({ do: 'read' });
    await act({ do: 'menu', item: 'encrypted' });
    await trial.delivered(3);
    const { dm_event_id } = body.data as { dm_event_id: string };
    expect(payloadOf(trial.deliveries[1] as never)).toMatchObject({
      data: {
        event_type: 'dm.read',
        payload: { direct_message_mark_read_events: [{ last_read_event_id: dm_event_id }] },
      },
    });
    const encrypted = trial.deliveries[2]?.body.toString() ?? '';
    expect(encrypted).toContain('chat.received');
    expect(encrypted).not.toContain('between us');
  });

  it('is told only as far as it is subscribed', async () => {
    await begin();
    const path = '/2/activity/subscriptions';
    const { body } = await call('GET', path);
    const listed = body.data as { subscription_id: string; event_type: string; webhook_id: string }[];
    expect(listed.map(({ event_type }) => event_type)).toContain('dm.received');
    const received = listed.find(({ event_type }) => event_type === 'dm.received');
    expect((await call('DELETE', `${path}/${received?.subscription_id}`)).status).toBe(200);
    await act({ do: 'text', text: 'Unheard' });
    const wanted = { event_type: 'dm.received', filter: { user_id: account().id }, webhook_id: received?.webhook_id };
    expect((await call('POST', path, { ...wanted, filter: { user_id: '1' } })).status).toBe(403);
    expect((await call('POST', path, { ...wanted, event_type: 'dm.liked' })).status).toBe(400);
    expect((await call('POST', path, wanted)).status).toBe(201);
    expect((await call('POST', path, wanted)).status).toBe(409);
    await act({ do: 'text', text: 'Heard' });
    const told = (await trial.delivered(1)).body.toString();
    expect(told).toContain('Heard');
    expect(told).not.toContain('Unheard');
  });

  it.each([
    ['activity', []],
    ['account-activity', ['own']],
  ] as const)('by %s is listed as such by the older API', async (format, subscribed) => {
    await begin({ format });
    const older = await call('GET', `/2/account_activity/webhooks/${account().webhook.id}/subscriptions/all/list`);
    const { subscriptions } = older.body.data as { subscriptions: object[] };
    expect(subscriptions).toEqual(subscribed.map(() => ({ user_id: account().id })));
    expect((await call('GET', '/2/account_activity/webhooks/1/subscriptions/all/list')).status).toBe(404);
  });

  it('is delivered to a webhook that answers the challenge', async () => {
    await begin();
    trial.answer = ({ url }) => ({
      status: 200,
      body: JSON.stringify({
        response_token: signatureOf(account().consumerSecret, url.searchParams.get('crc_token') ?? ''),
      }),
    });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'connected' });
    trial.answer = () => ({ status: 200, body: '{"response_token":"sha256=x"}' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'refused' });
  });
});

describe('X’s signatures', () => {
  beforeEach(() => begin());

  it('agree with the documented example', () => {
    const signature = oauth1Signature({
      method: 'post',
      url: 'https://api.twitter.com/1.1/statuses/update.json',
      parameters: [
        ['status', 'Hello Ladies + Gentlemen, a signed OAuth request!'],
        ['include_entities', 'true'],
        ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
        ['oauth_nonce', 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg'],
        ['oauth_signature_method', 'HMAC-SHA1'],
        ['oauth_timestamp', '1318622958'],
        ['oauth_token', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb'],
        ['oauth_version', '1.0'],
      ],
      consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    });
    expect(signature).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });

  it('of challenges and deliveries are those of the notes', () => {
    expect(signatureOf('test_consumer_secret', 'challenge_string')).toBe(
      'sha256=583uAmerwtjpykYEAEm+CEIRm6dOywK4QKRr0ha/Pd4=',
    );
    expect(signatureOf('test_consumer_secret', '{"for_user_id":"4337869213","direct_message_events":[]}')).toBe(
      'sha256=62uSzi0ITsKqyj5ZDmb8qN7BOCF3cOEmF4n/++nCpFE=',
    );
  });
});
