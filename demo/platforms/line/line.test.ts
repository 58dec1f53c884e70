import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf, pixel, startTrial, type Trial } from '../testing/trial.ts';
import { signatureOf } from './account.ts';
import { createLine } from './index.ts';

type Line = ReturnType<typeof createLine>;

let trial: Trial<Line>;
let person: string;

beforeEach(async () => {
  trial = await startTrial((place) => createLine(place, 'demo-line'));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
});
afterEach(() => trial.stop());

const key = '8e2ad1ae-2d4a-4d1c-9a0e-3f1f0e6c9a11';

function call(path: string, body: unknown, headers: Record<string, string | undefined> = {}) {
  const sent = {
    authorization: `Bearer ${trial.platform.account.channelAccessToken}`,
    'content-type': 'application/json',
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
  return fetch(`${trial.api}${path}`, {
    method: 'POST',
    headers: given,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const push = (messages: unknown, headers = {}) => call('/v2/bot/message/push', { to: person, messages }, headers);
const text = (value: string) => ({ type: 'text', text: value });
const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);

interface LineEvent {
  type: string;
  replyToken: string;
  message: { id: string; text: string; quoteToken: string; markAsReadToken: string };
  postback: object;
  deliveryContext: { isRedelivery: boolean };
  webhookEventId: string;
}
const eventsOf = (delivered: Parameters<typeof payloadOf>[0]) =>
  (payloadOf(delivered) as { events: LineEvent[] }).events;
async function eventOf(count: number): Promise<LineEvent> {
  const [event] = eventsOf(await trial.delivered(count));
  if (event === undefined) throw new Error('The delivery is empty.');
  return event;
}

describe('LINE: what the company sends', () => {
  it('appears on the phone', async () => {
    const response = await push([text('Guten Tag'), { ...text('?'), quickReply: { items: [quick('Yes')] } }]);
    expect(response.status).toBe(200);
    const { sentMessages } = (await response.json()) as { sentMessages: { id: string; quoteToken: string }[] };
    expect(sentMessages).toHaveLength(2);
    expect(sentMessages[0]).toEqual({ id: expect.stringMatching(/^\d{18}$/), quoteToken: expect.any(String) });
    expect(trial.lastMessage(person)).toMatchObject({
      by: 'company',
      text: '?',
      quickReplies: [{ title: 'Yes', does: 'answer' }],
    });
  });

  it.each([
    ['no token', { authorization: undefined }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['the token without its scheme', { authorization: 'wrong' }],
  ])('is refused with %s', async (_what, headers) => {
    const response = await push([text('a')], headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      message: 'Authentication failed. Confirm that the access token in the authorization header is valid.',
    });
    expect(trial.platform.ground.phone.messages(person)).toEqual([]);
  });

  it.each([
    ['no messages', [], 'messages'],
    ['six messages', Array(6).fill(text('a')), 'messages'],
    ['an empty text', [text('')], 'messages[0].text'],
    ['a text of 5,001 UTF-16 units', [text(`${'😀'.repeat(2_500)}a`)], 'messages[0].text'],
    ['an unknown type', [{ type: 'file', originalContentUrl: 'https://a.example/b' }], 'messages[0].type'],
    ['a picture by plain http', [picture('http://pictures.example/a.png')], 'messages[0].originalContentUrl'],
    ['audio without duration', [{ type: 'audio', originalContentUrl: 'https://a.example/b' }], 'messages[0].duration'],
    ['a place without title', [{ type: 'location', address: 'A', latitude: 1, longitude: 1 }], 'messages[0].title'],
    [
      '14 quick replies',
      [{ ...text('a'), quickReply: { items: Array(14).fill(quick('a')) } }],
      'messages[0].quickReply.items',
    ],
    [
      'a label of 21 characters',
      [{ ...text('a'), quickReply: { items: [quick('a'.repeat(21))] } }],
      'messages[0].quickReply.items[0].action.label',
    ],
    ['five buttons', [buttons(5)], 'messages[0].template.actions'],
    ['161 characters over buttons', [buttons(1, 'a'.repeat(161))], 'messages[0].template.text'],
    ['columns with unequal buttons', [carousel([1, 2])], 'messages[0].template.columns'],
    ['eleven columns', [carousel(Array(11).fill(1))], 'messages[0].template.columns'],
    ['an unknown placeholder', [{ type: 'textV2', text: 'Hi {user}' }], 'messages[0].text'],
    ['a bubble without blocks', [{ type: 'flex', altText: 'a', contents: { type: 'bubble' } }], 'messages[0].contents'],
    ['an invented quote token', [{ ...text('a'), quoteToken: 'x' }], 'messages[0].quoteToken'],
  ])('is refused with %s', async (_what, messages, property) => {
    const response = await push(messages);
    expect(response.status).toBe(400);
    const body = (await response.json()) as { message: string; details: { property: string; message: string }[] };
    expect(body.message).toBe(`The request body has ${body.details.length} error(s)`);
    expect(body.details.map((detail) => detail.property)).toContain(property);
    expect(trial.platform.ground.phone.messages(person)).toEqual([]);
  });

  it('is taken at the limits', async () => {
    const quickReply = { items: Array(13).fill(quick('a'.repeat(20))) };
    const full = [
      text('😀'.repeat(2_500)),
      buttons(4, '한'.repeat(160)),
      carousel([3, 3]),
      { ...text('a'), quickReply },
    ];
    expect((await push(full)).status).toBe(200);
  });

  it.each([
    ['no JSON type', { 'content-type': 'text/plain' }, '{}', 415],
    ['broken JSON', {}, '{"to":', 400],
    ['JSON that is no object', {}, '[]', 400],
    ['a body over 2 MB', {}, JSON.stringify({ a: 'x'.repeat(2_000_001) }), 413],
  ])('is refused with %s', async (_what, headers, body, status) => {
    const response = await call('/v2/bot/message/push', body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('message');
  });

  it('is refused at unknown addresses and with the wrong method', async () => {
    const elsewhere = await call('/v2/bot/messages/push', {});
    expect([elsewhere.status, await elsewhere.json()]).toEqual([404, { message: 'Not found' }]);
    expect((await fetch(`${trial.api}/v2/bot/message/push`)).status).toBe(405);
  });

  it('is refused at a host of LINE that does not serve it', async () => {
    expect((await push([text('a')], { 'x-forwarded-host': 'api-data.line.me' })).status).toBe(404);
    expect((await push([text('a')], { 'x-forwarded-host': 'api.line.me' })).status).toBe(200);
  });

  it('is refused for ids that are not of LINE, and for people it does not know', async () => {
    const malformed = await call('/v2/bot/message/push', { to: 'somebody', messages: [text('a')] });
    expect(await malformed.json()).toEqual({
      message: "The property, 'to', in the request body is invalid (line: -, column: -)",
    });
    const unknown = await call('/v2/bot/message/push', { to: `U${'0'.repeat(32)}`, messages: [text('a')] });
    expect([unknown.status, await unknown.json()]).toEqual([400, { message: 'Failed to send messages' }]);
  });

  it('vanishes without a word when the account is blocked', async () => {
    await act({ do: 'unfollow' });
    expect((await push([text('a')])).status).toBe(200);
    expect(trial.platform.ground.phone.messages(person)).toEqual([]);
    const profile = await fetch(`${trial.api}/v2/bot/profile/${person}`, {
      headers: { authorization: `Bearer ${trial.platform.account.channelAccessToken}` },
    });
    expect(profile.status).toBe(404);
  });

  it('is sent once per retry key', async () => {
    const first = await push([text('once')], { 'x-line-retry-key': key });
    const second = await push([text('once')], { 'x-line-retry-key': key });
    expect([first.status, second.status]).toEqual([200, 409]);
    expect(second.headers.get('x-line-accepted-request-id')).toBe(first.headers.get('x-line-request-id'));
    const { sentMessages } = (await first.json()) as { sentMessages: unknown };
    expect(await second.json()).toEqual({ message: 'The retry key is already accepted', sentMessages });
    expect(trial.platform.ground.phone.messages(person)).toHaveLength(1);
    expect((await push([text('a')], { 'x-line-retry-key': 'no uuid' })).status).toBe(400);
  });

  it('is sent anew with a retry key after 24 hours', async () => {
    await push([text('a')], { 'x-line-retry-key': key });
    trial.ahead = 24 * 60 * 60_000 + 1;
    expect((await push([text('a')], { 'x-line-retry-key': key })).status).toBe(200);
  });

  it('stops at the month’s limit', async () => {
    trial.platform.account.monthlyLimit = 1;
    expect((await push([text('a')])).status).toBe(200);
    const over = await push([text('b')]);
    expect([over.status, await over.json()]).toEqual([429, { message: 'You have reached your monthly limit.' }]);
  });

  it('shows pictures from the company’s address, and says which cannot be had', async () => {
    trial.files.set('/media/a.png', { type: 'image/png', bytes: pixel });
    await push([picture(`${trial.company}/media/a.png`)]);
    await expect.poll(() => trial.lastMessage(person).file?.url).toMatch(/^\/simulators\/line\/phone\/media\//);
    await push([picture(`${trial.company}/media/gone.png`)]);
    await expect.poll(() => trial.lastMessage(person).file).toEqual({ kind: 'image', missing: 'answered 404' });
  });
});

describe('LINE: reply tokens', () => {
  const reply = (replyToken: string, headers = {}) =>
    call('/v2/bot/message/reply', { replyToken, messages: [text('Hello')] }, headers);

  it('work once', async () => {
    await act({ do: 'text', text: 'Hi' });
    const { replyToken } = await eventOf(1);
    expect((await reply(replyToken)).status).toBe(200);
    const again = await reply(replyToken);
    expect([again.status, await again.json()]).toEqual([400, { message: 'Invalid reply token' }]);
  });

  it('end after a minute', async () => {
    await act({ do: 'text', text: 'Hi' });
    const { replyToken } = await eventOf(1);
    trial.ahead = 61_000;
    expect(await (await reply(replyToken)).json()).toEqual({ message: 'Invalid reply token' });
  });

  it('take no retry key', async () => {
    await act({ do: 'text', text: 'Hi' });
    const { replyToken } = await eventOf(1);
    expect((await reply(replyToken, { 'x-line-retry-key': key })).status).toBe(400);
    expect((await reply(replyToken)).status).toBe(200);
  });
});

describe('LINE: tokens', () => {
  const issue = (fields: Record<string, string>) =>
    fetch(`${trial.api}/oauth2/v3/token`, { method: 'POST', body: new URLSearchParams(fields) });
  const credentials = () => ({
    grant_type: 'client_credentials',
    client_id: trial.platform.account.channelId,
    client_secret: trial.platform.account.channelSecret,
  });

  it('are given for 899 seconds and end', async () => {
    const response = await issue(credentials());
    const body = (await response.json()) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 899 });
    const authorization = `Bearer ${body.access_token}`;
    expect((await push([text('a')], { authorization })).status).toBe(200);
    trial.ahead = 900_000;
    expect((await push([text('a')], { authorization })).status).toBe(401);
  });

  it('are refused for another secret or grant', async () => {
    expect((await issue({ ...credentials(), client_secret: 'x' })).status).toBe(400);
    expect((await issue({ ...credentials(), grant_type: 'password' })).status).toBe(400);
  });

  it('end when told', async () => {
    const { access_token } = (await (await issue(credentials())).json()) as { access_token: string };
    await trial.control({ expireToken: 1 });
    expect((await push([text('a')], { authorization: `Bearer ${access_token}` })).status).toBe(401);
    expect((await push([text('a')])).status).toBe(200);
  });
});

describe('LINE: what the phone does', () => {
  it('is delivered and signed', async () => {
    await act({ do: 'text', text: 'Zimmer 🍎 frei?' });
    const delivered = await trial.delivered(1);
    const signature = createHmac('sha256', trial.platform.account.channelSecret).update(delivered.body);
    expect(delivered.headers['x-line-signature']).toBe(signature.digest('base64'));
    expect(delivered.url.pathname).toBe('/webhooks/demo-line');
    expect(payloadOf(delivered)).toMatchObject({
      destination: trial.platform.account.userId,
      events: [
        {
          type: 'message',
          mode: 'active',
          source: { type: 'user', userId: person },
          message: { type: 'text', text: 'Zimmer 🍎 frei?', quoteToken: expect.any(String) },
          deliveryContext: { isRedelivery: false },
          webhookEventId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
        },
      ],
    });
    await expect.poll(() => trial.lastMessage(person).state).toBe('sent');
  });

  it('gives files their content until it is unsent', async () => {
    const file = await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image&name=sofa.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const { message } = (await file.json()) as { message: string };
    const content = () =>
      fetch(`${trial.api}/v2/bot/message/${message}/content`, {
        headers: { authorization: `Bearer ${trial.platform.account.channelAccessToken}` },
      });
    const got = await content();
    expect(got.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pixel);
    await trial.control({ mediaGone: 1 });
    expect((await content()).status).toBe(404);
    expect((await content()).status).toBe(200);
    await act({ do: 'unsend', message });
    expect((await content()).status).toBe(404);
    const event = await eventOf(2);
    expect(event).toMatchObject({ type: 'unsend', unsend: { messageId: message } });
  });

  it('answers buttons as LINE does: spoken words, unseen data, picked dates', async () => {
    const actions = [
      { type: 'message', label: 'Say', text: 'I say it' },
      { type: 'postback', label: 'Order', data: 'order=7', displayText: 'Order it' },
      { type: 'datetimepicker', label: 'When', data: 'when', mode: 'date' },
    ];
    await push([{ type: 'template', altText: 'a', template: { type: 'buttons', text: 'Pick', actions } }]);
    const message = trial.lastMessage(person);
    for (const { id } of message.cards?.[0]?.buttons ?? []) await act({ do: 'tap', message: message.id, button: id });
    await trial.delivered(3);
    const events = trial.deliveries.flatMap(eventsOf);
    expect(events[0]).toMatchObject({ type: 'message', message: { text: 'I say it' } });
    expect(events[1]).toMatchObject({ type: 'postback', postback: { data: 'order=7' } });
    expect(events[2]?.postback).toEqual({ data: 'when', params: { date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } });
    expect(trial.platform.ground.phone.messages(person).map((shown) => shown.text)).toContain('Order it');
  });

  it('quotes and is quoted, is read and sees the company type', async () => {
    await act({ do: 'text', text: 'Hi' });
    const { message } = await eventOf(1);
    await push([{ ...text('Hello'), quoteToken: message.quoteToken }]);
    expect(trial.lastMessage(person).quotes).toBe(message.id);
    await call('/v2/bot/chat/markAsRead', { markAsReadToken: message.markAsReadToken });
    expect(trial.platform.ground.phone.find(message.id)?.message.state).toBe('read');
    expect((await call('/v2/bot/chat/loading/start', { chatId: person, loadingSeconds: 7 })).status).toBe(400);
    expect((await call('/v2/bot/chat/loading/start', { chatId: person, loadingSeconds: 10 })).status).toBe(202);
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(true);
    await act({ do: 'text', text: 'What?', quotes: trial.lastMessage(person).id });
    expect(await eventOf(2)).toMatchObject({ message: { quotedMessageId: expect.stringMatching(/^\d+$/) } });
  });

  it('tells who blocks, unblocks and comes new', async () => {
    await act({ do: 'unfollow' });
    expect((await act({ do: 'text', text: 'a' })).status).toBe(422);
    await act({ do: 'follow' });
    const { body } = await trial.ask('/phone/people', { name: 'Aoi' });
    await trial.delivered(3);
    expect(trial.deliveries.flatMap(eventsOf)).toMatchObject([
      { type: 'unfollow' },
      { type: 'follow', follow: { isUnblocked: true }, replyToken: expect.any(String) },
      { type: 'follow', follow: { isUnblocked: false }, source: { userId: body.id } },
    ]);
  });

  it('is signed as in the published vectors', () => {
    expect(signatureOf('test_secret', Buffer.from('{"hello":"world"}'))).toBe(
      't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=',
    );
    expect(signatureOf('SECRET', Buffer.from('{}'))).toBe('3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA=');
  });
});

function quick(label: string): object {
  return { type: 'action', action: { type: 'message', label, text: label } };
}
function picture(url: string): object {
  return { type: 'image', originalContentUrl: url, previewImageUrl: url };
}
function actions(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ type: 'postback', label: `B${index}`, data: `b=${index}` }));
}
function buttons(count: number, over = 'Pick'): object {
  return { type: 'template', altText: 'a', template: { type: 'buttons', text: over, actions: actions(count) } };
}
function carousel(counts: number[]): object {
  const columns = counts.map((count) => ({ text: 'Card', actions: actions(count) }));
  return { type: 'template', altText: 'a', template: { type: 'carousel', columns } };
}
