import type { WebhookRequest, WebhookVerdict } from '../contract/index.ts';
import { codecOf } from './codecs/index.ts';
import type { RcsSettings } from './config.ts';

/** A text of China's networks may have 1 MB, and base64 makes it a third larger. Bytes. */
export const maxBytes = 2_000_000;

/** Verify a request as its network's codec does. */
export function verify(request: WebhookRequest, settings: RcsSettings, now: number): WebhookVerdict {
  return codecOf(settings).verify(request, now);
}
