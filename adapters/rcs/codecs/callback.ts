import type { WebhookRequest, WebhookVerdict } from '../../contract/index.ts';
import { isSameSecret } from '../../kit/signature.ts';

/** What follows the secret in the path: `/InboundMessageNotification/sip:…`, decoded; empty when nothing does. */
export type Admitted = { kind: 'admitted'; rest: string[] } | Extract<WebhookVerdict, { kind: 'refused' }>;

/**
 * Networks that sign nothing call `/webhooks/<channel>/<secret>/…`. The secret is compared in constant time; refusals
 * never name it.
 */
export function admit(request: WebhookRequest, secret: string): Admitted {
  const [, claimed, ...rest] = request.path.split('/').map(decoded);
  if (!isSameSecret(secret, claimed)) {
    return {
      kind: 'refused',
      status: 403,
      reason:
        'the path does not begin with the secret of the setting callbackSecret: is the address registered with it?',
    };
  }
  return { kind: 'admitted', rest: rest.filter((segment) => segment !== '') };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** A body as text; undefined when it is no UTF-8. */
export function textOf(body: Uint8Array): string | undefined {
  try {
    return strict.decode(body);
  } catch {
    return undefined;
  }
}

/** Text that was sent as base64 of UTF-8; undefined when it is neither. */
export function fromBase64(text: string): string | undefined {
  const bare = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(bare)) return undefined;
  return textOf(Buffer.from(bare, 'base64'));
}
