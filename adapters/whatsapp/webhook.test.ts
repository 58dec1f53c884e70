import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { decode } from './decode.ts';
import { settings } from './fixtures/settings.ts';
import { maxBytes, verify } from './webhook.ts';

const request = (body: Uint8Array, signature: string): WebhookRequest => ({
  method: 'POST',
  path: '',
  query: new URLSearchParams(),
  headers: { 'x-hub-signature-256': signature },
  body,
});

describe("WhatsApp's webhook", () => {
  const body = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');
  const signature = 'sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756';

  it('takes the published vector', () => {
    expect(verify(request(body, signature), settings)).toEqual({
      kind: 'delivery',
      payload: { object: 'whatsapp_business_account', entry: [] },
      response: { status: 200, body: 'EVENT_RECEIVED' },
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

  it('reads and decodes 3 MB of messages within a second', () => {
    const message = { from: '16505551234', id: 'wamid.1', timestamp: '1790000000', type: 'text', text: { body: 'x' } };
    const messages = Array.from(
      { length: Math.floor(3_000_000 / (JSON.stringify(message).length + 1)) },
      () => message,
    );
    const value = { metadata: { phone_number_id: settings.phoneNumberId }, messages };
    const large = Buffer.from(
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
      }),
    );
    expect(large.length).toBeLessThan(maxBytes);
    const digest = createHmac('sha256', settings.appSecret).update(large).digest('hex');
    const started = performance.now();
    const verdict = verify(request(large, `sha256=${digest}`), settings);
    expect(decode(verdict.kind === 'delivery' ? verdict.payload : undefined, settings)).toHaveLength(messages.length);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
