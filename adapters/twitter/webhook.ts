import type { WebhookRequest, WebhookVerdict } from '../contract/index.ts';
import { parseJson } from '../kit/json.ts';
import { hmac, isSigned } from '../kit/signature.ts';
import type { TwitterSettings } from './config.ts';

/** Deliveries hold few events; X names no limit. Bytes. */
export const maxBytes = 1_000_000;

/**
 * Characters of a challenge. The same key signs challenges and deliveries, so a challenge is never a text that could
 * be a delivery's body: without this, whoever asks for a challenge `{"for_user_id":…}` would get its signature.
 */
const challenge = /^[\w.~+/=-]{1,500}$/;

/**
 * Answer X's challenge (CRC, within 10 s) and check the signature of a delivery: both HMAC-SHA256 with the consumer
 * secret, the latter over the raw bytes. Source: docs.x.com, Webhooks API.
 */
export function verify(request: WebhookRequest, settings: TwitterSettings): WebhookVerdict {
  if (request.method === 'GET') return answerChallenge(request, settings);
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: `method ${request.method}` };
  const header = request.headers['x-twitter-webhooks-signature'];
  if (header === undefined) return { kind: 'refused', status: 401, reason: 'no x-twitter-webhooks-signature header' };
  const claimed = header.startsWith('sha256=') ? header.slice('sha256='.length) : undefined;
  if (!isSigned({ algorithm: 'sha256', encoding: 'base64' }, settings.consumerSecret, request.body, claimed)) {
    return {
      kind: 'refused',
      status: 401,
      reason: 'the signature does not match: is it the consumer secret of this app?',
    };
  }
  const payload = parseJson(request.body);
  if (payload === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON' };
  return { kind: 'delivery', payload, response: { status: 200 } };
}

function answerChallenge(request: WebhookRequest, settings: TwitterSettings): WebhookVerdict {
  const token = request.query.get('crc_token');
  if (token === null || !challenge.test(token)) {
    return { kind: 'refused', status: 400, reason: 'no readable crc_token' };
  }
  if (settings.consumerSecret.trim() === '')
    return { kind: 'refused', status: 403, reason: 'no consumer secret is set' };
  const answer = { response_token: `sha256=${hmac('sha256', settings.consumerSecret, token, 'base64')}` };
  return {
    kind: 'answered',
    response: { status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(answer) },
  };
}
