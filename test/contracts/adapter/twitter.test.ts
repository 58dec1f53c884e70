import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Inbound } from '../../../adapters/contract/index.ts';
import { twitter } from '../../../adapters/twitter/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';
import { mediaId } from './outbound-samples.ts';

const folder = new URL('../../../adapters/twitter/fixtures/', import.meta.url);
const deliveries = ['webhook-newer', 'webhook-older'].flatMap((name) => {
  const fixtures: { title: string; payload: unknown; items: Inbound[] }[] = JSON.parse(
    readFileSync(new URL(`${name}.json`, folder), 'utf8'),
  );
  return fixtures.map(({ title, payload, items }) => ({ title, body: payload, expected: items }));
});

adapterBehaves({
  adapter: twitter,
  settings: {
    accountId: '4337869213',
    consumerKey: 'test_consumer_key',
    consumerSecret: 'test_consumer_secret',
    accessToken: '4337869213-test_access_token',
    accessTokenSecret: 'test_access_token_secret',
  },
  webhook: {
    now: 1_790_000_000_000,
    sign: (body, { consumerSecret }) => ({
      method: 'POST',
      path: '',
      query: new URLSearchParams(),
      headers: {
        'content-type': 'application/json',
        'x-twitter-webhooks-signature': `sha256=${createHmac('sha256', consumerSecret).update(body).digest('base64')}`,
      },
      body,
    }),
    covers: 'body',
    proof: { headers: ['x-twitter-webhooks-signature'] },
    secrets: ['consumerSecret'],
    deliveries,
    batch: {
      of: (items) => ({ for_user_id: '4337869213', direct_message_events: items }),
      good: {
        type: 'message_create',
        id: '954491830116155397',
        created_timestamp: '1516403560557',
        message_create: {
          target: { recipient_id: '4337869213' },
          sender_id: '3001969357',
          message_data: { text: 'Is it there?' },
        },
      },
    },
  },
  outbound: {
    conversation: { id: 'user:3001969357', address: { userId: '3001969357' } },
    target: '954491830116155397',
    messages: [
      {
        title: 'a picture X has to be given as a JPEG',
        activity: {
          type: 'message',
          from: { role: 'agent' },
          attachments: [{ contentType: 'image/tiff', contentUrl: `media:${mediaId(1)}`, content: { size: 9_000_000 } }],
        },
      },
    ],
  },
});
