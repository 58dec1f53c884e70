import { describe, expect, it } from 'vitest';
import type { WebhookRequest } from '../contract/index.ts';
import { hmac } from '../kit/signature.ts';
import { settingsOf } from './fixtures/settings.ts';
import { verify } from './webhook.ts';

const settings = settingsOf();
const empty = '{"for_user_id":"4337869213","direct_message_events":[]}';

function post(body: string | Uint8Array, signature?: string): WebhookRequest {
  return {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    headers: signature === undefined ? {} : { 'x-twitter-webhooks-signature': signature },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

const get = (query: string): WebhookRequest => ({
  method: 'GET',
  path: '',
  query: new URLSearchParams(query),
  headers: {},
  body: new Uint8Array(),
});

const sign = (body: string | Uint8Array, secret = 'test_consumer_secret') =>
  `sha256=${hmac('sha256', secret, body, 'base64')}`;

describe('the challenge', () => {
  it('is answered with its signature', () => {
    expect(verify(get('crc_token=challenge_string'), settings)).toEqual({
      kind: 'answered',
      response: {
        status: 200,
        contentType: 'application/json; charset=utf-8',
        body: '{"response_token":"sha256=583uAmerwtjpykYEAEm+CEIRm6dOywK4QKRr0ha/Pd4="}',
      },
    });
  });

  it.each([[''], ['crc_token='], ['token=x'], [`crc_token=${'x'.repeat(501)}`]])(
    'is refused when it is %j',
    (query) => {
      expect(verify(get(query), settings)).toMatchObject({ kind: 'refused', status: 400 });
    },
  );

  it('never signs what could be the body of a delivery', () => {
    for (const body of [empty, ` ${empty}`, '{}', '[1]', `"${empty}"`]) {
      const verdict = verify(get(`crc_token=${encodeURIComponent(body)}`), settings);
      expect(verdict).toMatchObject({ kind: 'refused', status: 400 });
    }
  });

  it('is refused where no secret is set', () => {
    expect(verify(get('crc_token=x'), { ...settings, consumerSecret: ' ' })).toMatchObject({ kind: 'refused' });
  });
});

describe('a delivery', () => {
  it('is genuine with the signature of its bytes', () => {
    expect(verify(post(empty, 'sha256=62uSzi0ITsKqyj5ZDmb8qN7BOCF3cOEmF4n/++nCpFE='), settings)).toEqual({
      kind: 'delivery',
      payload: { for_user_id: '4337869213', direct_message_events: [] },
      response: { status: 200 },
    });
  });

  it('keeps every digit of numbers beyond 2^53', () => {
    const body = '{"for_user_id":4337869213,"direct_message_events":[{"id":954491830116155397}]}';
    expect(verify(post(body, sign(body)), settings)).toMatchObject({
      payload: { for_user_id: 4337869213, direct_message_events: [{ id: '954491830116155397' }] },
    });
  });

  it.each([
    ['a byte changed', post(`${empty} `, sign(empty))],
    ['no signature', post(empty)],
    ['a signature without its algorithm', post(empty, sign(empty).slice(7))],
    ['another algorithm', post(empty, sign(empty).replace('sha256', 'sha1'))],
    ['the signature of another secret', post(empty, sign(empty, 'other'))],
    ['a blank signature', post(empty, 'sha256=')],
    ['the signature cut short', post(empty, sign(empty).slice(0, -1))],
  ])('with %s is refused', (_what, request) => {
    expect(verify(request, settings)).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('is refused where the secret is blank, even with a blank secret’s signature', () => {
    const request = post(empty, sign(empty, ''));
    expect(verify(request, { ...settings, consumerSecret: '' })).toMatchObject({ kind: 'refused', status: 401 });
  });

  it.each([
    ['no JSON', Buffer.from('for_user_id=1')],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['nested endlessly', Buffer.from(`${'[['.repeat(200_000)}`)],
  ])('that is %s is refused although it is signed', (_what, body) => {
    expect(verify(post(body, sign(body)), settings)).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('by another method is refused', () => {
    expect(verify({ ...post(empty), method: 'PUT' }, settings)).toMatchObject({ kind: 'refused', status: 405 });
  });
});
