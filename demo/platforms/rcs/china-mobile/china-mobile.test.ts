import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivered, pixel, startTrial, type Trial } from '../../testing/trial.ts';
import { credentialsOf } from './authorize.ts';
import { createRcsChinaMobile } from './index.ts';
import { partsOf } from './multipart.ts';
import { fromXml } from './xml.ts';

type Rcs = ReturnType<typeof createRcsChinaMobile>;

let trial: Trial<Rcs>;
let person: string;

beforeEach(async () => {
  trial = await startTrial((place) => createRcsChinaMobile(place, 'demo-rcs-cn'));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
});
afterEach(() => trial.stop());

interface Sent {
  to?: string[];
  contentType?: string;
  body?: string;
  reports?: string[];
  more?: string;
  sender?: string;
  capability?: string;
  headers?: Record<string, string>;
  chatbot?: string;
  path?: string;
  xml?: string;
}

function signed(date = new Date(Date.now() + trial.ahead).toUTCString()): Record<string, string> {
  const { appId, password } = trial.platform.account;
  return { date, authorization: `Basic ${credentialsOf(appId, password, date)}` };
}

function xmlOf({ to = [`tel:${person}`], contentType = 'text/plain', body = '你好', ...sent }: Sent): string {
  const { reports = ['Delivered', 'Displayed', 'Failed', 'Interworking'], more = '' } = sent;
  const capability =
    sent.capability ??
    '<capabilityId>ChatbotSA</capabilityId><version>+g.gsma.rcs.botversion=&quot;#=1&quot;</version>';
  return `<?xml version="1.0" encoding="UTF-8"?>
<msg:outboundMessageRequest xmlns:msg="urn:oma:xml:rest:netapi:messaging:1">
<address>${to[0]}</address>${to.map((address) => `<destinationAddress>${address}</destinationAddress>`).join('')}
<senderAddress>${sent.sender ?? trial.platform.account.chatbotURI}</senderAddress>
<outboundIMMessage><contentType>${contentType}</contentType>
<conversationID>b9d3a5f0-6d2c-4f5c-8c1e-0d1a2b3c4d5e</conversationID><contributionID>2c1f8f9e-21b1-4ad4-8b5a-2f7f9b1f0a11</contributionID>
<serviceCapability>${capability}</serviceCapability><messageId>5eae954c-42ca-4181-9ab4-9c0ef2e2ac66</messageId>
<bodyText><![CDATA[${body}]]></bodyText>${reports.map((name) => `<reportRequest>${name}</reportRequest>`).join('')}${more}
</outboundIMMessage><clientCorrelator>567895</clientCorrelator></msg:outboundMessageRequest>`;
}

async function send(sent: Sent = {}) {
  const chatbot = encodeURIComponent(sent.chatbot ?? trial.platform.account.chatbotURI);
  const path = sent.path ?? `/maap/messaging/group/v1/outbound/${chatbot}/requests`;
  const address = (sent.to?.length ?? 1) > 1 ? '00000' : person;
  const response = await fetch(`${trial.api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml', address, ...signed(), ...sent.headers },
    body: sent.xml ?? xmlOf(sent),
  });
  return { status: response.status, text: await response.text() };
}

async function upload(file = pixel, type = 'image/png', headers: Record<string, string> = {}) {
  const { chatbotURI } = trial.platform.account;
  const form = new FormData();
  form.append('Thumbnail', new File([new Uint8Array(pixel)], 't.png', { type: 'image/png' }));
  form.append('File', new File([new Uint8Array(file)], 'desk.png', { type }));
  const response = await fetch(`${trial.api}/fileserver/Content`, {
    method: 'POST',
    headers: {
      ...signed(),
      'terminal-type': 'Chatbot',
      'user-agent': `SP/${chatbotURI}`,
      'x-3gpp-intended-identity': chatbotURI,
      tid: 'a1b2c3',
      ...headers,
    },
    body: form,
  });
  return { status: response.status, text: await response.text() };
}

const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);
const messages = () => trial.platform.ground.phone.messages(person);

function inboundOf(delivered: Delivered): Record<string, string> {
  const document = fromXml(delivered.body.toString()) as Record<string, Record<string, Record<string, string>>>;
  return document['msg:inboundMessageNotification']?.inboundMessage ?? {};
}
function statusOf(delivered: Delivered): Record<string, string> {
  const document = fromXml(delivered.body.toString()) as Record<string, Record<string, Record<string, string>>>;
  return document['msg:deliveryInfoNotification']?.deliveryInfo ?? {};
}
const decoded = ({ bodyText = '' }: Record<string, string>) => Buffer.from(bodyText, 'base64').toString();

const chips = (suggestions: object[]) => {
  const parts = [
    ['text/plain', '要看图吗?'],
    ['application/vnd.gsma.botsuggestion.v1.0+json', JSON.stringify({ suggestions })],
  ] as const;
  const lines = parts.map(
    ([type, body]) =>
      `--next\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n`,
  );
  return { contentType: 'multipart/mixed; boundary="next"', body: `${lines.join('')}--next--` };
};
const chip = (displayText: string, data = 'd') => ({ reply: { displayText, postback: { data } } });
const card = (content: object) => ({
  contentType: 'application/vnd.gsma.botmessage.v1.0+json',
  body: JSON.stringify({ message: { generalPurposeCard: { layout: { cardOrientation: 'VERTICAL' }, content } } }),
});

describe('5G messages (China Mobile): credentials', () => {
  it('are as third parties have published them', () => {
    expect(credentialsOf('1001', '123456', 'Thu, 11 Jul 2015 15:33:24 GMT')).toBe(
      'MTAwMTo0ZWQzZmVlY2U2N2I0MTgwYzgwZWUxYTg1ZDE0ZTI1YjhmODEyZDI0NTJlZGYyMzVlOTQ2NDhkNTkwZTU1YjRj',
    );
  });

  it.each([
    ['none', () => ({ authorization: '' })],
    ['another date than was signed', () => ({ date: new Date(Date.now() - 5_000).toUTCString() })],
    ['a date of two days ago', () => signed(new Date(Date.now() - 2 * 24 * 60 * 60_000).toUTCString())],
    ['a date that is not GMT', () => signed(new Date().toISOString())],
    ['the password itself', () => ({ authorization: `Basic ${btoa(`1:${trial.platform.account.password}`)}` })],
  ])('are refused: %s', async (_what, headers) => {
    const { status, text } = await send({ headers: headers() });
    expect(status).toBe(401);
    expect(text).toContain('common:requestError');
    expect(messages()).toEqual([]);
  });
});

describe('5G messages (China Mobile): what the chatbot sends', () => {
  it('appears on the phone, and is reported as asked', async () => {
    const { status, text } = await send({ body: '您好 <b> & ]]' });
    expect(status).toBe(200);
    expect(text).toContain('<messageId>5eae954c-42ca-4181-9ab4-9c0ef2e2ac66</messageId>');
    expect(text).toContain('<clientCorrelator>567895</clientCorrelator>');
    expect(trial.lastMessage(person)).toMatchObject({ by: 'company', text: '您好 <b> & ]]' });
    const { chatbotURI, callbackSecret } = trial.platform.account;
    const first = await trial.delivered(1);
    expect(first.url.pathname).toBe(
      `/webhooks/demo-rcs-cn/${callbackSecret}/DeliveryInfoNotification/${encodeURIComponent(chatbotURI)}`,
    );
    expect(statusOf(first)).toMatchObject({ address: `tel:${person}`, deliveryStatus: 'DeliveredToTerminal' });
    expect(statusOf(await trial.delivered(2))).toMatchObject({ deliveryStatus: 'MessageDisplayed' });
  });

  it('shows chips and cards', async () => {
    expect((await send(chips([chip('好的', 'yes'), chip('不用')]))).status).toBe(200);
    expect(trial.lastMessage(person)).toMatchObject({
      text: '要看图吗?',
      quickReplies: [{ title: '好的' }, { title: '不用' }],
    });
    const open = {
      action: { displayText: '看', urlAction: { openUrl: { url: 'https://a.example' } }, postback: { data: 'u' } },
    };
    expect((await send(card({ title: '书桌', suggestions: [chip('买'), open] }))).status).toBe(200);
    expect(trial.lastMessage(person).cards).toMatchObject([
      { title: '书桌', buttons: [{ does: 'answer' }, { does: 'open', url: 'https://a.example' }] },
    ]);
  });

  it('a place is a text with geo:', async () => {
    await send({ body: 'geo:39.9,116.4;crs=gcj02;u=10;rcs-l=Tiananmen%20Square' });
    expect(trial.lastMessage(person).place).toEqual({ latitude: 39.9, longitude: 116.4, name: 'Tiananmen Square' });
  });

  it('a file goes only after its audit', async () => {
    trial.platform.account.audit.after = 200;
    const uploaded = await upload();
    expect(uploaded.status).toBe(200);
    const [address = ''] = /https:[^"]+(?=" until="[^"]+"\/><\/file-info><\/file>)/.exec(uploaded.text) ?? [];
    const body = `<?xml version="1.0"?><file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp"><file-info type="file"><file-size>${pixel.length}</file-size><content-type>image/png</content-type><data url="${address}" until="2030-01-01T00:00:00Z"/></file-info></file>`;
    const file = { contentType: 'application/vnd.gsma.rcs-ft-http+xml', body };
    const early = await send(file);
    expect(early).toMatchObject({ status: 403, text: expect.stringContaining('media not audited') });
    const audited = await trial.delivered(1);
    expect(audited.headers).toMatchObject({ tid: 'a1b2c3', authstatus: '0' });
    expect(audited.body.toString()).toContain(address);
    expect((await send(file)).status).toBe(200);
    expect(trial.lastMessage(person).file).toMatchObject({
      kind: 'image',
      url: expect.stringContaining('/phone/media/'),
    });
  });

  it('a file that does not pass is told and cannot be sent', async () => {
    trial.platform.account.audit = { passes: false, after: 1 };
    await upload();
    expect((await trial.delivered(1)).headers).toMatchObject({ tid: 'a1b2c3', authstatus: '1' });
  });

  it.each([
    ['no terminal type', {}, { 'terminal-type': '' }, 400],
    ['another user agent', {}, { 'user-agent': 'node' }, 400],
    ['another identity', {}, { 'x-3gpp-intended-identity': 'sip:other' }, 400],
    ['no credentials', {}, { authorization: '' }, 401],
    ['2,000,001 bytes of picture', { file: Buffer.concat([pixel, Buffer.alloc(2_000_001 - pixel.length)]) }, {}, 413],
    ['a picture said to be a video', { type: 'video/mp4' }, {}, 400],
  ])(
    'no file is taken with %s',
    async (_what, { file, type }: { file?: Buffer<ArrayBuffer>; type?: string }, headers, status) => {
      expect((await upload(file, type, headers)).status).toBe(status);
    },
  );

  it('goes as SMS to a phone without RCS where that is wanted, else not at all', async () => {
    await act({ do: 'menu', item: 'rcs' });
    const more = '<shortMessageSupported>true</shortMessageSupported><smsBodyText>短信内容</smsBodyText>';
    await send({ more });
    expect(trial.lastMessage(person)).toMatchObject({ text: '短信内容', tag: 'SMS' });
    expect(statusOf(await trial.delivered(1))).toMatchObject({ deliveryStatus: 'DeliveredToNetwork' });
    await send();
    expect(statusOf(await trial.delivered(2))).toMatchObject({ deliveryStatus: 'DeliveryImpossible' });
    expect(trial.lastMessage(person).text).toBe('短信内容');
  });

  it('can be taken back until it is read', async () => {
    trial.platform.ground.reading.automatic = false;
    await send({ reports: [] });
    const { chatbotURI } = trial.platform.account;
    const path = `/maap/messaging/v1/outbound/${encodeURIComponent(chatbotURI)}/requests/5eae954c-42ca-4181-9ab4-9c0ef2e2ac66/status`;
    const response = await fetch(`${trial.api}${path}`, { method: 'PUT', headers: signed() });
    expect(response.status).toBe(204);
    expect(trial.lastMessage(person).removed).toBe(true);
    expect((await trial.delivered(1)).body.toString()).toContain('<status>Revoked</status>');
  });

  it.each([
    ['another chatbot in the path', { chatbot: 'sip:1@botplatform.rcs.chinamobile.com' }, 400, 'chatbotURI'],
    ['another sender', { sender: 'sip:1@x' }, 400, 'senderAddress'],
    ['no addressee', { to: [] }, 400, 'destinationAddress'],
    ['a number without country', { to: ['tel:13800138000'] }, 400, 'destinationAddress'],
    ['101 numbers', { to: Array(101).fill('tel:+8613800138000') }, 403, 'POL0003'],
    ['another Address header', { headers: { address: '+8613800138000' } }, 400, 'Address'],
    ['no service capability', { capability: '' }, 400, 'serviceCapability'],
    ['an empty text', { body: '' }, 400, 'bodyText'],
    ['an unknown type', { contentType: 'text/html' }, 400, 'contentType'],
    ['SMS without its text', { more: '<shortMessageSupported>true</shortMessageSupported>' }, 400, 'smsBodyText'],
    ['an unknown report', { reports: ['Seen'] }, 400, 'reportRequest'],
    ['no XML type', { headers: { 'content-type': 'application/json' } }, 415, 'SVC0001'],
    ['broken XML', { xml: '<msg:outboundMessageRequest>' }, 400, 'outboundMessageRequest'],
    ['entities of its own', { xml: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' }, 400, 'outboundMessageRequest'],
    ['another path', { path: '/maap/messaging/v1/outbound' }, 404, 'SVC0001'],
    ['another host', { headers: { 'x-forwarded-host': 'maap.example' } }, 404, 'SVC0001'],
  ])('is refused with %s', async (_what, sent: Sent, status, said) => {
    const answer = await send(sent);
    expect(answer.text).toContain(said);
    expect(answer.status).toBe(status);
    expect(messages()).toEqual([]);
  });

  it.each([
    ['twelve chips', chips(Array(12).fill(chip('a')))],
    ['a chip of 26 characters', chips([chip('a'.repeat(26))])],
    ['a chip without postback', chips([{ reply: { displayText: 'a' } }])],
    [
      'a length in characters',
      { ...chips([chip('a')]), body: chips([chip('a')]).body.replace('Content-Length: 13', 'Content-Length: 5') },
    ],
    ['an empty card', card({})],
    ['a card title of 201 characters', card({ title: 'a'.repeat(201) })],
    ['five buttons on a card', card({ title: 'a', suggestions: Array(5).fill(chip('a')) })],
  ])('is refused with %s', async (_what, sent) => {
    const { status } = await send(sent);
    expect(status).toBe(400);
    expect(messages()).toEqual([]);
  });

  it('is too much, broken or unanswered on command', async () => {
    await trial.control({ rate429: 1 });
    expect((await send()).status).toBe(429);
    await trial.control({ fail5xx: 1 });
    expect((await send()).status).toBe(503);
    expect(messages()).toEqual([]);
    await trial.control({ loseReply: 1 });
    await expect(send()).rejects.toThrow();
    expect(messages()).toHaveLength(1);
  });
});

describe('5G messages (China Mobile): what people do', () => {
  it('a text comes as XML with the sender as the network writes it', async () => {
    const { body } = await act({ do: 'text', text: '书桌 <大> & ]]> 号?' });
    const delivered = await trial.delivered(1);
    expect(delivered.url.pathname).toContain('/InboundMessageNotification/sip%3A125200');
    expect(delivered.headers.address).toBe(person);
    expect(inboundOf(delivered)).toMatchObject({
      messageId: body.message,
      senderAddress: `sip:${person}@bj.ims.mnc000.mcc460.3gppnetwork.org`,
      contentType: 'text/plain;charset=UTF-8',
      bodyText: '书桌 <大> & ]]> 号?',
    });
  });

  it('the secret of the address it is delivered to is not shown', async () => {
    await act({ do: 'text', text: '在吗' });
    await trial.delivered(1);
    await expect.poll(() => trial.platform.ground.phone.wire()).toHaveLength(1);
    const { body } = await trial.ask('/phone');
    expect(JSON.stringify(body)).toContain('/webhooks/demo-rcs-cn/…/InboundMessageNotification/');
    expect(JSON.stringify(body)).not.toContain(trial.platform.account.callbackSecret);
  });

  it('a picture comes as its address, which needs credentials and may be gone', async () => {
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image&name=room.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const inbound = inboundOf(await trial.delivered(1));
    expect(inbound).toMatchObject({ contentType: 'application/vnd.gsma.rcs-ft-http+xml', contentEncoding: 'base64' });
    const [address = ''] = /https:[^"]+/.exec(decoded(inbound)) ?? [];
    const { pathname, host } = new URL(address);
    const load = (headers: Record<string, string>) =>
      fetch(`${trial.api}${pathname}`, { headers: { 'x-forwarded-host': host, ...headers } });
    expect((await load({})).status).toBe(401);
    expect(Buffer.from(await (await load(signed())).arrayBuffer())).toEqual(pixel);
    await trial.control({ mediaGone: 1 });
    expect((await load(signed())).status).toBe(410);
  });

  it('a tap answers with the postback', async () => {
    await send({ ...chips([chip('好的', 'yes')]), reports: [] });
    const { id } = trial.lastMessage(person);
    await act({ do: 'tap', message: id, button: 's0' });
    const inbound = inboundOf(await trial.delivered(1));
    expect(inbound.contentType).toBe('application/vnd.gsma.botsuggestion.response.v1.0+json');
    expect(JSON.parse(decoded(inbound))).toEqual({
      response: { reply: { displayText: '好的', postback: { data: 'yes' } } },
    });
    expect(trial.lastMessage(person)).toMatchObject({ by: 'customer', text: '好的' });
  });

  it.each([
    [{ do: 'location', latitude: 39.9, longitude: 116.4, name: '天安门' }, /^geo:39\.9,116\.4;crs=gcj02/],
    [{ do: 'menu', item: 'spam' }, /spamreport/],
  ])('%j is told', async (action, expected) => {
    expect((await act(action)).status).toBe(200);
    const inbound = inboundOf(await trial.delivered(1));
    expect(inbound.contentEncoding === 'base64' ? decoded(inbound) : inbound.bodyText).toMatch(expected);
  });

  it('comes three times at most', async () => {
    trial.pace = 0.001;
    trial.answer = () => ({ status: 500 });
    await act({ do: 'text', text: 'nobody there' });
    await trial.delivered(3);
    await expect.poll(() => trial.lastMessage(person).state).toBe('failed');
    expect(trial.deliveries).toHaveLength(3);
  });
});

describe('5G messages (China Mobile): parts of a body', () => {
  it.each([
    ['no boundary', 'multipart/mixed', '--a\r\n\r\n--a--', 'boundary'],
    ['no end', 'multipart/mixed; boundary=a', '--a\r\nContent-Type: b\r\n\r\nc', 'closing boundary'],
    ['no length', 'multipart/mixed; boundary=a', '--a\r\nContent-Type: b\r\n\r\nc\r\n--a--', 'Content-Length'],
    ['no type', 'multipart/mixed; boundary=a', '--a\r\nContent-Length: 1\r\n\r\nc\r\n--a--', 'Content-Type'],
  ])('are refused with %s', (_what, type, body, problem) => {
    expect(partsOf(type, body)).toEqual({ problem });
  });
});
