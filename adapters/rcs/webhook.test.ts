import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { authorisation, httpDate } from './codecs/china-mobile/auth.ts';
import { inbound } from './fixtures/china-mobile.ts';
import { deliveries, envelope } from './fixtures/google-rbm.ts';
import { chatbotURI, chinaMobile, googleRbm, gsmaMaap, telecomUnicom } from './fixtures/settings.ts';
import { verify } from './webhook.ts';

const now = 1_790_000_000_000;

function request(fields: {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}): WebhookRequest {
  const { path = '', method = 'POST', headers = {}, body = '' } = fields;
  return { method, path, query: new URLSearchParams(), headers, body: new TextEncoder().encode(body) };
}

describe('a request of Google RBM', () => {
  // From the platform's documentation.
  const data =
    'eyJzZW5kZXJQaG9uZU51bWJlciI6IisxMjIyMzMzNDQ0NCIsIm1lc3NhZ2VJZCI6Im1zZzAwMDk5OTg4ODc3N2EiLCJzZW5kVGltZSI6IjIwMTgtMTItMzFUMTU6MDE6MjMuMDQ1MTIzNDU2WiIsInRleHQiOiJIZWxsbyIsImFnZW50SWQiOiJncm93aW5nLXRyZWUtYmFua0ByYm0uZ29vZyJ9';
  const signature = 'o5FzljMdiAl1njZi36DI7NXos1+/3IU16vBAdZTu7UW1FxCcRM9QIlZ9SvSt8n11xrZAUdm3E/wDDgaeuBltKA==';
  const genuine = request({
    headers: { 'x-goog-signature': signature },
    body: JSON.stringify({ message: { data, messageId: '1' }, subscription: 's' }),
  });

  it('is genuine by HMAC-SHA512 over the decoded data, and answered 200', () => {
    const verdict = verify(genuine, googleRbm, now);
    expect(verdict).toEqual({
      kind: 'delivery',
      payload: { data: deliveries[0]?.body, receivedAt: now },
      response: { status: 200 },
    });
  });

  it('is refused when the body was signed instead of the data', () => {
    const body = JSON.stringify(envelope(deliveries[0]?.body));
    const overBody = createHmac('sha512', googleRbm.clientToken).update(body).digest('base64');
    expect(verify(request({ headers: { 'x-goog-signature': overBody }, body }), googleRbm, now)).toMatchObject({
      kind: 'refused',
      status: 401,
    });
  });

  it.each([
    ['another token', genuine, { ...googleRbm, clientToken: 'another' }, 401],
    ['a blank token', genuine, { ...googleRbm, clientToken: '' }, 401],
    ['no signature', { ...genuine, headers: {} }, googleRbm, 401],
    ['an empty signature', { ...genuine, headers: { 'x-goog-signature': '' } }, googleRbm, 401],
    [
      'a body that is no JSON',
      request({ headers: genuine.headers as Record<string, string>, body: 'x' }),
      googleRbm,
      400,
    ],
    ['neither data nor handshake', request({ body: '{}' }), googleRbm, 400],
    ['another method', { ...genuine, method: 'GET' }, googleRbm, 405],
  ])('with %s is refused', (_, asked, settings, status) => {
    expect(verify(asked, settings, now)).toMatchObject({ kind: 'refused', status });
  });

  it('that shakes hands gets the secret as plain text', () => {
    const body = JSON.stringify({ clientToken: googleRbm.clientToken, secret: '1234567890' });
    expect(verify(request({ body }), googleRbm, now)).toEqual({
      kind: 'answered',
      response: { status: 200, body: '1234567890' },
    });
  });

  it.each([
    ['another token', { clientToken: 'guess', secret: '1' }, 403],
    ['no token', { secret: '1' }, 403],
    ['no secret', { clientToken: googleRbm.clientToken }, 400],
    ['a secret that is markup over lines', { clientToken: googleRbm.clientToken, secret: 'a\r\nb' }, 400],
  ])('that shakes hands with %s is refused', (_, asked, status) => {
    expect(verify(request({ body: JSON.stringify(asked) }), googleRbm, now)).toMatchObject({ kind: 'refused', status });
  });
});

describe('a request of China Mobile', () => {
  const path = `/${chinaMobile.callbackSecret}/InboundMessageNotification/${encodeURIComponent(chatbotURI)}`;
  const body = inbound({ bodyText: '你好' });

  it('is known by the secret in its path', () => {
    expect(verify(request({ path, body }), chinaMobile, now)).toEqual({
      kind: 'delivery',
      payload: { rest: ['InboundMessageNotification', chatbotURI], xml: body, receivedAt: now },
      response: { status: 200 },
    });
  });

  it('about a file brings along what the audit said', () => {
    const headers = { tid: 't-1', authstatus: '0' };
    expect(
      verify(request({ path: `/${chinaMobile.callbackSecret}/x`, headers, body: '' }), chinaMobile, now),
    ).toMatchObject({
      payload: { tid: 't-1', authStatus: '0' },
    });
  });

  it('that only looks whether anybody is there is answered', () => {
    expect(verify(request({ path, method: 'HEAD' }), chinaMobile, now)).toEqual({
      kind: 'answered',
      response: { status: 200 },
    });
  });

  it.each([
    ['without the secret', '/InboundMessageNotification/x'],
    ['with nothing', ''],
    ['with another secret', '/k3Jf9sLq0ZxYv71b-Hd3/InboundMessageNotification/x'],
    ['with a secret that goes on', `/${chinaMobile.callbackSecret}x/InboundMessageNotification/x`],
    ['with the secret in the wrong place', `/x/${chinaMobile.callbackSecret}`],
    ['with a secret badly escaped', '/%E0%A4%A/InboundMessageNotification'],
  ])('%s is refused, and the reason names no secret', (_, wrong) => {
    const verdict = verify(request({ path: wrong, body }), chinaMobile, now);
    expect(verdict).toMatchObject({ kind: 'refused', status: 403 });
    expect(JSON.stringify(verdict)).not.toContain(chinaMobile.callbackSecret);
  });

  it('that is no UTF-8 is refused', () => {
    const bytes = Uint8Array.of(0x3c, 0xff, 0xfe);
    expect(verify({ ...request({ path }), body: bytes }, chinaMobile, now)).toMatchObject({
      kind: 'refused',
      status: 400,
    });
  });

  it('to China Mobile carries the digest of third-party clients, over the Date it sends', () => {
    expect(authorisation('1001', '123456', 'Thu, 11 Jul 2015 15:33:24 GMT')).toBe(
      'Basic MTAwMTo0ZWQzZmVlY2U2N2I0MTgwYzgwZWUxYTg1ZDE0ZTI1YjhmODEyZDI0NTJlZGYyMzVlOTQ2NDhkNTkwZTU1YjRj',
    );
    expect(httpDate(Date.UTC(2026, 6, 15, 9, 5, 7))).toBe('Wed, 15 Jul 2026 09:05:07 GMT');
  });
});

describe('a request of China Telecom or China Unicom', () => {
  const path = `/${telecomUnicom.callbackSecret}/messages`;
  const withToken = { ...telecomUnicom, callbackToken: 'call-back-token' };
  const headers = { timestamp: '1790000000', nonce: 'n-1' };
  const signature = createHash('sha256').update('call-back-token1790000000n-1').digest('hex');

  it('is known by the secret in its path, and gets the app id back', () => {
    expect(verify(request({ path, body: '{"messageList":[]}' }), telecomUnicom, now)).toEqual({
      kind: 'delivery',
      payload: { body: { messageList: [] }, receivedAt: now },
      response: { status: 200, headers: { appId: telecomUnicom.appId } },
    });
  });

  it('must be signed as well where a token for that is set', () => {
    const body = '{"messageList":[]}';
    const signed = request({ path, body, headers: { ...headers, signature } });
    expect(verify(signed, withToken, now).kind).toBe('delivery');
    expect(
      verify(request({ path, body, headers: { ...headers, signature: signature.toUpperCase() } }), withToken, now).kind,
    ).toBe('delivery');
    expect(verify(request({ path, body, headers }), withToken, now)).toMatchObject({ kind: 'refused', status: 401 });
    expect(verify(request({ path, body, headers: { ...headers, nonce: 'n-2', signature } }), withToken, now).kind).toBe(
      'refused',
    );
    expect(verify({ ...signed, path: '/messages' }, withToken, now)).toMatchObject({ kind: 'refused', status: 403 });
  });

  it('that checks the address gets echoStr and the app id back', () => {
    const asked = request({ path, method: 'GET', headers: { ...headers, signature, echostr: 'Zm95ZXI' } });
    expect(verify(asked, withToken, now)).toEqual({
      kind: 'answered',
      response: { status: 200, headers: { echoStr: 'Zm95ZXI', appId: telecomUnicom.appId }, body: 'Zm95ZXI' },
    });
    expect(verify(request({ path, headers: { echostr: 'a b\u0007' } }), telecomUnicom, now)).toMatchObject({
      status: 400,
    });
  });

  it.each([
    ['another method', request({ path, method: 'PUT', body: '{}' }), 405],
    ['a body that is no JSON', request({ path, body: '<xml/>' }), 400],
    ['the wrong secret', request({ path: '/guess', body: '{}' }), 403],
  ])('with %s is refused', (_, asked, status) => {
    expect(verify(asked, telecomUnicom, now)).toMatchObject({ kind: 'refused', status });
  });
});

describe('a request of a MaaP platform', () => {
  const path = `/${gsmaMaap.callbackSecret}`;

  it('is known by the secret in its path', () => {
    expect(verify(request({ path, body: '{"event":"message"}' }), gsmaMaap, now)).toMatchObject({
      kind: 'delivery',
      payload: { body: { event: 'message' } },
      response: { status: 200, body: '{"status":"ok"}' },
    });
  });

  it.each([
    ['another method', request({ path, method: 'GET' }), 405],
    ['a body that is no JSON', request({ path, body: '{' }), 400],
    ['the wrong secret', request({ path: '/guess', body: '{}' }), 403],
  ])('with %s is refused', (_, asked, status) => {
    expect(verify(asked, gsmaMaap, now)).toMatchObject({ kind: 'refused', status });
  });
});
