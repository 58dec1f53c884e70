import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf, pixel, startTrial, type Trial } from '../testing/trial.ts';
import { inboxAppId, type Variant } from './account.ts';
import { createFacebook } from './index.ts';

let trial: Trial<ReturnType<typeof createFacebook>>;
let person: string;

async function begin(variant: Variant): Promise<void> {
  trial = await startTrial((place) => createFacebook(place, 'demo-facebook', variant));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  await trial.control({ reads: false });
}
afterEach(() => trial.stop());

interface GraphError {
  error: { code: number; error_subcode?: number; message: string };
}
type Event = Record<string, Record<string, unknown>>;

const account = () => trial.platform.account;
const shown = () => trial.platform.ground.phone.messages(person);
const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);
const entriesOf = (delivered: Parameters<typeof payloadOf>[0]) =>
  (payloadOf(delivered) as { entry: { messaging?: Event[]; standby?: Event[] }[] }).entry;
const events = () =>
  trial.deliveries.flatMap(entriesOf).flatMap(({ messaging, standby }) => messaging ?? standby ?? []);

function call(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${trial.api}/v26.0${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account().accessToken}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const send = (body: object, headers = {}) =>
  call(
    `/${account().pageId}/messages`,
    { recipient: { id: person }, ...('message' in body ? { messaging_type: 'RESPONSE' } : {}), ...body },
    headers,
  );
async function refusal(response: Response): Promise<[number, number | undefined, string]> {
  const { error } = (await response.json()) as GraphError;
  expect(response.status).toBeGreaterThanOrEqual(400);
  return [error.code, error.error_subcode, error.message];
}
async function opened(): Promise<string> {
  const { body } = await act({ do: 'text', text: 'Hi' });
  await trial.delivered(1);
  return String(body.message);
}
const text = (value: string) => ({ message: { text: value } });
const attachment = (type: string, payload: object) => ({ message: { attachment: { type, payload } } });
const postback = (title: string) => ({ type: 'postback', title, payload: title.toUpperCase() });

describe('Messenger: what the Page sends', () => {
  beforeEach(() => begin('messenger'));

  it('appears, is echoed with its metadata, delivered and read', async () => {
    await opened();
    await trial.control({ reads: true });
    const response = await send({ message: { text: 'Hello', metadata: 'part-7' } });
    const body = (await response.json()) as { message_id: string };
    expect(body).toEqual({ recipient_id: person, message_id: expect.stringMatching(/^m_/) });
    await trial.delivered(4);
    expect(events().slice(1)).toMatchObject([
      {
        sender: { id: account().pageId },
        recipient: { id: person },
        message: {
          mid: body.message_id,
          is_echo: true,
          app_id: Number(account().appId),
          metadata: 'part-7',
          text: 'Hello',
        },
      },
      { delivery: { mids: [body.message_id], watermark: expect.any(Number) } },
      { read: { watermark: expect.any(Number) } },
    ]);
    expect(trial.lastMessage(person)).toMatchObject({ by: 'company', text: 'Hello', state: 'read' });
  });

  it.each([
    ['a wrong token', { authorization: 'Bearer x' }, 190],
    ['no token', { authorization: '' }, 104],
    ['a body that is no JSON', { 'content-type': 'text/plain' }, 100],
  ])('is refused with %s', async (_what, headers, code) => {
    await opened();
    expect((await refusal(await send(text('a'), headers)))[0]).toBe(code);
    expect(shown()).toHaveLength(1);
  });

  it.each([
    ['without messaging type', { messaging_type: undefined, ...text('a'), recipient: undefined }, 100, undefined],
    ['to nobody known', { recipient: { id: '1' }, ...text('a') }, 100, 2018001],
    ['with an unknown key', { ...text('a'), subject: 'x' }, 100, undefined],
    ['with text and attachment', { message: { text: 'a', attachment: {} } }, 100, undefined],
    ['of 2,001 characters', text('a'.repeat(2_001)), 100, undefined],
    ['with 14 quick replies', quick(14, 'a'), 100, undefined],
    ['with a quick reply of 21 characters', quick(1, 'a'.repeat(21)), 100, undefined],
    ['with four buttons', buttons(4), 100, undefined],
    ['with 641 characters over buttons', buttons(1, 'a'.repeat(641)), 100, undefined],
    ['with eleven cards', generic(11), 100, undefined],
    ['with a title of 81 characters', generic(1, 'a'.repeat(81)), 100, undefined],
    ['with an invented attachment', attachment('image', { attachment_id: '1' }), 100, 2018074],
    ['with a file by plain http', attachment('image', { url: 'http://a.example/b.png' }), 100, undefined],
    ['with a file that cannot be had', attachment('image', { url: 'https://a.example/b.png' }), 100, 2018008],
    ['with a tag that is gone', { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE', ...text('a') }, 100, 1893061],
    ['with a tag but as a response', { tag: 'HUMAN_AGENT', ...text('a') }, 100, undefined],
    ['with a sender action in one', { sender_action: 'typing_on', ...text('a') }, 100, undefined],
    ['with an unknown sender action', { sender_action: 'dance' }, 100, undefined],
  ])('is refused %s', async (_what, body, code, subcode) => {
    await opened();
    expect((await refusal(await send(body))).slice(0, 2)).toEqual([code, subcode]);
    expect(shown()).toHaveLength(1);
  });

  it('is refused outside the window, but for a human agent within seven days', async () => {
    await opened();
    trial.ahead = 24 * 60 * 60_000 + 1_000;
    expect((await refusal(await send(text('a')))).slice(0, 2)).toEqual([10, 2018278]);
    const tagged = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', ...text('a') };
    expect((await send(tagged)).status).toBe(200);
    trial.ahead = 7 * 24 * 60 * 60_000 + 1_000;
    expect((await refusal(await send(tagged)))[0]).toBe(10);
    trial.ahead = 0;
    await trial.control({ windowClosed: 1 });
    expect((await refusal(await send(text('a'))))[0]).toBe(10);
    expect((await send(text('a'))).status).toBe(200);
  });

  it('is refused to somebody who blocked the Page', async () => {
    await opened();
    await act({ do: 'unfollow' });
    expect((await refusal(await send(text('a')))).slice(0, 2)).toEqual([551, 1545041]);
  });

  it('is refused when the Page’s inbox answers, until the thread is taken back', async () => {
    await opened();
    await act({ do: 'menu', item: 'page-inbox' });
    await trial.delivered(3);
    expect(events()).toMatchObject([
      {},
      { message: { is_echo: true, app_id: Number(inboxAppId) } },
      { pass_thread_control: { new_owner_app_id: inboxAppId } },
    ]);
    await act({ do: 'text', text: 'Thanks' });
    expect(entriesOf(await trial.delivered(4))[0]).toMatchObject({ standby: [{ message: { text: 'Thanks' } }] });
    expect((await refusal(await send(text('a')))).slice(0, 2)).toEqual([10, 2018300]);
    await call(`/${account().pageId}/take_thread_control`, { recipient: { id: person } });
    expect((await send(text('a'))).status).toBe(200);
  });

  it('shows typing, marks as seen and reacts', async () => {
    const mid = await opened();
    expect((await send({ sender_action: 'typing_on' })).status).toBe(200);
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(true);
    await send({ sender_action: 'mark_seen' });
    expect(trial.lastMessage(person).state).toBe('read');
    await send({ sender_action: 'react', payload: { message_id: mid, reaction: '👍' } });
    expect(trial.lastMessage(person).reactions).toEqual([{ by: 'company', emoji: '👍' }]);
    expect((await refusal(await send({ sender_action: 'react', payload: { message_id: 'm_x' } })))[0]).toBe(100);
  });

  it('is uploaded with the request, fetched, or used again', async () => {
    await opened();
    const form = new FormData();
    form.set('recipient', JSON.stringify({ id: person }));
    form.set('messaging_type', 'RESPONSE');
    form.set('message', JSON.stringify(attachment('image', { is_reusable: true }).message));
    form.set('filedata', new Blob([new Uint8Array(pixel)], { type: 'image/png' }), 'sofa.png');
    const path = `${trial.api}/v26.0/${account().pageId}/messages`;
    const authorization = `Bearer ${account().accessToken}`;
    const response = await fetch(path, { method: 'POST', headers: { authorization }, body: form });
    const { attachment_id } = (await response.json()) as { attachment_id: string };
    expect(trial.lastMessage(person).file).toMatchObject({ kind: 'image', contentType: 'image/png' });
    expect((await send(attachment('image', { attachment_id }))).status).toBe(200);
    trial.files.set('/media/a.png', { type: 'image/png', bytes: pixel });
    expect((await send(attachment('image', { url: `${trial.company}/media/a.png` }))).status).toBe(200);
    const mismatch = await send(attachment('video', { url: `${trial.company}/media/a.png` }));
    expect((await refusal(mismatch)).slice(0, 2)).toEqual([100, 2018047]);
    expect(shown()).toHaveLength(4);
  });

  it('is refused at another Page, version or host', async () => {
    expect((await refusal(await call('/123/messages', {}))).slice(0, 2)).toEqual([100, 33]);
    expect((await refusal(await send(text('a'), { 'x-forwarded-host': 'api.line.me' })))[0]).toBe(2500);
    const old = await fetch(`${trial.api}/v1/${account().pageId}/messages`, { method: 'POST' });
    expect((await refusal(old))[0]).toBe(2500);
  });
});

describe('Messenger: what the phone does', () => {
  beforeEach(() => begin('messenger'));

  it('is delivered and signed', async () => {
    await act({ do: 'text', text: 'Größe?' });
    const delivered = await trial.delivered(1);
    const hash = createHmac('sha256', account().appSecret).update(delivered.body).digest('hex');
    expect(delivered.headers['x-hub-signature-256']).toBe(`sha256=${hash}`);
    expect(payloadOf(delivered)).toMatchObject({
      object: 'page',
      entry: [{ id: account().pageId, messaging: [{ sender: { id: person }, message: { text: 'Größe?' } }] }],
    });
  });

  it('answers quick replies, buttons and the menu', async () => {
    await opened();
    await send(quick(2, 'Red'));
    await act({ do: 'tap', message: trial.lastMessage(person).id, button: 'q1' });
    expect(shown().at(-2)?.quickReplies).toEqual([]);
    await send(buttons(2));
    await act({ do: 'tap', message: trial.lastMessage(person).id, button: 'b0' });
    await act({ do: 'menu', item: 'GET_STARTED' });
    const own = () => events().filter(({ sender, delivery }) => sender?.id === person && !delivery);
    await expect.poll(() => own()).toHaveLength(4);
    expect(own().slice(1)).toMatchObject([
      { message: { text: 'Red', quick_reply: { payload: 'P1' } } },
      { postback: { title: 'B0', payload: 'B0' } },
      { postback: { title: 'Get started', payload: 'GET_STARTED', referral: { ref: 'spring-catalogue' } } },
    ]);
  });

  it('quotes, reacts, edits at most five times and takes back', async () => {
    const mid = await opened();
    await act({ do: 'text', text: 'again', quotes: mid });
    await act({ do: 'react', message: mid, emoji: '❤️' });
    await act({ do: 'react', message: mid, emoji: null });
    for (let i = 1; i <= 5; i++) await act({ do: 'edit', message: mid, text: `Hi ${i}` });
    expect((await act({ do: 'edit', message: mid, text: 'Hi 6' })).status).toBe(422);
    await act({ do: 'unsend', message: mid });
    await trial.delivered(10);
    const all = events().slice(1);
    expect(all[0]).toMatchObject({ message: { reply_to: { mid, is_self_reply: true } } });
    expect(all[1]).toMatchObject({ reaction: { mid, action: 'react', reaction: 'love', emoji: '❤️' } });
    expect(all[2]).toMatchObject({ reaction: { mid, action: 'unreact' } });
    expect(all[7]).toMatchObject({ message_edit: { mid, text: 'Hi 5', num_edit: 5 } });
    expect(all[8]).toMatchObject({ message: { mid, is_deleted: true } });
  });

  it('gives files addresses that end', async () => {
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    await trial.delivered(1);
    const message = events()[0]?.message as unknown as { attachments: [{ payload: { url: string } }] };
    const { url } = message.attachments[0].payload;
    expect(url).toMatch(/^https:\/\/scontent\.xx\.fbcdn\.net\/v\//);
    const address = url.replace('https://scontent.xx.fbcdn.net', trial.api);
    expect(Buffer.from(await (await fetch(address)).arrayBuffer())).toEqual(pixel);
    await trial.control({ mediaGone: 1 });
    expect((await fetch(address)).status).toBe(403);
    trial.ahead = 24 * 60 * 60_000 + 1_000;
    expect((await fetch(address)).status).toBe(403);
  });

  it('has a profile, as far as it is asked for', async () => {
    const ask = (path: string) =>
      fetch(`${trial.api}/v26.0${path}`, { headers: { authorization: `Bearer ${account().accessToken}` } });
    expect(await (await ask(`/${person}?fields=first_name,last_name`)).json()).toEqual({
      first_name: 'Lena',
      last_name: 'Fischer',
      id: person,
    });
    expect((await refusal(await ask('/99?fields=first_name'))).slice(0, 2)).toEqual([100, 33]);
  });
});

describe('Instagram', () => {
  beforeEach(() => begin('instagram'));

  it('delivers under its own object and account', async () => {
    await opened();
    expect(payloadOf(await trial.delivered(1))).toMatchObject({
      object: 'instagram',
      entry: [{ id: account().instagramId, messaging: [{ recipient: { id: account().instagramId } }] }],
    });
  });

  it('counts text in bytes, and tells reading by message', async () => {
    await opened();
    await trial.control({ reads: true });
    expect((await refusal(await send(text('ä'.repeat(501)))))[2]).toContain('1000 bytes');
    const { message_id } = (await (await send(text('ä'.repeat(500)))).json()) as { message_id: string };
    await expect.poll(() => events().at(-1)).toMatchObject({ read: { mid: message_id } });
    expect(events().some(({ delivery }) => delivery !== undefined)).toBe(false);
  });
});

function quick(count: number, title: string): object {
  const replies = Array.from({ length: count }, (_, i) => ({ content_type: 'text', title, payload: `P${i}` }));
  return { message: { text: 'Pick', quick_replies: replies } };
}
function buttons(count: number, over = 'Go?'): object {
  const list = Array.from({ length: count }, (_, i) => postback(`B${i}`));
  return attachment('template', { template_type: 'button', text: over, buttons: list });
}
function generic(count: number, title = 'Card'): object {
  return attachment('template', {
    template_type: 'generic',
    elements: Array.from({ length: count }, () => ({ title, subtitle: 'More', buttons: [postback('Yes')] })),
  });
}
