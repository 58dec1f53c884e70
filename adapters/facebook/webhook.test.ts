import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { settings } from './fixtures/settings.ts';
import { maxBytes, verify } from './webhook.ts';

const request = (body: Uint8Array, signature: string): WebhookRequest => ({
  method: 'POST',
  path: '',
  query: new URLSearchParams(),
  headers: { 'x-hub-signature-256': signature },
  body,
});

describe("Messenger's webhook", () => {
  const body = Buffer.from(
    String.raw`{"object":"page","entry":[{"id":"102","time":1,"messaging":[{"sender":{"id":"7"},"recipient":{"id":"102"},"timestamp":1,"message":{"mid":"m_1","text":"\u00e4\u00f6\u00e5 a\u0040b.co \ud83d\ude00 https:\/\/x.io"}}]}]}`,
  );
  const signature = 'sha256=c9ba15ec06ad813e32cfaf384199773153dfcf5fd883f9e8aa6a7b090f8e33f0';

  it('takes the published vector, of 216 bytes', () => {
    expect(body).toHaveLength(216);
    expect(verify(request(body, signature), settings)).toMatchObject({
      kind: 'delivery',
      payload: { object: 'page', entry: [{ messaging: [{ message: { text: 'äöå a@b.co 😀 https://x.io' } }] }] },
    });
  });

  it('refuses it with any one byte changed', () => {
    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verify(request(changed, signature), settings).kind).toBe('refused');
    }
  });

  it('answers the challenge with the verify token of the settings', () => {
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.challenge': '42',
      'hub.verify_token': settings.verifyToken,
    });
    const asked = { method: 'GET', path: '', query, headers: {}, body: new Uint8Array() };
    expect(verify(asked, settings)).toEqual({ kind: 'answered', response: { status: 200, body: '42' } });
    expect(verify(asked, { ...settings, verifyToken: 'other' })).toMatchObject({ kind: 'refused', status: 403 });
  });

  it('reads the largest delivery within a second', () => {
    const event = JSON.stringify({
      sender: { id: '7' },
      recipient: { id: '102' },
      timestamp: 1,
      message: { mid: 'm', text: 'x' },
    });
    const many = Array.from({ length: Math.floor(maxBytes / (event.length + 1)) - 1 }, () => event).join(',');
    const large = Buffer.from(`{"object":"page","entry":[{"id":"102","time":1,"messaging":[${many}]}]}`);
    const digest = createHmac('sha256', settings.appSecret).update(large).digest('hex');
    const started = performance.now();
    expect(verify(request(large, `sha256=${digest}`), settings).kind).toBe('delivery');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
