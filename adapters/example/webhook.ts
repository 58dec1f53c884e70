import type { WebhookAdapter } from '../contract/index.ts';
import { isSigned, parseJson } from '../kit/index.ts';
import type { WebhookSettings } from './config.ts';
import { headers, largestSkew } from './platform.ts';

/**
 * Verifies `foyer-signature: sha256=<hex>`, the HMAC-SHA256 of `<foyer-timestamp>.<raw body>` with the shared secret.
 * The time is signed too, so that a captured request is of no use five minutes later.
 */
export const verify: WebhookAdapter<WebhookSettings>['verify'] = (request, settings, now) => {
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'not a POST' };
  const time = request.headers[headers.time] ?? '';
  const claimed = /^sha256=([0-9a-f]{64})$/.exec(request.headers[headers.signature] ?? '')?.[1];
  const signed = Buffer.concat([Buffer.from(`${time}.`), request.body]);
  if (!isSigned({ algorithm: 'sha256', encoding: 'hex' }, settings.secret, signed, claimed)) {
    return { kind: 'refused', status: 401, reason: 'the signature does not fit the body' };
  }
  if (!/^\d{1,15}$/.test(time) || Math.abs(now - Number(time)) > largestSkew) {
    return { kind: 'refused', status: 401, reason: 'the timestamp is more than five minutes away from our clock' };
  }
  const payload = parseJson(request.body);
  if (payload === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON' };
  return { kind: 'delivery', payload, response: { status: 204 } };
};
