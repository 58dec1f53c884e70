import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { verifyMeta } from './meta-webhook.ts';

const secrets = { appSecret: 'test_app_secret', verifyToken: 'chosen by hand' };

const vectors = [
  {
    title: "Meta's escaped wire form",
    body: String.raw`{"object":"page","entry":[{"id":"102","time":1,"messaging":[{"sender":{"id":"7"},"recipient":{"id":"102"},"timestamp":1,"message":{"mid":"m_1","text":"\u00e4\u00f6\u00e5 a\u0040b.co \ud83d\ude00 https:\/\/x.io"}}]}]}`,
    digest: 'c9ba15ec06ad813e32cfaf384199773153dfcf5fd883f9e8aa6a7b090f8e33f0',
  },
  {
    title: 'an empty delivery of WhatsApp',
    body: '{"object":"whatsapp_business_account","entry":[]}',
    digest: 'dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756',
  },
];

const post = (body: string | Uint8Array, signature: string | undefined): WebhookRequest => ({
  method: 'POST',
  path: '',
  query: new URLSearchParams(),
  headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
  body: typeof body === 'string' ? Buffer.from(body) : body,
});
const get = (query: Record<string, string>): WebhookRequest => ({
  method: 'GET',
  path: '',
  query: new URLSearchParams(query),
  headers: {},
  body: new Uint8Array(),
});

describe('a call by Meta', () => {
  it.each(vectors)('with a published signature is genuine: $title', ({ body, digest }) => {
    expect(verifyMeta(post(body, `sha256=${digest}`), secrets)).toEqual({
      kind: 'delivery',
      payload: JSON.parse(body),
      response: { status: 200, body: 'EVENT_RECEIVED' },
    });
  });

  it('is checked over the bytes that came, not over what they say', () => {
    const [{ body = '', digest = '' } = {}] = vectors;
    const again = JSON.stringify(JSON.parse(body));
    expect(createHmac('sha256', secrets.appSecret).update(again).digest('hex')).toBe(
      '4685c07d260283b7e15f2f79a18d5d7289d0d61c9583f2ab7bf9ceabc2719d0d',
    );
    expect(verifyMeta(post(again, `sha256=${digest}`), secrets)).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('with one byte changed, another secret, or a header that is not its own is refused', () => {
    const [{ body = '', digest = '' } = {}] = vectors;
    const sha1 = createHmac('sha1', secrets.appSecret).update(body).digest('hex');
    const spoilt: [WebhookRequest, typeof secrets][] = [
      [post(body.replace('m_1', 'm_2'), `sha256=${digest}`), secrets],
      [post(body, `sha256=${digest}`), { ...secrets, appSecret: 'another' }],
      [post(body, undefined), secrets],
      [post(body, ''), secrets],
      [post(body, digest), secrets],
      [post(body, `sha256=${digest.toUpperCase()}`), secrets],
      [post(body, `sha256=${digest.slice(1)}`), secrets],
      [post(body, `sha256=${digest}0`), secrets],
      [post(body, `sha256=${digest}, sha256=${digest}`), secrets],
      [post(body, `sha1=${sha1}`), secrets],
      [{ ...post(body, undefined), headers: { 'x-hub-signature': `sha1=${sha1}` } }, secrets],
    ];
    for (const [request, known] of spoilt) {
      expect(verifyMeta(request, known)).toMatchObject({ kind: 'refused', status: 401 });
    }
  });

  it('is never genuine while the secret is blank', () => {
    for (const appSecret of ['', ' ']) {
      const digest = createHmac('sha256', appSecret).update('{}').digest('hex');
      expect(verifyMeta(post('{}', `sha256=${digest}`), { ...secrets, appSecret }).kind).toBe('refused');
    }
  });

  it('genuine but no JSON is refused as such', () => {
    for (const body of ['', '{', '\u0000', Buffer.from([0x7b, 0xff, 0x7d]), '['.repeat(100_000)]) {
      const digest = createHmac('sha256', secrets.appSecret).update(body).digest('hex');
      expect(verifyMeta(post(body, `sha256=${digest}`), secrets)).toMatchObject({ kind: 'refused', status: 400 });
    }
  });

  it('of another method is refused', () => {
    expect(verifyMeta({ ...post('{}', undefined), method: 'PUT' }, secrets)).toMatchObject({ status: 405 });
  });
});

describe('the challenge', () => {
  const right = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'chosen by hand' };

  it('is answered exactly when the token is ours', () => {
    expect(verifyMeta(get(right), secrets)).toEqual({
      kind: 'answered',
      response: { status: 200, body: '1158201444' },
    });
  });

  it.each([
    { 'hub.verify_token': 'another' },
    { 'hub.verify_token': '' },
    { 'hub.mode': 'unsubscribe' },
    { 'hub.mode': '' },
  ])('is refused with %o', (changed) => {
    expect(verifyMeta(get({ ...right, ...changed }), secrets)).toMatchObject({ kind: 'refused', status: 403 });
  });

  it('is refused without its fields, and with a blank token of ours', () => {
    expect(verifyMeta(get({}), secrets)).toMatchObject({ kind: 'refused', status: 403 });
    const { 'hub.challenge': _, ...without } = right;
    expect(verifyMeta(get(without), secrets)).toMatchObject({ kind: 'refused', status: 403 });
    expect(verifyMeta(get({ ...right, 'hub.verify_token': '' }), { ...secrets, verifyToken: '' }).kind).toBe('refused');
  });
});
