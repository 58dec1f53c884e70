import type { WebhookRequest, WebhookVerdict } from '../contract/index.ts';
import { parseJson } from './json.ts';
import { isSameSecret, isSigned } from './signature.ts';

/** WhatsApp announces bodies of up to 3 MB, Messenger up to 1,000 events in one. Bytes. */
export const metaMaxBytes = 4_000_000;

const signature = /^sha256=([0-9a-f]{64})$/;

/**
 * A call by Meta: its challenge is answered, a delivery must carry `X-Hub-Signature-256`, the HMAC-SHA256 of the raw
 * body under the app's secret. The older SHA-1 header proves nothing. Meta signs its own escaped form of the JSON, so
 * only the received bytes can be checked. Source: developers.facebook.com, Webhooks, getting started.
 */
export function verifyMeta(
  request: WebhookRequest,
  { appSecret, verifyToken }: { appSecret: string; verifyToken: string },
): WebhookVerdict {
  if (request.method === 'GET') return challenge(request.query, verifyToken);
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: 'is neither GET nor POST' };
  const claimed = signature.exec(request.headers['x-hub-signature-256'] ?? '')?.[1];
  if (claimed === undefined) return { kind: 'refused', status: 401, reason: 'has no readable X-Hub-Signature-256' };
  if (!isSigned({ algorithm: 'sha256', encoding: 'hex' }, appSecret, request.body, claimed)) {
    return { kind: 'refused', status: 401, reason: 'its X-Hub-Signature-256 is not of this app secret' };
  }
  const payload = parseJson(request.body);
  if (payload === undefined) return { kind: 'refused', status: 400, reason: 'its body is no JSON that can be read' };
  return { kind: 'delivery', payload, response: { status: 200, body: 'EVENT_RECEIVED' } };
}

/** The address is being set up: the answer is exactly the challenge. Names hold dots. */
function challenge(query: URLSearchParams, verifyToken: string): WebhookVerdict {
  const asked = query.get('hub.challenge');
  if (query.get('hub.mode') !== 'subscribe' || asked === null) {
    return { kind: 'refused', status: 403, reason: 'is no challenge of Meta' };
  }
  if (!isSameSecret(verifyToken, query.get('hub.verify_token') ?? undefined)) {
    return { kind: 'refused', status: 403, reason: 'its verify token is not the one of the settings' };
  }
  return { kind: 'answered', response: { status: 200, body: asked.slice(0, 1_000) } };
}
