import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { parseXml, textNamed } from '../kit/xml.ts';
import { settings as schema, type WechatSettings } from './config.ts';
import { aesKeyOf, decrypt, encrypt } from './crypto.ts';
import { decode } from './decode.ts';
import { delivery } from './fixtures/deliveries.ts';
import { sample } from './fixtures/vectors.ts';
import { greet, verify } from './webhook.ts';

const safe = schema.parse({
  appId: sample.appId,
  appSecret: 'a secret',
  token: sample.token,
  encodingAESKey: sample.encodingAESKey,
  greeting: 'Hello ]]> & 你好',
});
const compatible: WechatSettings = { ...safe, mode: 'compatible' };
const plain: WechatSettings = { ...safe, mode: 'plain' };
const now = Number(sample.timestamp) * 1000 + 1_000;
const key = aesKeyOf(sample.encodingAESKey) ?? Buffer.alloc(0);
const text = delivery('<MsgType>text</MsgType><Content>hello</Content><MsgId>1</MsgId>');

const sha1 = (...parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex');

function request(query: Record<string, string>, body = '', method = 'POST'): WebhookRequest {
  return { method, path: '', query: new URLSearchParams(query), headers: {}, body: new TextEncoder().encode(body) };
}

/** A request signed as WeChat signs. */
function signed(
  body: string,
  more: Record<string, string> = {},
  token: string = sample.token,
  timestamp: string = sample.timestamp,
) {
  const { nonce } = sample;
  return request({ signature: sha1(token, timestamp, nonce), timestamp, nonce, ...more }, body);
}

function sealed(xml: string, appId: string = sample.appId, beside = ''): WebhookRequest {
  const encrypted = encrypt(xml, appId, key, Buffer.alloc(16, 'r'));
  const signature = sha1(sample.token, sample.timestamp, sample.nonce, encrypted);
  const body = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName>${beside}<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return signed(body, { encrypt_type: 'aes', msg_signature: signature, openid: 'o1' });
}

const payloadOf = (asked: WebhookRequest, settings = safe) => {
  const verdict = verify(asked, settings, now);
  return verdict.kind === 'delivery' ? verdict.payload : verdict;
};

describe('when the address is entered in the console', () => {
  const asked = (more: Record<string, string> = {}) => ({
    ...signed('', { echostr: '4375120948345356249', ...more }),
    method: 'GET',
  });

  it.each([safe, compatible, plain])('the echo is answered as it is, in every mode', (settings) => {
    expect(verify(asked(), settings, now)).toEqual({
      kind: 'answered',
      response: { status: 200, body: '4375120948345356249' },
    });
  });

  it.each([
    ['a wrong signature', asked({ signature: sample.msgSignature }), 401],
    ['no signature', asked({ signature: '' }), 401],
    ['no echo', asked({ echostr: '' }), 400],
    ['an endless echo', asked({ echostr: 'x'.repeat(201) }), 400],
    ['another method', { ...asked(), method: 'PUT' }, 405],
  ])('%s is refused', (_, wrong, status) => {
    expect(verify(wrong, safe, now)).toMatchObject({ kind: 'refused', status });
  });
});

describe('an encrypted message', () => {
  it("is the platform's published sample", () => {
    const body = `<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[${sample.encrypted}]]></Encrypt></xml>`;
    const { signature, timestamp, nonce } = sample;
    const verdict = verify(
      request({ signature, timestamp, nonce, msg_signature: sample.msgSignature }, body),
      safe,
      now,
    );
    if (verdict.kind !== 'delivery') throw new Error(JSON.stringify(verdict));
    expect(verdict.response).toEqual({ status: 200, body: 'success' });
    expect(decode(verdict.payload, safe)).toMatchObject([
      { externalId: sample.msgId, from: { id: sample.openid }, content: { text: sample.content } },
    ]);
  });

  it.each([safe, compatible])('says what was encrypted, and nothing of what stands beside it', (settings) => {
    const beside = '<FromUserName>oForged</FromUserName><MsgType>text</MsgType><Content>forged</Content>';
    const payload = payloadOf(sealed(text, sample.appId, beside), settings);
    expect(payload).toEqual({ xml: text, encrypted: true });
  });

  it('may hold what looks like a document type', () => {
    const payload = payloadOf(sealed(text.replace('hello', '<![CDATA[<!DOCTYPE html>]]>')));
    expect(decode(payload, safe)).toMatchObject([{ content: { text: '<!DOCTYPE html>' } }]);
  });

  const spoilt = (name: string, value: string) => {
    const asked = sealed(text);
    asked.query.set(name, value);
    return asked;
  };
  const bytes = (body: Uint8Array): WebhookRequest => ({ ...sealed(text), body });
  it.each([
    ['with a wrong signature', spoilt('signature', sample.msgSignature)],
    ['with a wrong msg_signature', spoilt('msg_signature', sample.signature)],
    ['without msg_signature', spoilt('msg_signature', '')],
    ['at another time than signed', spoilt('timestamp', '1409735670')],
    ['with another nonce than signed', spoilt('nonce', '1')],
    ['that is plain', signed(text)],
    ['that is plain, with a signature of its own over nothing', signed(text, { msg_signature: sample.signature })],
    ['for another account', sealed(text, 'wxb11529c136998cb6')],
    ['without a body', bytes(new Uint8Array())],
    ['that is no XML', bytes(new TextEncoder().encode('success'))],
    ['that is no UTF-8', bytes(Uint8Array.of(0x3c, 0xff, 0xfe))],
    ['with a document type', bytes(new TextEncoder().encode('<!DOCTYPE a []><xml><Encrypt>x</Encrypt></xml>'))],
  ])('%s is refused', (_, asked) => {
    expect(payloadOf(asked)).toMatchObject({ kind: 'refused' });
  });

  it('with a parameter given twice is refused', () => {
    const asked = sealed(text);
    asked.query.append('signature', 'x');
    expect(payloadOf(asked)).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('whose ciphertext changed by a byte is refused', () => {
    const asked = sealed(text);
    const body = new TextDecoder().decode(asked.body);
    const at = body.indexOf('<Encrypt><![CDATA[') + 30;
    const changed = body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1);
    expect(payloadOf({ ...asked, body: new TextEncoder().encode(changed) })).toMatchObject({ status: 401 });
  });

  it('is refused while the channel has no key or another one', () => {
    const { encodingAESKey: _, ...without } = safe;
    expect(payloadOf(sealed(text), without)).toMatchObject({ status: 401 });
    expect(payloadOf(sealed(text), { ...safe, encodingAESKey: 'z'.repeat(43) })).toMatchObject({ status: 401 });
  });
});

describe('a plain message', () => {
  it('is taken in plain mode only', () => {
    expect(payloadOf(signed(text), plain)).toEqual({ xml: text, encrypted: false });
    for (const settings of [safe, compatible]) expect(payloadOf(signed(text), settings)).toMatchObject({ status: 401 });
  });

  it('is refused when nobody entered a token, though it was signed with none', () => {
    for (const token of ['', ' ']) {
      expect(payloadOf(signed(text, {}, token), { ...plain, token })).toMatchObject({ status: 401 });
    }
  });
});

describe('a request signed', () => {
  const at = (seconds: number) => verify(signed(text), plain, (Number(sample.timestamp) + seconds) * 1000).kind;

  it('up to five minutes ago is taken, an older one is a copy', () => {
    expect(at(0)).toBe('delivery');
    expect(at(300)).toBe('delivery');
    expect(at(301)).toBe('refused');
    expect(at(-300)).toBe('delivery');
    expect(at(-301)).toBe('refused');
  });

  it.each(['', 'now', '-1', '1e9', '1409735669.5', '99999999999999999999'])('at %j is refused', (timestamp) => {
    expect(verify(signed(text, {}, sample.token, timestamp), plain, now).kind).toBe('refused');
  });
});

describe('the greeting', () => {
  const greeted = (xml: string, encrypted: boolean, settings = safe) => greet({ xml, encrypted }, settings, now);

  it('answers a plain message from the account to its sender, in seconds', () => {
    const found = greeted(text, false);
    expect(found?.text).toBe(safe.greeting);
    expect(found?.response).toMatchObject({ status: 200, contentType: 'application/xml; charset=utf-8' });
    const reply = parseXml(found?.response.body ?? '');
    expect(textNamed(reply, 'ToUserName')).toBe(sample.openid);
    expect(textNamed(reply, 'FromUserName')).toBe('gh_10f6c3c3ac5a');
    expect(textNamed(reply, 'CreateTime')).toBe('1409735670');
    expect(textNamed(reply, 'MsgType')).toBe('text');
    expect(textNamed(reply, 'Content')).toBe(safe.greeting);
  });

  it('is encrypted and signed where the message was encrypted', () => {
    const reply = parseXml(greeted(text, true)?.response.body ?? '');
    const encrypted = textNamed(reply, 'Encrypt') ?? '';
    const timestamp = textNamed(reply, 'TimeStamp') ?? '';
    const nonce = textNamed(reply, 'Nonce') ?? '';
    expect(timestamp).toBe('1409735670');
    expect(textNamed(reply, 'MsgSignature')).toBe(sha1(sample.token, timestamp, nonce, encrypted));
    const opened = decrypt(encrypted, key);
    expect(opened?.appId).toBe(sample.appId);
    expect(textNamed(parseXml(opened?.text ?? ''), 'Content')).toBe(safe.greeting);
  });

  it('is encrypted otherwise for every message', () => {
    const other = text.replace('>1<', '>2<');
    const nonceOf = (xml: string) => textNamed(parseXml(greeted(xml, true)?.response.body ?? ''), 'Nonce');
    expect(nonceOf(other)).not.toBe(nonceOf(text));
  });

  it('is not given to events, nor when there is none, nor where it cannot be encrypted', () => {
    const { greeting: _, ...silent } = safe;
    const { encodingAESKey: __, ...keyless } = safe;
    expect(greeted(delivery('<MsgType>event</MsgType><Event>subscribe</Event>'), false)).toBeUndefined();
    expect(greeted(text, false, silent)).toBeUndefined();
    expect(greeted(text, false, { ...safe, greeting: '' })).toBeUndefined();
    expect(greeted(text, true, keyless)).toBeUndefined();
    expect(greeted('<xml/>', false)).toBeUndefined();
  });
});
