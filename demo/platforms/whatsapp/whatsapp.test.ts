import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appSecretProof } from '../meta/signing.ts';
import { payloadOf, pixel, startTrial, type Trial } from '../testing/trial.ts';
import { createWhatsapp } from './index.ts';

let trial: Trial<ReturnType<typeof createWhatsapp>>;
let person: string;

beforeEach(async () => {
  trial = await startTrial((place) => createWhatsapp(place, 'demo-whatsapp'));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  await trial.control({ reads: false });
});
afterEach(() => trial.stop());

interface GraphError {
  error: { code: number; message: string; type: string; error_data?: { details: string }; fbtrace_id: string };
}
interface Value {
  contacts: { profile: { name: string }; wa_id?: string; user_id: string }[];
  messages: Record<string, never>[];
  statuses: { id: string; status: string; recipient_id?: string; errors?: { code: number }[] }[];
}

const account = () => trial.platform.account;
const shown = () => trial.platform.ground.phone.messages(person);
const act = (action: object, by = person) => trial.ask(`/phone/people/${by}/actions`, action);
const changeOf = (delivered: Parameters<typeof payloadOf>[0]) => {
  const { entry } = payloadOf(delivered) as { entry: [{ changes: [{ value: Value }] }] };
  return entry[0].changes[0].value;
};
const statuses = () => trial.deliveries.flatMap((delivered) => changeOf(delivered).statuses ?? []);

function call(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${trial.api}/v26.0${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account().accessToken}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
function send(message: object, headers = {}) {
  const body = { messaging_product: 'whatsapp', recipient_type: 'individual', to: `+${person}`, ...message };
  return call(`/${account().phoneNumberId}/messages`, body, headers);
}
const text = (body: string) => ({ type: 'text', text: { body } });
async function refusal(response: Response): Promise<[number, number, string]> {
  const { error } = (await response.json()) as GraphError;
  expect(error.fbtrace_id).toMatch(/^A/);
  return [response.status, error.code, error.error_data?.details ?? error.message];
}
/** The customer writes, which opens the window. */
async function opened(): Promise<string> {
  const { body } = await act({ do: 'text', text: 'Hi' });
  await trial.delivered(1);
  return String(body.message);
}

describe('WhatsApp: what the business sends', () => {
  it('is accepted, arrives and is read, as statuses tell', async () => {
    await opened();
    await trial.control({ reads: true });
    const response = await send({ ...text('Hello'), biz_opaque_callback_data: 'part-7' });
    const body = (await response.json()) as { messages: [{ id: string }] };
    expect(body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: `+${person}`, wa_id: person }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    await trial.delivered(4);
    expect(statuses()).toMatchObject(
      ['sent', 'delivered', 'read'].map((status) => ({
        id: body.messages[0].id,
        status,
        recipient_id: person,
        biz_opaque_callback_data: 'part-7',
      })),
    );
    expect(trial.lastMessage(person)).toMatchObject({ by: 'company', text: 'Hello', state: 'read' });
  });

  it.each([
    ['a wrong token', { authorization: 'Bearer wrong' }, [401, 190]],
    ['no token', { authorization: '' }, [401, 104]],
  ])('is refused with %s', async (_what, headers, expected) => {
    expect((await refusal(await send(text('a'), headers))).slice(0, 2)).toEqual(expected);
    expect(shown()).toEqual([]);
  });

  it('is refused with another’s proof, and taken with the right one', async () => {
    const path = (proof: string) => `/${account().phoneNumberId}/messages?appsecret_proof=${proof}`;
    const body = { messaging_product: 'whatsapp', to: `+${person}`, ...text('a') };
    const wrong = await call(path('0'.repeat(64)), body);
    expect(await refusal(wrong)).toEqual([400, 100, 'Invalid appsecret_proof provided in the API argument']);
    expect((await call(path(appSecretProof(account().appSecret, account().accessToken)), body)).status).toBe(200);
  });

  it.each([
    ['without product', { messaging_product: undefined, ...text('a') }, 100, 'messaging_product'],
    ['without recipient', { to: undefined, ...text('a') }, 100, 'The parameter to is required'],
    ['to no number', { to: 'somebody', ...text('a') }, 131009, 'phone number not valid'],
    ['of unknown type', { type: 'poll', poll: {} }, 131009, 'Param type must be one of'],
    ['with an unknown key', { ...text('a'), subject: 'x' }, 100, 'Unexpected key "subject"'],
    ['without text', { type: 'text', text: {} }, 100, "text['body'] is required"],
    ['of 4,097 characters', text('a'.repeat(4_097)), 100, 'at most 4096 characters'],
    [
      'with an invented file',
      { type: 'image', image: { id: '1' } },
      100,
      'not a valid whatsapp business account media',
    ],
    ['with a file by plain http', { type: 'image', image: { link: 'http://a.example/b.png' } }, 100, 'not a valid URL'],
    ['with four buttons', buttons(['A', 'B', 'C', 'D']), 131009, 'Max allowed buttons: 3'],
    ['with two buttons of one title', buttons(['A', 'A']), 131009, 'Duplicate title'],
    ['with a title of 21 characters', buttons(['a'.repeat(21)]), 100, 'at most 20 characters'],
    ['with eleven rows', list(11), 131009, 'row count exceed max allowed count: 10'],
    ['with an unknown template', template('nothing', []), 132001, 'does not exist'],
    ['with too few values', template('delivery_update', ['Amara']), 132000, 'does not match'],
    ['with a paused template', template('summer_sale', []), 132015, 'paused'],
    ['quoting what is not there', { ...text('a'), context: { message_id: 'wamid.x' } }, 100, 'context'],
    [
      'reacting to what is not there',
      { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } },
      131009,
      'not found',
    ],
  ])('is refused %s', async (_what, message, code, words) => {
    const [, found, details] = await refusal(await send(message));
    expect([found, details]).toEqual([code, expect.stringContaining(words)]);
    expect(shown()).toEqual([]);
  });

  it('is refused for another number, version or host', async () => {
    const body = { messaging_product: 'whatsapp', to: `+${person}`, ...text('a') };
    expect((await refusal(await call('/123/messages', body)))[1]).toBe(100);
    const old = await fetch(`${trial.api}/v1/${account().phoneNumberId}/messages`, { method: 'POST' });
    expect((await refusal(old))[1]).toBe(2500);
    expect((await refusal(await send(text('a'), { 'x-forwarded-host': 'api.whatsapp.com' })))[1]).toBe(2500);
    expect((await refusal(await call(`/${account().phoneNumberId}/messages`, '{"a":')))[1]).toBe(100);
  });

  it('fails by status when the window is closed, and a template goes', async () => {
    expect((await send(text('too early'))).status).toBe(200);
    await trial.delivered(1);
    expect(statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131047 }] });
    expect(shown()).toEqual([]);
    await send(template('delivery_update', ['Amara', 'sofa', 'Monday']));
    await expect
      .poll(() => shown().at(-1)?.text)
      .toBe('Hello Amara, your sofa is on its way. Is Monday still a good day?');
  });

  it('fails by status a day after the customer wrote, or when told', async () => {
    await opened();
    await trial.control({ windowClosed: 1 });
    await send(text('a'));
    await expect.poll(() => statuses().at(-1)?.errors?.[0]?.code).toBe(131047);
    trial.ahead = 24 * 60 * 60_000 + 1_000;
    await send(text('b'));
    await expect.poll(() => statuses()).toHaveLength(2);
    expect(shown()).toHaveLength(1);
  });

  it('fails by status for numbers without WhatsApp', async () => {
    await send({ to: '+4930123456', ...text('a') });
    await trial.delivered(1);
    expect(statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131026 }] });
  });

  it('gets no further than sent to somebody who blocked the business', async () => {
    await opened();
    await act({ do: 'unfollow' });
    await send(text('a'));
    await trial.delivered(2);
    expect(statuses().map(({ status }) => status)).toEqual(['sent']);
    expect(shown()).toHaveLength(1);
  });

  it('is refused beyond 45 messages in a row to one person', async () => {
    await opened();
    for (let i = 0; i < 45; i++) expect((await send(text(`${i}`))).status).toBe(200);
    expect((await refusal(await send(text('45')))).slice(0, 2)).toEqual([429, 131056]);
    trial.ahead = 6_100;
    expect((await send(text('45'))).status).toBe(200);
    await trial.control({ limits: false });
    expect((await send(text('46'))).status).toBe(200);
  });

  it('reaches people who hide their number, by their id', async () => {
    await trial.ask('/phone/people', { name: 'Two' });
    const { body } = await trial.ask('/phone/people', { name: 'Hidden Person' });
    const hidden = String(body.id);
    await act({ do: 'text', text: 'Hi' }, hidden);
    const { contacts, messages } = changeOf(await trial.delivered(1));
    expect(JSON.stringify({ contacts, messages })).not.toContain(hidden);
    const userId = contacts[0]?.user_id ?? '';
    const response = await send({ to: undefined, recipient: userId, ...text('Hello') });
    expect(((await response.json()) as { contacts: unknown }).contacts).toEqual([{ input: userId, user_id: userId }]);
    await expect.poll(() => trial.platform.ground.phone.messages(hidden).at(-1)?.text).toBe('Hello');
  });

  it('marks as read and shows typing', async () => {
    const id = await opened();
    const path = `/${account().phoneNumberId}/messages`;
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: id, typing_indicator: { type: 'text' } };
    expect(await (await call(path, read)).json()).toEqual({ success: true });
    expect(trial.lastMessage(person).state).toBe('read');
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(true);
    expect((await refusal(await call(path, { ...read, message_id: 'wamid.x' })))[1]).toBe(100);
  });
});

describe('WhatsApp: media', () => {
  async function upload(
    bytes: Buffer,
    type: string,
    fields: Record<string, string> = { messaging_product: 'whatsapp' },
  ) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), 'file');
    const response = await fetch(`${trial.api}/v26.0/${account().phoneNumberId}/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account().accessToken}` },
      body: form,
    });
    return { status: response.status, body: (await response.json()) as { id: string } };
  }

  it('is uploaded and sent with a caption', async () => {
    await opened();
    const { body } = await upload(pixel, 'image/png');
    expect((await send({ type: 'image', image: { id: body.id, caption: 'The sofa' } })).status).toBe(200);
    await expect
      .poll(() => trial.lastMessage(person))
      .toMatchObject({
        text: 'The sofa',
        file: { kind: 'image', contentType: 'image/png' },
      });
    expect((await refusal(await send({ type: 'audio', audio: { id: body.id } })))[1]).toBe(131053);
  });

  it('is refused when it is not what it says, of no known type, or without product', async () => {
    expect((await upload(pixel, 'video/mp4')).status).toBe(400);
    expect((await upload(Buffer.from('x'), 'application/x-msdownload')).status).toBe(400);
    expect((await upload(pixel, 'image/png', {})).status).toBe(400);
    expect((await upload(Buffer.alloc(5_000_001), 'image/jpeg')).status).toBe(400);
  });

  it('of customers is had for five minutes, with the token', async () => {
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image&caption=Mine`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const [message] = changeOf(await trial.delivered(1)).messages as unknown as {
      image: { id: string; sha256: string };
    }[];
    expect(message).toMatchObject({ type: 'image', image: { caption: 'Mine', mime_type: 'image/png' } });
    const authorization = `Bearer ${account().accessToken}`;
    const node = await fetch(`${trial.api}/v26.0/${message?.image.id}`, { headers: { authorization } });
    const { url } = (await node.json()) as { url: string };
    expect(url).toMatch(/^https:\/\/lookaside\.fbsbx\.com\/whatsapp_business\/attachments\/\?mid=/);
    const address = url.replace('https://lookaside.fbsbx.com', trial.api);
    const got = await fetch(address, { headers: { authorization } });
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pixel);
    expect((await fetch(address)).status).toBe(401);
    expect((await fetch(address.replace('ext=', 'ext=9'), { headers: { authorization } })).status).toBe(404);
    await trial.control({ mediaGone: 1 });
    expect((await fetch(address, { headers: { authorization } })).status).toBe(404);
    trial.ahead = 5 * 60_000 + 1_000;
    expect((await fetch(address, { headers: { authorization } })).status).toBe(404);
  });

  it('by link is fetched, and its failure told by status', async () => {
    await opened();
    trial.files.set('/media/plan.pdf', { type: 'application/pdf', bytes: Buffer.from('%PDF-1.4') });
    await send({ type: 'document', document: { link: `${trial.company}/media/plan.pdf`, filename: 'Plan.pdf' } });
    await expect.poll(() => shown().at(-1)?.file).toMatchObject({ kind: 'file', name: 'Plan.pdf', size: 8 });
    await send({ type: 'document', document: { link: `${trial.company}/media/none.pdf` } });
    await expect.poll(() => statuses().at(-1)?.errors?.[0]?.code).toBe(131053);
  });
});

describe('WhatsApp: what the phone does', () => {
  it('is delivered and signed', async () => {
    await act({ do: 'text', text: 'Größe? a@b.co' });
    const delivered = await trial.delivered(1);
    const hash = createHmac('sha256', account().appSecret).update(delivered.body).digest('hex');
    expect(delivered.headers['x-hub-signature-256']).toBe(`sha256=${hash}`);
    expect(delivered.body.toString()).toContain('Gr\\u00f6\\u00dfe? a\\u0040b.co');
    expect(changeOf(delivered)).toMatchObject({
      messaging_product: 'whatsapp',
      metadata: { phone_number_id: account().phoneNumberId },
      contacts: [{ profile: { name: 'Amara Okafor' }, wa_id: person }],
      messages: [{ from: person, type: 'text', timestamp: expect.stringMatching(/^\d{10}$/) }],
    });
  });

  it('answers buttons, rows and templates', async () => {
    await opened();
    await send(buttons(['Yes', 'No']));
    await send(list(2));
    await send(template('delivery_update', ['A', 'b', 'c']));
    await expect.poll(() => shown()).toHaveLength(4);
    const [, first, second, third] = shown();
    await act({ do: 'tap', message: first?.id, button: 'b1' });
    await act({ do: 'tap', message: second?.id, button: 'r0' });
    await act({ do: 'tap', message: third?.id, button: 't1' });
    const messages = () => trial.deliveries.flatMap((delivered) => changeOf(delivered).messages ?? []);
    await expect.poll(() => messages()).toHaveLength(4);
    expect(messages().slice(1)).toMatchObject([
      { interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'No' } }, context: { id: first?.id } },
      { interactive: { type: 'list_reply', list_reply: { id: 'r0', title: 'Row 0', description: 'About 0' } } },
      { type: 'button', button: { text: 'Another day', payload: 'Another day' } },
    ]);
  });

  it('reacts, edits and takes back', async () => {
    const id = await opened();
    await act({ do: 'react', message: id, emoji: '👍' });
    await act({ do: 'react', message: id, emoji: null });
    await act({ do: 'edit', message: id, text: 'Hello' });
    await act({ do: 'unsend', message: id });
    await trial.delivered(5);
    expect(trial.deliveries.slice(1).flatMap((delivered) => changeOf(delivered).messages)).toMatchObject([
      { type: 'reaction', reaction: { message_id: id, emoji: '👍' } },
      { type: 'reaction', reaction: { message_id: id } },
      { type: 'edit', edit: { original_message_id: id, message: { text: { body: 'Hello' } } } },
      { type: 'revoke', revoke: { original_message_id: id } },
    ]);
    expect(trial.lastMessage(person)).toMatchObject({ edited: true, removed: true });
  });
});

describe('WhatsApp: the webhook', () => {
  it('counts as connected only when it returns the challenge', async () => {
    trial.answer = ({ url }) => ({ status: 200, body: url.searchParams.get('hub.challenge') ?? '' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'connected' });
    const { url } = await trial.delivered(1);
    expect(url.searchParams.get('hub.verify_token')).toBe(account().verifyToken);
    expect(url.searchParams.get('hub.mode')).toBe('subscribe');
    trial.answer = () => ({ status: 200, body: 'OK' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'refused' });
  });

  it('is refused as if the token had been revoked, when told', async () => {
    await trial.control({ revokeToken: 1 });
    expect((await refusal(await send(text('a')))).slice(0, 2)).toEqual([401, 190]);
    expect((await send(text('a'))).status).toBe(200);
  });
});

function buttons(titles: string[]): object {
  const action = { buttons: titles.map((title, index) => ({ type: 'reply', reply: { id: `b${index}`, title } })) };
  return { type: 'interactive', interactive: { type: 'button', body: { text: 'Pick' }, action } };
}
function list(count: number): object {
  const rows = Array.from({ length: count }, (_, i) => ({ id: `r${i}`, title: `Row ${i}`, description: `About ${i}` }));
  const action = { button: 'Open', sections: [{ title: 'All', rows }] };
  return { type: 'interactive', interactive: { type: 'list', body: { text: 'Pick' }, action } };
}
function template(name: string, values: string[]): object {
  const parameters = values.map((value) => ({ type: 'text', text: value }));
  return { type: 'template', template: { name, language: { code: 'en' }, components: [{ type: 'body', parameters }] } };
}
