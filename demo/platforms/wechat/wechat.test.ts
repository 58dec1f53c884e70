import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivered, pixel, startTrial, type Trial } from '../testing/trial.ts';
import { decrypt, encrypt, signatureOf } from './crypto.ts';
import { createWechat } from './index.ts';
import { fromXml, toXml } from './xml.ts';

let trial: Trial<ReturnType<typeof createWechat>>;
let person: string;

async function begin(mode: 'plain' | 'safe'): Promise<void> {
  trial = await startTrial((place) => createWechat(place, 'demo-wechat', mode));
  person = trial.platform.ground.phone.people()[0]?.id ?? '';
  trial.answer = () => ({ status: 200, body: 'success' });
}
afterEach(() => trial.stop());

const account = () => trial.platform.account;
const shown = () => trial.platform.ground.phone.messages(person);
const act = (action: object) => trial.ask(`/phone/people/${person}/actions`, action);

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${trial.api}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}
async function stableToken(extra: object = {}): Promise<string> {
  const { appId: appid, appSecret: secret } = account();
  const body = await post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret, ...extra });
  return String(body.access_token ?? body.errcode);
}
async function send(body: object | string, token?: string): Promise<unknown> {
  const used = token ?? (await stableToken());
  const whole = typeof body === 'string' ? body : { touser: person, ...body };
  return (await post(`/cgi-bin/message/custom/send?access_token=${used}`, whole)).errcode;
}
const text = (content: string) => ({ msgtype: 'text', text: { content } });
const xmlOf = ({ body }: Delivered) => fromXml(body.toString('utf8')) ?? {};

/** The message in an encrypted delivery, after checking its signatures as the documentation says. */
function opened(delivered: Delivered): Record<string, unknown> {
  const query = Object.fromEntries(delivered.url.searchParams);
  const { token, encodingAESKey, appId } = account();
  const encrypted = String(xmlOf(delivered).Encrypt);
  expect(query.encrypt_type).toBe('aes');
  expect(query.msg_signature).toBe(signatureOf(token, query.timestamp ?? '', query.nonce ?? '', encrypted));
  return fromXml(decrypt(encodingAESKey, appId, encrypted) ?? '') ?? {};
}

describe('WeChat: customer messages', () => {
  beforeEach(() => begin('plain'));

  it('appear on the phone, five in 48 hours after a message', async () => {
    await act({ do: 'text', text: '在吗' });
    for (let i = 1; i <= 5; i++) expect(await send(text(`答 ${i}`))).toBe(0);
    expect(await send(text('答 6'))).toBe(45047);
    expect(shown().map(({ text: words }) => words)).toEqual(['在吗', '答 1', '答 2', '答 3', '答 4', '答 5']);
    await act({ do: 'text', text: '还有吗' });
    expect(await send(text('有'))).toBe(0);
  });

  it('are refused before somebody wrote, after 48 hours, and when told', async () => {
    expect(await send(text('a'))).toBe(45015);
    await act({ do: 'text', text: '在吗' });
    await trial.control({ windowClosed: 1 });
    expect(await send(text('a'))).toBe(45015);
    trial.ahead = 48 * 60 * 60_000 + 1_000;
    expect(await send(text('a'))).toBe(45015);
  });

  it('are three in a minute after a menu click', async () => {
    await act({ do: 'menu', item: 'CATALOGUE' });
    for (let i = 1; i <= 3; i++) expect(await send(text('a'))).toBe(0);
    expect(await send(text('a'))).toBe(45047);
    trial.ahead = 61_000;
    expect(await send(text('a'))).toBe(45015);
  });

  it.each([
    ['no token', '', text('a'), 41001],
    ['a wrong token', 'x', text('a'), 40001],
    ['an unknown openid', undefined, { touser: 'o123', ...text('a') }, 40003],
    ['an unknown type', undefined, { msgtype: 'poll', poll: {} }, 40008],
    ['an empty text', undefined, text(''), 44004],
    ['2,049 bytes', undefined, text(`${'界'.repeat(682)}abc`), 45002],
    ['two articles', undefined, { msgtype: 'news', news: { articles: [{ url: 'a' }, { url: 'b' }] } }, 45008],
    ['an invented file', undefined, { msgtype: 'image', image: { media_id: 'x' } }, 40007],
    ['broken JSON', undefined, '{"touser":', 47001],
    ['escaped characters', undefined, '{"touser":"o","msgtype":"text","text":{"content":"\\u4f60"}}', 40033],
    ['nothing', undefined, '', 44002],
  ])('are refused with %s', async (_what, token, body, code) => {
    await act({ do: 'text', text: '在吗' });
    expect(await send(body, token)).toBe(code);
    expect(shown()).toHaveLength(1);
  });

  it('take 2,048 bytes', async () => {
    await act({ do: 'text', text: '在吗' });
    expect(await send(text(`${'界'.repeat(682)}ab`))).toBe(0);
  });

  it('are refused to whoever does not follow', async () => {
    await act({ do: 'text', text: '在吗' });
    await act({ do: 'unfollow' });
    expect(await send(text('a'))).toBe(43004);
    expect((await act({ do: 'text', text: 'a' })).status).toBe(422);
  });

  it('with a menu are answered by a tap', async () => {
    await act({ do: 'text', text: '在吗' });
    const list = [
      { id: 'y', content: '满意' },
      { id: 'n', content: '不满意' },
    ];
    expect(await send({ msgtype: 'msgmenu', msgmenu: { head_content: '满意吗?', list, tail_content: '谢谢' } })).toBe(
      0,
    );
    const message = trial.lastMessage(person);
    expect(message).toMatchObject({ text: '满意吗?\n谢谢', buttons: [{ title: '满意' }, { title: '不满意' }] });
    await act({ do: 'tap', message: message.id, button: 'n' });
    expect(xmlOf(await trial.delivered(2))).toMatchObject({ MsgType: 'text', Content: '不满意', bizmsgmenuid: 'n' });
  });

  it('show typing within 30 seconds, for 15', async () => {
    const typing = async (command: string) =>
      (await post(`/cgi-bin/message/custom/typing?access_token=${await stableToken()}`, { touser: person, command }))
        .errcode;
    expect(await typing('Typing')).toBe(45080);
    await act({ do: 'text', text: '在吗' });
    expect(await typing('Typing')).toBe(0);
    expect(await typing('Typing')).toBe(45081);
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(true);
    expect(await typing('CancelTyping')).toBe(0);
    expect(trial.platform.ground.phone.person(person)?.companyTyping).toBe(false);
  });
});

describe('WeChat: tokens', () => {
  beforeEach(() => begin('plain'));

  it('are the same for every node until five minutes before their end', async () => {
    const first = await stableToken();
    expect(await stableToken()).toBe(first);
    trial.ahead = 7_200_000 - 299_000;
    expect(await stableToken()).not.toBe(first);
  });

  it('are made anew by force only every 30 seconds', async () => {
    const first = await stableToken();
    expect(await stableToken({ force_refresh: true })).not.toBe(first);
    expect(await stableToken({ force_refresh: true })).toBe('45011');
  });

  it('of the older kind end with the next call', async () => {
    const { appId, appSecret } = account();
    const old = async () => {
      const query = `grant_type=client_credential&appid=${appId}&secret=${appSecret}`;
      return ((await (await fetch(`${trial.api}/cgi-bin/token?${query}`)).json()) as { access_token: string })
        .access_token;
    };
    await act({ do: 'text', text: '在吗' });
    const first = await old();
    expect(await send(text('a'), first)).toBe(0);
    await old();
    expect(await send(text('a'), first)).toBe(40001);
  });

  it('are refused for another secret, and end when told', async () => {
    expect(await stableToken({ secret: 'x' })).toBe('40125');
    expect(await stableToken({ appid: 'wx1' })).toBe('40013');
    const token = await stableToken();
    await trial.control({ expireToken: { count: 1, path: 'custom/send' } });
    expect(await send(text('a'), token)).toBe(40001);
    expect(await stableToken()).not.toBe(token);
  });

  it('run out', async () => {
    const token = await stableToken();
    trial.ahead = 7_200_001;
    expect(await send(text('a'), token)).toBe(42001);
  });
});

describe('WeChat: media and templates', () => {
  beforeEach(() => begin('plain'));

  async function upload(
    type: string,
    bytes: Buffer,
    name = 'a.png',
    field = 'media',
  ): Promise<Record<string, unknown>> {
    const form = new FormData();
    form.set(field, new Blob([new Uint8Array(bytes)]), name);
    const url = `${trial.api}/cgi-bin/media/upload?access_token=${await stableToken()}&type=${type}`;
    return (await (await fetch(url, { method: 'POST', body: form })).json()) as Record<string, unknown>;
  }

  it('are uploaded, sent, and gone after three days', async () => {
    const { media_id } = await upload('image', pixel);
    await act({ do: 'text', text: '在吗' });
    expect(await send({ msgtype: 'image', image: { media_id } })).toBe(0);
    expect(trial.lastMessage(person).file).toMatchObject({ kind: 'image', contentType: 'image/png' });
    trial.ahead = 3 * 24 * 60 * 60_000 + 1_000;
    await act({ do: 'text', text: '还在吗' });
    expect(await send({ msgtype: 'image', image: { media_id } })).toBe(40007);
  });

  it.each([
    ['another type', 'sticker', pixel, 'a.png', 'media', 40004],
    ['another field', 'image', pixel, 'a.png', 'file', 41005],
    ['no extension', 'image', pixel, 'a', 'media', 40005],
    ['a picture as voice', 'voice', pixel, 'a.mp3', 'media', 40005],
    ['10 MB and a byte', 'image', Buffer.concat([pixel, Buffer.alloc(10_000_000)]), 'a.png', 'media', 40006],
  ])('are refused with %s', async (_what, type, bytes, name, field, code) => {
    expect((await upload(type, bytes, name, field)).errcode).toBe(code);
  });

  it('of customers are had by their id, and by the picture’s address', async () => {
    await fetch(`${trial.api.replace('/api', '')}/phone/people/${person}/files?as=image`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(pixel),
    });
    const { MsgType, MediaId, PicUrl } = xmlOf(await trial.delivered(1));
    expect(MsgType).toBe('image');
    const url = `${trial.api}/cgi-bin/media/get?access_token=${await stableToken()}&media_id=${MediaId}`;
    const got = await fetch(url);
    expect(got.headers.get('content-disposition')).toContain('.png');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pixel);
    expect((await fetch(String(PicUrl).replace('https://mmbiz.qpic.cn', trial.api))).status).toBe(200);
    await trial.control({ mediaGone: 1 });
    expect(await (await fetch(url)).json()).toMatchObject({ errcode: 40007 });
  });

  it('send templates outside every window, and report them', async () => {
    const template_id = account().templates[0]?.id;
    const path = `/cgi-bin/message/template/send?access_token=${await stableToken()}`;
    const data = { keyword1: { value: '王小雨' }, keyword2: { value: '书桌' }, remark: { value: '谢谢' } };
    expect(await post(path, { touser: person, template_id, data })).toMatchObject({ errcode: 0 });
    expect(trial.lastMessage(person).cards?.[0]).toMatchObject({ text: '收货人:王小雨\n商品:书桌\n谢谢' });
    expect(xmlOf(await trial.delivered(1))).toMatchObject({ Event: 'TEMPLATESENDJOBFINISH', Status: 'success' });
    expect((await post(path, { touser: person, template_id: 'x', data })).errcode).toBe(40037);
    expect((await post(path, { touser: person, template_id, data: {} })).errcode).toBe(47003);
  });
});

describe('WeChat: what the phone does', () => {
  beforeEach(() => begin('plain'));

  it('is delivered with a signed query and numbers beyond 2^53', async () => {
    await act({ do: 'text', text: '书桌 ]]> 多少钱' });
    const delivered = await trial.delivered(1);
    const { signature, timestamp = '', nonce = '', openid } = Object.fromEntries(delivered.url.searchParams);
    expect(signature).toBe(signatureOf(account().token, timestamp, nonce));
    expect(openid).toBe(person);
    expect(delivered.body.toString()).toMatch(/<MsgId>6\d{18}<\/MsgId>/);
    expect(xmlOf(delivered)).toMatchObject({
      ToUserName: account().originalId,
      FromUserName: person,
      CreateTime: expect.stringMatching(/^\d{10}$/),
      MsgType: 'text',
      Content: '书桌 ]]> 多少钱',
    });
    await expect.poll(() => trial.lastMessage(person).state).toBe('sent');
  });

  it('follows, clicks, scans and unfollows', async () => {
    await act({ do: 'unfollow' });
    await act({ do: 'follow' });
    await act({ do: 'menu', item: 'CATALOGUE' });
    await act({ do: 'menu', item: 'SCAN' });
    await trial.delivered(4);
    expect(trial.deliveries.map(xmlOf)).toMatchObject([
      { MsgType: 'event', Event: 'unsubscribe' },
      { Event: 'subscribe' },
      { Event: 'CLICK', EventKey: 'CATALOGUE' },
      { Event: 'SCAN', EventKey: 'shop-window' },
    ]);
    expect(trial.deliveries.map(xmlOf).some((fields) => 'MsgId' in fields)).toBe(false);
  });

  it('says latitude first', async () => {
    await act({ do: 'location', latitude: 31.2304, longitude: 121.4737, name: '外滩' });
    expect(xmlOf(await trial.delivered(1))).toMatchObject({
      Location_X: '31.2304',
      Location_Y: '121.4737',
      Label: '外滩',
    });
  });

  it('comes three times in all, and people are told that the account does not answer', async () => {
    trial.answer = () => ({ status: 500 });
    await act({ do: 'text', text: '在吗' });
    await trial.delivered(3);
    await expect
      .poll(() => trial.lastMessage(person))
      .toMatchObject({ by: 'system', text: '该公众号暂时无法提供服务,请稍后再试' });
    const ids = trial.deliveries.map((delivered) => xmlOf(delivered).MsgId);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['other words', 'ok'],
    ['people who are not swapped', reply({ ToUserName: 'x' })],
    ['milliseconds', reply({ CreateTime: 1_409_735_669_123 })],
  ])('is answered by nothing but success, nothing or a reply: %s', async (_what, body) => {
    trial.answer = ({ url }) => ({
      status: 200,
      body: body.replaceAll('GH', account().originalId).replaceAll('OPENID', url.searchParams.get('openid') ?? ''),
    });
    await act({ do: 'text', text: '在吗' });
    await expect.poll(() => trial.lastMessage(person).by).toBe('system');
  });

  it('shows a reply that comes in the answer', async () => {
    trial.answer = ({ url }) => ({
      status: 200,
      body: reply({})
        .replaceAll('GH', account().originalId)
        .replaceAll('OPENID', url.searchParams.get('openid') ?? ''),
    });
    await act({ do: 'text', text: '在吗' });
    await expect.poll(() => trial.lastMessage(person)).toMatchObject({ by: 'company', text: '您好' });
  });
});

describe('WeChat in safe mode', () => {
  beforeEach(() => begin('safe'));

  it('delivers nothing but the encrypted message', async () => {
    await act({ do: 'text', text: '在吗' });
    const delivered = await trial.delivered(1);
    expect(delivered.body.toString()).not.toContain('在吗');
    expect(opened(delivered)).toMatchObject({ FromUserName: person, Content: '在吗' });
  });

  it('takes an encrypted reply, and none that is not signed', async () => {
    const { encodingAESKey, appId, originalId, token } = account();
    const xml = reply({}).replaceAll('GH', originalId).replaceAll('OPENID', person);
    const Encrypt = encrypt(encodingAESKey, appId, xml, Buffer.alloc(16, 'r'));
    const signed = (MsgSignature: string) => toXml({ Encrypt, MsgSignature, TimeStamp: '1409735669', Nonce: 'n' });
    trial.answer = () => ({ status: 200, body: signed(signatureOf(token, '1409735669', 'n', Encrypt)) });
    await act({ do: 'text', text: '在吗' });
    await expect.poll(() => trial.lastMessage(person)).toMatchObject({ by: 'company', text: '您好' });
    trial.answer = () => ({ status: 200, body: signed('0'.repeat(40)) });
    await act({ do: 'text', text: '在吗' });
    await expect.poll(() => trial.lastMessage(person)).toMatchObject({ by: 'system', tag: 'MsgSignature is wrong' });
  });

  it('counts as connected only when echostr comes back', async () => {
    trial.answer = ({ url }) => ({ status: 200, body: url.searchParams.get('echostr') ?? '' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'connected' });
    const { signature, timestamp = '', nonce = '' } = Object.fromEntries((await trial.delivered(1)).url.searchParams);
    expect(signature).toBe(signatureOf(account().token, timestamp, nonce));
    trial.answer = () => ({ status: 200, body: 'success' });
    expect((await trial.ask('/phone/connect', {})).body).toMatchObject({ state: 'refused' });
  });
});

describe('WeChat’s cryptography', () => {
  beforeEach(() => begin('plain'));

  it('gives the published signature and ciphertext', () => {
    expect(signatureOf('spamtest', '1409735669', '1320562132')).toBe('16120ec1b8dbb870f510d87ce6bc2463eae6ca1a');
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    const encrypted = encrypt(key, 'wxb11529c136998cb6', '我是中文abcd123', Buffer.from('aaaabbbbccccdddd'));
    expect(encrypted).toBe('jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==');
    expect(decrypt(key, 'wxb11529c136998cb6', encrypted)).toBe('我是中文abcd123');
    expect(decrypt(key, 'wx0000000000000000', encrypted)).toBeUndefined();
  });

  it('pads by more than a cipher block', () => {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    expect(encrypt(key, 'wxb11529c136998cb6', '<xml/>', Buffer.from('aaaabbbbccccdddd'))).toBe(
      'jn1L23DB+6ELqJ+6bruv22e3n377ceGI0heUZRwjNtFVVfuiQCBZQOW4WKI5vnS5XYLjsPiDKYeU0C+m1q2KcQ==',
    );
  });
});

function reply(change: Record<string, string | number>): string {
  const fields = {
    ToUserName: 'OPENID',
    FromUserName: 'GH',
    CreateTime: 1_409_735_669,
    MsgType: 'text',
    Content: '您好',
  };
  return toXml({ ...fields, ...change });
}
