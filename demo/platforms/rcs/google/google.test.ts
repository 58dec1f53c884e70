import { createHmac, createSign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf, pixel, startTrial, type Trial } from '../../testing/trial.ts';
import { signatureOf } from './events.ts';
import { createRcsGoogle } from './index.ts';

type Rcs = ReturnType<typeof createRcsGoogle>;

let trial: Trial<Rcs>;
let person: string;
let bearer: string;

beforeEach(async () => {
  trial = await startTrial((place) => createRcsGoogle(place, 'demo-rcs'));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  bearer = await accessToken();
});
afterEach(() => trial.stop());

const scope = 'https://www.googleapis.com/auth/rcsbusinessmessaging';

function jwt(claims: object = {}, header: object = {}, tamper = ''): string {
  const { serviceAccountKey: key } = trial.platform.account;
  const now = Math.floor((Date.now() + trial.ahead) / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT', kid: key.private_key_id, ...header });
  const body = part({ iss: key.client_email, scope, aud: key.token_uri, iat: now, exp: now + 3600, ...claims });
  const signature = createSign('RSA-SHA256').update(`${head}.${body}${tamper}`).sign(key.private_key, 'base64url');
  return `${head}.${body}.${signature}`;
}

function exchange(assertion: string, form: Record<string, string> = {}) {
  return fetch(`${trial.api}/token`, {
    method: 'POST',
    headers: { 'x-forwarded-host': 'oauth2.googleapis.com' },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, ...form }),
  });
}

async function accessToken(): Promise<string> {
  const { access_token } = (await (await exchange(jwt())).json()) as { access_token: string };
  return access_token;
}

interface Called {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

async function call(path: string, { method = 'POST', body, headers = {}, query = {} }: Called = {}) {
  const search = new URLSearchParams({ agentId: trial.platform.account.agentId, ...query });
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(`${trial.api}${path}?${search}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

let next = 0;
const send = (contentMessage: object, more: object = {}, query: Record<string, string> = {}, to = person) =>
  call(`/v1/phones/${to}/agentMessages`, {
    body: { contentMessage, ...more },
    query: { messageId: `3f1c2a5e-0000-4000-8000-${String(next++).padStart(12, '0')}`, ...query },
  });
const reply = (text: string, postbackData = 'p') => ({ reply: { text, postbackData } });
const card = (more: object = {}) => ({ title: 'Oak desk', description: '140 cm', ...more });
const single = (more: object = {}) => ({
  richCard: { standaloneCard: { cardOrientation: 'VERTICAL', cardContent: card(more) } },
});
const carousel = (count: number, more: object = {}) => ({
  richCard: { carouselCard: { cardWidth: 'MEDIUM', cardContents: Array(count).fill(card(more)) } },
});
const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);
const messages = () => trial.platform.ground.phone.messages(person);

function dataOf(delivered: Parameters<typeof payloadOf>[0]): Record<string, unknown> {
  const { message } = payloadOf(delivered) as { message: { data: string } };
  return JSON.parse(Buffer.from(message.data, 'base64').toString('utf8')) as Record<string, unknown>;
}

describe('RCS (Google): access tokens', () => {
  it('are given for a JWT that the service account signed', async () => {
    const response = await exchange(jwt());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      token_type: 'Bearer',
    });
  });

  it.each([
    ['a broken signature', () => jwt({}, {}, ' '), 'Invalid JWT Signature.'],
    ['another key id', () => jwt({}, { kid: 'other' }), 'Invalid JWT Signature.'],
    ['another algorithm', () => jwt({}, { alg: 'HS256' }), 'Invalid JWT: Invalid header.'],
    ['an unknown account', () => jwt({ iss: 'nobody@x.iam.gserviceaccount.com' }), 'Invalid grant: account not found'],
    ['another audience', () => jwt({ aud: 'https://example.com/token' }), 'Invalid JWT: Failed audience check.'],
    ['more than an hour', () => jwt({ exp: Math.floor(Date.now() / 1000) + 4_000 }), 'Invalid JWT: Token must be'],
    ['times in milliseconds', () => jwt({ iat: Date.now(), exp: Date.now() + 3_600 }), 'Invalid JWT: Token must be'],
  ])('are refused for a JWT with %s', async (_what, assertion, description) => {
    const response = await exchange(assertion());
    expect(response.status).toBe(400);
    const body = (await response.json()) as { error: string; error_description: string };
    expect(body.error).toBe('invalid_grant');
    expect(body.error_description).toContain(description);
  });

  it('are refused without the right scope or grant type', async () => {
    const scoped = await exchange(jwt({ scope: 'https://www.googleapis.com/auth/cloud-platform' }));
    expect(await scoped.json()).toMatchObject({ error: 'invalid_scope' });
    const granted = await exchange(jwt(), { grant_type: 'client_credentials' });
    expect(await granted.json()).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('end after an hour, and on command', async () => {
    expect((await send({ text: 'a' })).status).toBe(200);
    await trial.control({ expireToken: 1 });
    expect((await send({ text: 'b' })).status).toBe(401);
    bearer = await accessToken();
    trial.ahead = 3_601_000;
    const late = await send({ text: 'c' });
    expect(late.status).toBe(401);
    expect(late.body).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  });
});

describe('RCS (Google): what the agent sends', () => {
  it('appears on the phone and is reported', async () => {
    const { status, body } = await send({ text: 'Hello', suggestions: [reply('Yes', 'y'), reply('No', 'n')] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: expect.stringContaining(`phones/${person}/agentMessages/`) });
    expect(trial.lastMessage(person)).toMatchObject({
      by: 'company',
      text: 'Hello',
      quickReplies: [{ title: 'Yes' }, { title: 'No' }],
    });
    const shown = trial.lastMessage(person).id;
    const events = [dataOf(await trial.delivered(1)), dataOf(await trial.delivered(2))];
    expect(events).toMatchObject([
      { eventType: 'DELIVERED', messageId: shown, senderPhoneNumber: person },
      { eventType: 'READ', messageId: shown, senderPhoneNumber: person },
    ]);
  });

  it('shows cards side by side, their buttons and pictures', async () => {
    trial.files.set('/media/desk.png', { type: 'image/png', bytes: pixel });
    const media = { height: 'SHORT', contentInfo: { fileUrl: `${trial.company}/media/desk.png` } };
    const openUrl = { action: { text: 'Look', openUrlAction: { url: 'https://shop.example/desk' } } };
    expect((await send(carousel(2, { media, suggestions: [reply('Buy'), openUrl] }))).status).toBe(200);
    await expect.poll(() => trial.lastMessage(person).cards?.[1]?.image?.url).toContain('/phone/media/');
    expect(trial.lastMessage(person).cards?.[0]).toMatchObject({
      title: 'Oak desk',
      text: '140 cm',
      buttons: [
        { title: 'Buy', does: 'answer' },
        { title: 'Look', does: 'open', url: 'https://shop.example/desk' },
      ],
    });
  });

  it('shows a file that was uploaded', async () => {
    const uploaded = await call('/upload/v1/files', { body: pixel, headers: { 'content-type': 'image/png' } });
    expect(uploaded.body).toEqual({ name: expect.stringMatching(/^files\//) });
    expect((await send({ fileName: uploaded.body.name })).status).toBe(200);
    await expect.poll(() => trial.lastMessage(person).file).toMatchObject({ kind: 'image', contentType: 'image/png' });
    trial.ahead = 61 * 24 * 60 * 60_000;
    bearer = await accessToken();
    expect((await send({ fileName: uploaded.body.name })).status).toBe(400);
  });

  it('is ignored when its id was used before', async () => {
    await send({ text: 'once' }, {}, { messageId: 'same' });
    const again = await send({ text: 'twice' }, {}, { messageId: 'same' });
    expect(again.status).toBe(200);
    expect(messages().map(({ text }) => text)).toEqual(['once']);
  });

  it.each([
    ['no content', {}, 'exactly one kind of content'],
    ['two kinds of content', { text: 'a', fileName: 'files/x' }, 'exactly one kind of content'],
    ['an unknown field', { text: 'a', buttons: [] }, 'Cannot find field'],
    ['an empty text', { text: '' }, 'is required'],
    ['3,073 characters', { text: 'a'.repeat(3_073) }, 'at most 3072'],
    ['12 suggestions', { text: 'a', suggestions: Array(12).fill(reply('a')) }, 'at most 11'],
    ['a suggestion of 26 characters', { text: 'a', suggestions: [reply('a'.repeat(26))] }, 'at most 25'],
    ['a postback of 2,049 characters', { text: 'a', suggestions: [reply('a', 'p'.repeat(2_049))] }, 'at most 2048'],
    ['an action without one', { text: 'a', suggestions: [{ action: { text: 'a' } }] }, 'exactly one action'],
    ['a title of 201 characters', single({ title: 'a'.repeat(201) }), 'at most 200'],
    ['a description of 2,001 characters', single({ description: 'a'.repeat(2_001) }), 'at most 2000'],
    ['five buttons on a card', single({ suggestions: Array(5).fill(reply('a')) }), 'at most 4'],
    ['a carousel of one', carousel(1), '2 to 10 cards'],
    ['a carousel of eleven', carousel(11), '2 to 10 cards'],
    ['a picture without height', single({ media: { fileName: 'files/x' } }), 'height is required'],
    ['a file nobody uploaded', { fileName: 'files/none' }, 'not found or has expired'],
    ['a link by plain http', { contentInfo: { fileUrl: 'http://a.example/b.png' } }, 'publicly reachable'],
  ])('is refused with %s', async (_what, content, message) => {
    const { status, body } = await send(content);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
    expect(JSON.stringify(body)).toContain(message);
    expect(messages()).toEqual([]);
  });

  it('is taken at the limits', async () => {
    expect((await send({ text: '😀'.repeat(3_072), suggestions: Array(11).fill(reply('a'.repeat(25))) })).status).toBe(
      200,
    );
    const full = { title: 'a'.repeat(200), description: 'a'.repeat(2_000), suggestions: Array(4).fill(reply('a')) };
    expect((await send(carousel(10, full))).status).toBe(200);
  });

  it.each([
    ['no token', { headers: { authorization: '' } }, 401],
    ['an invented token', { headers: { authorization: 'Bearer ya29.x' } }, 401],
    ['another agent', { query: { agentId: 'other@rbm.goog', messageId: 'm' } }, 403],
    ['no message id', {}, 400],
    ['no JSON', { query: { messageId: 'm' }, body: '{"contentMessage":' }, 400],
    ['no JSON type', { query: { messageId: 'm' }, headers: { 'content-type': 'text/plain' } }, 400],
    ['more than 250 KB', { query: { messageId: 'm' }, body: JSON.stringify({ a: 'x'.repeat(250_001) }) }, 400],
  ])('is refused with %s', async (_what, given: Called, status) => {
    const answer = await call(`/v1/phones/${person}/agentMessages`, {
      body: { contentMessage: { text: 'a' } },
      ...given,
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code: status } });
    expect(messages()).toEqual([]);
  });

  it('finds no phone without RCS, nor another host, nor another path', async () => {
    await act({ do: 'menu', item: 'rcs' });
    expect(await send({ text: 'a' })).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
    expect((await send({ text: 'a' }, {}, {}, '+16505550000')).status).toBe(404);
    const query = { requestId: 'r' };
    expect((await call(`/v1/phones/${person}/capabilities`, { method: 'GET', query })).status).toBe(404);
    await act({ do: 'menu', item: 'rcs' });
    expect((await call(`/v1/phones/${person}/capabilities`, { method: 'GET', query })).body).toMatchObject({
      features: expect.arrayContaining(['RICHCARD_CAROUSEL']),
    });
    const elsewhere = { 'x-forwarded-host': 'europe-rcsbusinessmessaging.googleapis.com' };
    const body = { contentMessage: { text: 'a' } };
    const path = `/v1/phones/${person}/agentMessages`;
    expect((await call(path, { body, headers: elsewhere, query: { messageId: 'm' } })).status).toBe(404);
    expect((await call('/v2/phones', { body })).status).toBe(404);
  });

  it('waits for a phone in flight mode, until it is revoked or expires', async () => {
    await act({ do: 'menu', item: 'flight' });
    trial.deliveries.length = 0;
    await send({ text: 'revoked' }, {}, { messageId: 'one' });
    const revoked = await call(`/v1/phones/${person}/agentMessages/one`, { method: 'DELETE' });
    expect(revoked).toEqual({ status: 200, body: {} });
    trial.pace = 0.001;
    await send({ text: 'expired' }, { ttl: '20s' }, { messageId: 'two' });
    expect(dataOf(await trial.delivered(1))).toMatchObject({
      eventType: 'TTL_EXPIRATION_REVOKED',
      messageId: 'two',
      phoneNumber: person,
    });
    await send({ text: 'arrives' }, {}, { messageId: 'three' });
    expect(messages().map(({ text }) => text)).not.toContain('arrives');
    await act({ do: 'menu', item: 'flight' });
    const texts = messages().map(({ text }) => text);
    expect(texts).toContain('arrives');
    expect(texts).not.toContain('revoked');
    expect(texts).not.toContain('expired');
  });

  it.each([
    ['no duration', { ttl: '20' }],
    ['more than 15 days', { ttl: '1296001s' }],
    ['a time gone by', { expireTime: '2020-01-01T00:00:00Z' }],
    ['both', { ttl: '20s', expireTime: '2100-01-01T00:00:00Z' }],
  ])('is refused with a life of %s', async (_what, more) => {
    expect((await send({ text: 'a' }, more)).status).toBe(400);
  });

  it('shows typing once an event, and marks as read', async () => {
    const event = (body: object, eventId: string) =>
      call(`/v1/phones/${person}/agentEvents`, { body, query: { eventId } });
    expect((await event({ eventType: 'IS_TYPING' }, 'e1')).status).toBe(200);
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(true);
    const { body } = await act({ do: 'text', text: 'Hi' });
    await trial.delivered(1);
    expect((await event({ eventType: 'READ', messageId: body.message }, 'e2')).status).toBe(200);
    expect(trial.platform.ground.phone.find(String(body.message))?.message.state).toBe('read');
    expect((await event({ eventType: 'READ' }, 'e3')).status).toBe(400);
    expect((await event({ eventType: 'DANCING' }, 'e4')).status).toBe(400);
  });

  it.each([
    ['an unsupported type', 'image/svg+xml', pixel],
    ['a picture said to be a video', 'video/mp4', pixel],
    ['nothing in it', 'image/png', Buffer.alloc(0)],
  ])('takes no file with %s', async (_what, type, body) => {
    const answer = await call('/upload/v1/files', { body, headers: { 'content-type': type } });
    expect(answer.status).toBe(400);
  });
});

describe('RCS (Google): what people do', () => {
  it('is signed over what the data decodes to', () => {
    // Made from Google's description and its example of a message: Google publishes no signature.
    const data =
      'eyJzZW5kZXJQaG9uZU51bWJlciI6IisxMjIyMzMzNDQ0NCIsIm1lc3NhZ2VJZCI6Im1zZzAwMDk5OTg4ODc3N2EiLCJzZW5kVGltZSI6IjIwMTgtMTItMzFUMTU6MDE6MjMuMDQ1MTIzNDU2WiIsInRleHQiOiJIZWxsbyIsImFnZW50SWQiOiJncm93aW5nLXRyZWUtYmFua0ByYm0uZ29vZyJ9';
    expect(signatureOf('SJENCPGJESMGUFPY', Buffer.from(data, 'base64'))).toBe(
      'o5FzljMdiAl1njZi36DI7NXos1+/3IU16vBAdZTu7UW1FxCcRM9QIlZ9SvSt8n11xrZAUdm3E/wDDgaeuBltKA==',
    );
  });

  it('comes in a signed envelope', async () => {
    const { body } = await act({ do: 'text', text: 'Hallo 👋' });
    const delivered = await trial.delivered(1);
    const { message } = payloadOf(delivered) as { message: { data: string } };
    const expected = createHmac('sha512', trial.platform.account.clientToken)
      .update(Buffer.from(message.data, 'base64'))
      .digest('base64');
    expect(delivered.headers['x-goog-signature']).toBe(expected);
    expect(dataOf(delivered)).toEqual({
      senderPhoneNumber: person,
      messageId: body.message,
      text: 'Hallo 👋',
      agentId: trial.platform.account.agentId,
      sendTime: expect.stringMatching(/Z$/),
    });
  });

  it.each([
    [
      { do: 'location', latitude: 52.5, longitude: 13.4, name: 'Berlin' },
      { location: { latitude: 52.5, longitude: 13.4 } },
    ],
    [
      { do: 'typing', typing: true },
      { eventType: 'IS_TYPING', eventId: expect.any(String) },
    ],
    [{ do: 'unfollow' }, { eventType: 'UNSUBSCRIBE' }],
  ])('%j is told', async (action, expected) => {
    expect((await act(action)).status).toBe(200);
    expect(dataOf(await trial.delivered(1))).toMatchObject({ senderPhoneNumber: person, ...expected });
  });

  it('a picture can be fetched until it is gone', async () => {
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image&name=room.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const { userFile } = dataOf(await trial.delivered(1)) as {
      userFile: { payload: { fileUri: string; mimeType: string; fileSizeBytes: number; fileName: string } };
    };
    expect(userFile.payload).toMatchObject({
      mimeType: 'image/png',
      fileSizeBytes: pixel.length,
      fileName: 'room.png',
    });
    const { host, pathname } = new URL(userFile.payload.fileUri);
    const load = () => fetch(`${trial.api}${pathname}`, { headers: { 'x-forwarded-host': host } });
    expect(Buffer.from(await (await load()).arrayBuffer())).toEqual(pixel);
    await trial.control({ mediaGone: 1 });
    expect((await load()).status).toBe(404);
  });

  it('a tap answers with the postback, and the chips go', async () => {
    trial.platform.ground.reading.automatic = false;
    await send({ text: '?', suggestions: [reply('Yes', '{"order":7}')] });
    const { id, quickReplies } = trial.lastMessage(person);
    await trial.delivered(1);
    await act({ do: 'tap', message: id, button: quickReplies?.[0]?.id });
    expect(dataOf(await trial.delivered(2))).toMatchObject({
      suggestionResponse: { type: 'REPLY', text: 'Yes', postbackData: '{"order":7}' },
    });
    expect(messages().find((message) => message.id === id)?.quickReplies).toEqual([]);
    expect((await act({ do: 'tap', message: id, button: 's0' })).status).toBe(422);
  });

  it('comes again until it is taken', async () => {
    trial.pace = 0.001;
    trial.answer = () => ({ status: trial.deliveries.length < 3 ? 503 : 200 });
    const { body } = await act({ do: 'text', text: 'again' });
    const third = await trial.delivered(3);
    expect(dataOf(third)).toMatchObject({ messageId: body.message });
    await expect.poll(() => trial.lastMessage(person).state).toBe('delivered');
  });
});

describe('RCS (Google): the webhook', () => {
  it('is taken when it returns the secret, and only then', async () => {
    trial.answer = ({ body }) => {
      const { clientToken, secret } = JSON.parse(body.toString()) as Record<string, string>;
      return clientToken === trial.platform.account.clientToken && secret !== undefined
        ? { status: 200, body: secret }
        : { status: 403 };
    };
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'connected' });
    trial.answer = () => ({ status: 200, body: '{"secret":"x"}' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'refused' });
  });
});
