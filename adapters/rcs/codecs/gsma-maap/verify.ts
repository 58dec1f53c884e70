import type { WebhookRequest, WebhookVerdict } from '../../../contract/index.ts';
import { parseJson } from '../../../kit/json.ts';
import { admit } from '../callback.ts';

export interface MaapPayload {
  body: unknown;
  /** ms since the epoch. */
  receivedAt: number;
}

/** The paper signs nothing: requests are known by the secret in the path. */
export function verify(request: WebhookRequest, callbackSecret: string, now: number): WebhookVerdict {
  const admitted = admit(request, callbackSecret);
  if (admitted.kind === 'refused') return admitted;
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: `method ${request.method}` };
  const body = parseJson(request.body);
  if (body === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON' };
  const payload: MaapPayload = { body, receivedAt: now };
  const response = { status: 200, contentType: 'application/json; charset=utf-8', body: '{"status":"ok"}' };
  return { kind: 'delivery', payload, response };
}
