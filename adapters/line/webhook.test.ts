import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { verify } from './webhook.ts';

const request = (body: string | Uint8Array, signature: string | undefined, method = 'POST'): WebhookRequest => ({
  method,
  path: '',
  query: new URLSearchParams(),
  headers: { 'x-line-signature': signature },
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
});
const judge = (secret: string, body: string, signature: string | undefined, method?: string) =>
  verify(request(body, signature, method), { channelSecret: secret, groups: 'ignored' }, 0);

describe("LINE's signature", () => {
  // Published: LINE's SDKs. The last two are of one text, as it came and as it looks when parsed and written anew.
  it.each([
    ['test_secret', '{"hello":"world"}', 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM='],
    ['SECRET', '{}', '3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA='],
    ['test_secret', '{"hello":"\\u4e16\\u754c 🍎"}', 'OF8TyDuG2tRVZrPc7bTPdrmi+ZVL0cUkjboFPSiJw7M='],
    ['test_secret', '{"hello":"世界 🍎"}', 'NOKYdtRE3ojs/7vQQLU1Ua6V+v7A/yKH9cCNbVqC8Kc='],
  ])('of %s over %s is taken', (secret, body, signature) => {
    expect(judge(secret, body, signature)).toEqual({
      kind: 'delivery',
      payload: JSON.parse(body),
      response: { status: 200 },
    });
  });

  it('of the text written anew does not fit the text as it came', () => {
    const verdict = judge(
      'test_secret',
      '{"hello":"\\u4e16\\u754c 🍎"}',
      'NOKYdtRE3ojs/7vQQLU1Ua6V+v7A/yKH9cCNbVqC8Kc=',
    );
    expect(verdict).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('missing or wrong is refused with a reason that helps and tells nothing secret', () => {
    const missing = judge('test_secret', '{}', undefined);
    expect(missing).toMatchObject({ kind: 'refused', status: 401, reason: 'there is no x-line-signature header' });
    const wrong = judge('test_secret', '{}', '3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA=');
    expect(wrong).toMatchObject({ kind: 'refused', reason: expect.stringContaining('channel secret') });
    expect(JSON.stringify([missing, wrong])).not.toContain('test_secret');
  });

  it('of a GET, or of what is no JSON object, does not help', () => {
    expect(judge('SECRET', '{}', '3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA=', 'GET')).toMatchObject({ status: 405 });
    const list = createHmac('sha256', 'SECRET').update('[]').digest('base64');
    expect(judge('SECRET', '[]', list)).toMatchObject({ kind: 'refused', status: 400 });
  });
});
