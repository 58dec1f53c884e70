import { createHmac } from 'node:crypto';
import type { Part } from '../../../adapters/contract/index.ts';
import { events } from '../../../adapters/line/fixtures/events.ts';
import { line } from '../../../adapters/line/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

/** Words of text messages as they go over the wire. */
function textsOf({ request }: Part): string[] {
  const messages = JSON.parse((request as { messages: string }).messages) as { type: string; text?: string }[];
  return messages.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
}

adapterBehaves({
  adapter: line,
  settings: {
    channelId: '1656565656',
    channelSecret: '8c570fa6dd201bb328f1c1eac23a96d8',
    channelAccessToken: 'long-lived-token-of-the-channel',
    groups: 'answered',
    videoPreviewUrl: 'https://shop.example/video.png',
  },
  webhook: {
    now: 1_790_000_001_000,
    sign: (body, { channelSecret }) => ({
      method: 'POST',
      path: '',
      query: new URLSearchParams(),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'LineBotWebhook/2.0',
        'x-line-signature': createHmac('sha256', channelSecret).update(body).digest('base64'),
      },
      body,
    }),
    covers: 'body',
    proof: { headers: ['x-line-signature'] },
    secrets: ['channelSecret'],
    deliveries: [
      { title: "the console's verification", body: { destination: 'U0', events: [] }, expected: [] },
      ...events.map(({ title, event, becomes }) => ({
        title,
        body: { destination: 'Uf0a1b2c3d4e5f60718293a4b5c6d7e8f', events: [event] },
        expected: [becomes],
      })),
    ],
    batch: { of: (items) => ({ destination: 'U0', events: items }), good: events[0]?.event },
  },
  outbound: {
    conversation: { id: 'user:U4af', address: { to: 'U4af', kind: 'user' } },
    target: '444573844083572737',
    textsOf,
  },
});
