import { createHash, createHmac } from 'node:crypto';
import type { RcsSettings } from '../../../adapters/rcs/config.ts';
import { deliveries as fromChinaMobile } from '../../../adapters/rcs/fixtures/china-mobile.ts';
import { deliveries as fromGoogle } from '../../../adapters/rcs/fixtures/google-rbm.ts';
import { deliveries as fromGsma } from '../../../adapters/rcs/fixtures/gsma-maap.ts';
import type { Sample } from '../../../adapters/rcs/fixtures/sample.ts';
import {
  chatbotURI,
  chinaMobile,
  googleRbm,
  gsmaMaap,
  telecomUnicom,
} from '../../../adapters/rcs/fixtures/settings.ts';
import { deliveries as fromTelecom } from '../../../adapters/rcs/fixtures/telecom-unicom.ts';
import { rcs } from '../../../adapters/rcs/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';
import type { DeliverySample, WebhookSample } from './sample.ts';

const now = 1_790_000_000_000;
const phone = '+8613800138000';
const post = { method: 'POST', query: new URLSearchParams() };

/** Settings of one network, as the suite names their secret fields. */
type Known = RcsSettings & { clientToken?: string; callbackSecret?: string; callbackToken?: string };
const samples = (found: readonly Sample[]): DeliverySample[] =>
  found.map(({ title, body, becomes }) => ({ title, body, expected: becomes }));

function suite(settings: RcsSettings, webhook: Omit<WebhookSample<Known>, 'now'>, address: object): void {
  adapterBehaves<Known>({
    adapter: rcs as Parameters<typeof adapterBehaves<Known>>[0]['adapter'],
    settings,
    webhook: { now, ...webhook },
    outbound: { conversation: { id: `user:${phone}`, address }, target: 'out-1' },
  });
}

suite(
  googleRbm,
  {
    // The suite's body is what Google puts into the envelope: that is what is signed.
    sign: (body, { clientToken = '' }) => ({
      ...post,
      path: '',
      headers: {
        'content-type': 'application/json',
        'x-goog-signature': createHmac('sha512', clientToken).update(body).digest('base64'),
      },
      body: new TextEncoder().encode(
        JSON.stringify({ message: { data: Buffer.from(body).toString('base64'), messageId: '1' }, subscription: 's' }),
      ),
    }),
    covers: 'part',
    proof: { headers: ['x-goog-signature'] },
    secrets: ['clientToken'],
    deliveries: samples(fromGoogle),
  },
  { phone },
);

suite(
  chinaMobile,
  {
    sign: (body, { callbackSecret = '' }) => ({
      ...post,
      path: `/${callbackSecret}/InboundMessageNotification/${encodeURIComponent(chatbotURI)}`,
      headers: { 'content-type': 'application/xml' },
      body,
    }),
    covers: 'nothing',
    proof: {},
    secrets: ['callbackSecret'],
    deliveries: samples(fromChinaMobile),
  },
  { phone, conversationId: 'c-1', contributionId: 'k-1' },
);

suite(
  { ...telecomUnicom, callbackToken: 'call-back-token' },
  {
    sign: (body, { callbackSecret = '', callbackToken = '' }, at) => ({
      ...post,
      path: `/${callbackSecret}/messages`,
      headers: {
        'content-type': 'application/json',
        timestamp: String(at),
        nonce: 'n-1',
        signature: createHash('sha256').update(`${callbackToken}${at}n-1`).digest('hex'),
      },
      body,
    }),
    covers: 'nothing',
    proof: { headers: ['signature', 'timestamp', 'nonce'] },
    secrets: ['callbackSecret'],
    deliveries: samples(fromTelecom),
    batch: {
      of: (items) => ({ deliveryInfoList: items }),
      good: { messageId: 'out-1', status: 'delivered' },
    },
  },
  { phone },
);

suite(
  gsmaMaap,
  {
    sign: (body, { callbackSecret = '' }) => ({
      ...post,
      path: `/${callbackSecret}`,
      headers: { 'content-type': 'application/json' },
      body,
    }),
    covers: 'nothing',
    proof: {},
    secrets: ['callbackSecret'],
    deliveries: samples(fromGsma),
    batch: {
      of: (items) => items,
      good: {
        event: 'message',
        RCSMessage: { msgId: 'm-1', textMessage: 'Hi' },
        messageContact: { userContact: phone },
      },
    },
  },
  { phone },
);
