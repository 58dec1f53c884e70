import { createHash } from 'node:crypto';
import type { WebhookRequest, WebhookVerdict } from '../../../contract/index.ts';
import { parseJson } from '../../../kit/json.ts';
import { isSameSecret } from '../../../kit/signature.ts';
import type { TelecomUnicomSettings } from '../../config.ts';
import { admit } from '../callback.ts';

export interface TelecomPayload {
  body: unknown;
  /** ms since the epoch. */
  receivedAt: number;
}

/**
 * The secret in the path, and the signature where a token for it is set: headers `signature`, `timestamp`, `nonce`;
 * sha256hex(token + timestamp + nonce) (3p). It does not cover the body, so it never replaces the secret.
 */
export function verify(request: WebhookRequest, settings: TelecomUnicomSettings, now: number): WebhookVerdict {
  const admitted = admit(request, settings.callbackSecret);
  if (admitted.kind === 'refused') return admitted;
  if (!isSignedBy(request, settings.callbackToken)) {
    return { kind: 'refused', status: 401, reason: 'the signature does not match: is it the callback token?' };
  }
  const echo = request.headers.echostr;
  if (request.body.length === 0 && echo !== undefined) return answerEcho(echo, settings.appId);
  if (request.method !== 'POST') return { kind: 'refused', status: 405, reason: `method ${request.method}` };
  const body = parseJson(request.body);
  if (body === undefined) return { kind: 'refused', status: 400, reason: 'the body is no JSON' };
  const payload: TelecomPayload = { body, receivedAt: now };
  return { kind: 'delivery', payload, response: { status: 200, headers: { appId: settings.appId } } };
}

function isSignedBy({ headers }: WebhookRequest, token: string | undefined): boolean {
  if (token === undefined) return true;
  const { signature, timestamp = '', nonce = '' } = headers;
  const expected = createHash('sha256').update(`${token}${timestamp}${nonce}`).digest('hex');
  return isSameSecret(expected, signature?.toLowerCase());
}

/** The check when the address is registered: `echoStr` comes back, with the app's id. */
function answerEcho(echo: string, appId: string): WebhookVerdict {
  if (!/^[\x21-\x7e]{1,500}$/.test(echo)) return { kind: 'refused', status: 400, reason: 'echoStr is not readable' };
  return { kind: 'answered', response: { status: 200, headers: { echoStr: echo, appId }, body: echo } };
}
