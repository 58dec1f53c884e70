import { createHmac } from 'node:crypto';
import { deliveries } from '../../../adapters/facebook/fixtures/deliveries.ts';
import { instagramSettings, settings } from '../../../adapters/facebook/fixtures/settings.ts';
import { facebook } from '../../../adapters/facebook/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';
import type { WebhookSample } from './sample.ts';

const now = 1_790_000_000_000;

const webhook: WebhookSample<typeof settings> = {
  now,
  sign: (body, { appSecret }) => ({
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
    },
    body,
  }),
  covers: 'body',
  proof: { headers: ['x-hub-signature-256'] },
  secrets: ['appSecret'],
  deliveries,
  batch: {
    of: (items) => ({ object: 'page', entry: [{ id: settings.pageId, time: now, messaging: items }] }),
    good: {
      sender: { id: '7' },
      recipient: { id: settings.pageId },
      timestamp: now,
      message: { mid: 'm_1', text: 'Hi' },
    },
  },
};

const outbound = {
  conversation: { id: 'user:7', address: { id: '7' }, window: { until: now + 86_400_000 } },
  target: 'm_17',
};

adapterBehaves({ adapter: facebook, settings, webhook, outbound });
adapterBehaves({ adapter: facebook, settings: instagramSettings, webhook, outbound });
