import { createCipheriv, createHash } from 'node:crypto';
import { factTypes } from '../../../adapters/contract/index.ts';
import { deliveries } from '../../../adapters/wechat/fixtures/deliveries.ts';
import { wechat } from '../../../adapters/wechat/index.ts';
import { adapterBehaves } from './adapter-behaves.ts';

const now = 1_790_000_000_000;
const nonce = '1320562132';

const sha1 = (...parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex');

/** As the platform's page on encryption says: random bytes, length, message, AppID, padded to 32. */
function encrypted(message: Uint8Array, appId: string, encodingAESKey: string): string {
  const key = Buffer.from(`${encodingAESKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([Buffer.alloc(16, 'r'), length, message, Buffer.from(appId)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

const common = {
  adapter: wechat,
  outbound: {
    conversation: { id: 'user:o1', address: { openid: 'o1' }, window: { until: now + 60_000, left: 5 } },
    target: '24567890123456789',
    messages: [
      {
        title: 'a WeChat template',
        activity: {
          type: 'message' as const,
          from: { role: 'agent' as const },
          attachments: [
            { contentType: factTypes.template, content: { name: 'T-1', values: { first: 'Hello', keyword1: '7' } } },
          ],
        },
      },
    ],
  },
};
const account = {
  appId: 'wx2c2769f8efd9abc2',
  appSecret: '0123456789abcdef0123456789abcdef',
  token: 'spamtest',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
const samples = deliveries.map(({ title, xml, becomes }) => ({ title, body: xml, expected: becomes }));

adapterBehaves({
  ...common,
  settings: account,
  webhook: {
    now,
    sign(body, { token, appId, encodingAESKey = '' }, at) {
      const timestamp = String(Math.floor(at / 1000));
      const sealed = encrypted(body, appId, encodingAESKey);
      const query = new URLSearchParams({
        signature: sha1(token, timestamp, nonce),
        timestamp,
        nonce,
        encrypt_type: 'aes',
        msg_signature: sha1(token, timestamp, nonce, sealed),
      });
      const xml = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
      return { method: 'POST', path: '', query, headers: {}, body: new TextEncoder().encode(xml) };
    },
    // What stands around the encrypted message can change: it is not read.
    covers: 'part',
    proof: { query: ['signature', 'timestamp', 'nonce', 'msg_signature'] },
    secrets: ['token', 'encodingAESKey'],
    deliveries: samples,
  },
});

adapterBehaves({
  ...common,
  settings: { ...account, mode: 'plain' },
  webhook: {
    now,
    sign(body, { token }, at) {
      const timestamp = String(Math.floor(at / 1000));
      const query = new URLSearchParams({ signature: sha1(token, timestamp, nonce), timestamp, nonce });
      return { method: 'POST', path: '', query, headers: {}, body };
    },
    // The platform's plain mode proves who knows the token, and nothing of the message.
    covers: 'nothing',
    proof: { query: ['signature', 'timestamp', 'nonce'] },
    secrets: ['token'],
    deliveries: samples,
  },
});
