import type { WebhookRequest, WebhookVerdict } from '../../../contract/index.ts';
import { admit, textOf } from '../callback.ts';

/** A request of the network that knew the secret. */
export interface MobilePayload {
  /** What follows the secret: the kind of notification and the chatbot's URI. */
  rest: string[];
  xml: string;
  /** Headers of the audit of a file. */
  tid?: string;
  authStatus?: string;
  /** ms since the epoch. */
  receivedAt: number;
}

/** The network signs nothing: its requests are known by the secret in the path. */
export function verify(request: WebhookRequest, callbackSecret: string, now: number): WebhookVerdict {
  const admitted = admit(request, callbackSecret);
  if (admitted.kind === 'refused') return admitted;
  // Some platforms look whether anybody is there before they deliver.
  if (request.method === 'GET' || request.method === 'HEAD') return { kind: 'answered', response: { status: 200 } };
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: `method ${request.method}` };
  const xml = textOf(request.body);
  if (xml === undefined) return { kind: 'refused', status: 400, reason: 'the body is no UTF-8' };
  const { tid, authstatus } = request.headers;
  const payload: MobilePayload = {
    rest: admitted.rest,
    xml,
    ...(tid === undefined ? {} : { tid: tid.trim() }),
    ...(authstatus === undefined ? {} : { authStatus: authstatus.trim() }),
    receivedAt: now,
  };
  return { kind: 'delivery', payload, response: { status: 200 } };
}
