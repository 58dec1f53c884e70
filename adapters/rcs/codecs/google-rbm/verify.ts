import type { WebhookRequest, WebhookVerdict } from '../../../contract/index.ts';
import { asRecord, asString, recordOf } from '../../../kit/inbound.ts';
import { parseJson } from '../../../kit/json.ts';
import { isSameSecret, isSigned } from '../../../kit/signature.ts';

/** A verified delivery: what was signed, and when we got it (ms since the epoch). */
export interface RbmPayload {
  data: unknown;
  receivedAt: number;
}

/**
 * The handshake (`{clientToken, secret}`, answered with the secret as plain text when the token is ours) and the
 * signature of deliveries: `X-Goog-Signature` is base64 of HMAC-SHA512, keyed with the client token, over the base64
 * **decoded** `message.data`, not over the body. Whatever is genuine is answered 200: one webhook that does not would
 * hold up all of a partner's agents. Source: RBM guides, "Verify incoming messages".
 */
export function verify(request: WebhookRequest, clientToken: string, now: number): WebhookVerdict {
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: `method ${request.method}` };
  const body = asRecord(parseJson(request.body));
  if (body === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON object' };
  const data = asString(recordOf(body.message).data);
  if (data === undefined) return handshake(body, clientToken);
  const bytes = Buffer.from(data, 'base64');
  const claimed = request.headers['x-goog-signature'];
  if (claimed === undefined) return { kind: 'refused', status: 401, reason: 'no X-Goog-Signature header' };
  if (!isSigned({ algorithm: 'sha512', encoding: 'base64' }, clientToken, bytes, claimed)) {
    return {
      kind: 'refused',
      status: 401,
      reason: 'the signature does not match: is it the client token of this webhook?',
    };
  }
  const payload: RbmPayload = { data: parseJson(bytes), receivedAt: now };
  return { kind: 'delivery', payload, response: { status: 200 } };
}

/** What may be echoed: no secret of Google's is longer, and nothing else is worth repeating. */
const secretForm = /^[\x21-\x7e]{1,1000}$/;

function handshake(body: Readonly<Record<string, unknown>>, clientToken: string): WebhookVerdict {
  const secret = asString(body.secret);
  if (secret === undefined || !secretForm.test(secret)) {
    return { kind: 'refused', status: 400, reason: 'neither message.data nor a secret to answer' };
  }
  if (!isSameSecret(clientToken, asString(body.clientToken))) {
    return { kind: 'refused', status: 403, reason: 'the handshake names another client token than the setting' };
  }
  return { kind: 'answered', response: { status: 200, body: secret } };
}
