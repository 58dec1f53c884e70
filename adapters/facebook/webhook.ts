import type { WebhookRequest, WebhookVerdict } from '../contract/index.ts';
import { verifyMeta } from '../kit/meta-webhook.ts';
import type { FacebookSettings } from './config.ts';

export { metaMaxBytes as maxBytes } from '../kit/meta-webhook.ts';

/** A challenge of the App Dashboard, or a delivery signed with the app's secret. */
export function verify(request: WebhookRequest, settings: FacebookSettings): WebhookVerdict {
  return verifyMeta(request, settings);
}
