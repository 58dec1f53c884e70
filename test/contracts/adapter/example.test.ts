import { createHmac } from 'node:crypto';
import { events } from '../../../adapters/example/fixtures/events.ts';
import { example } from '../../../adapters/example/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

const now = 1_790_000_000_000;

adapterBehaves({
  adapter: example,
  settings: { address: 'https://chat.example/foyer', secret: 'correct horse battery staple 0123456789' },
  webhook: {
    now,
    sign: (body, { secret }, at) => ({
      method: 'POST',
      path: '',
      query: new URLSearchParams(),
      headers: {
        'content-type': 'application/json',
        'foyer-timestamp': String(at),
        'foyer-signature': `sha256=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`,
      },
      body,
    }),
    covers: 'body',
    proof: { headers: ['foyer-timestamp', 'foyer-signature'] },
    secrets: ['secret'],
    deliveries: events.map(({ title, event, becomes }) => ({ title, body: { events: [event] }, expected: [becomes] })),
    batch: { of: (items) => ({ events: items }), good: events[0]?.event },
  },
  outbound: { conversation: { id: 'thread:c-1', address: { conversation: 'c-1' } }, target: 'm-17' },
});
