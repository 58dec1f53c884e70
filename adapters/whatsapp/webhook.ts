import type { WebhookRequest, WebhookVerdict } from '../contract/index.ts';
import { verifyMeta } from '../kit/meta-webhook.ts';
import type { WhatsappSettings } from './config.ts';

export { metaMaxBytes as maxBytes } from '../kit/meta-webhook.ts';

/** A challenge of the App Dashboard, or a delivery signed with the app's secret. */
export function verify(request: WebhookRequest, settings: WhatsappSettings): WebhookVerdict {
  return verifyMeta(request, settings);
}
