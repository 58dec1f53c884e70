import { createHmac } from 'node:crypto';
import { factTypes } from '../../../adapters/contract/index.ts';
import { deliveries } from '../../../adapters/whatsapp/fixtures/deliveries.ts';
import { settings } from '../../../adapters/whatsapp/fixtures/settings.ts';
import { whatsapp } from '../../../adapters/whatsapp/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

const now = 1_790_000_000_000;

adapterBehaves({
  adapter: whatsapp,
  settings,
  webhook: {
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
      of: (messages) => ({
        object: 'whatsapp_business_account',
        entry: [
          {
            id: settings.wabaId,
            changes: [
              { field: 'messages', value: { metadata: { phone_number_id: settings.phoneNumberId }, messages } },
            ],
          },
        ],
      }),
      good: { from: '16505551234', id: 'wamid.1', timestamp: '1790000000', type: 'text', text: { body: 'Hi' } },
    },
  },
  outbound: {
    conversation: {
      id: 'user:US.1',
      address: { to: '+16505551234', recipient: 'US.1', messageId: 'wamid.1' },
      window: { until: now + 86_400_000 },
    },
    target: 'wamid.17',
    messages: [
      {
        title: 'a template with header and button',
        activity: {
          type: 'message',
          from: { role: 'agent' },
          attachments: [
            {
              contentType: factTypes.template,
              content: {
                name: 'sale',
                values: { first_name: 'Ada', 'header.image': 'https://a.example/1', 'button.0.url': 'x' },
              },
            },
          ],
        },
      },
    ],
  },
});
