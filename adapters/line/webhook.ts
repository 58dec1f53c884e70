import type { WebhookAdapter } from '../contract/index.ts';
import { asRecord, isSigned, parseJson } from '../kit/index.ts';
import type { LineSettings } from './config.ts';

/**
 * Verifies `x-line-signature`, base64 of the HMAC-SHA256 of the raw body with the channel secret. LINE signs no time:
 * what protects against repeats is the server's dropping of known ids. "Verify" in LINE's console sends a signed
 * delivery without events, so there is no challenge to answer.
 */
export const verify: WebhookAdapter<LineSettings>['verify'] = (request, settings) => {
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'not a POST' };
  const claimed = request.headers['x-line-signature'];
  if (!isSigned({ algorithm: 'sha256', encoding: 'base64' }, settings.channelSecret, request.body, claimed)) {
    const reason =
      claimed === undefined
        ? 'there is no x-line-signature header'
        : 'x-line-signature does not fit the body: is the channel secret that of this LINE channel?';
    return { kind: 'refused', status: 401, reason };
  }
  const payload = asRecord(parseJson(request.body));
  if (payload === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON object' };
  return { kind: 'delivery', payload, response: { status: 200 } };
};
