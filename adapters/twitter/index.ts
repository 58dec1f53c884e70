import { defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/settings.ts';
import { createClient } from './client.ts';
import { settings, type TwitterSettings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { limits } from './platform.ts';
import { maxBytes, verify } from './webhook.ts';

const typical = settings.parse({
  accountId: '1',
  consumerKey: '…',
  consumerSecret: '…',
  accessToken: '…',
  accessTokenSecret: '…',
});

/** X direct messages: webhooks of the newer and the older kind in, API v2 out. */
export const twitter = defineAdapter<TwitterSettings>({
  type: 'twitter',
  title: 'X (direct messages)',
  settings,
  capabilities: (values) => ({
    text: { ...limits.text },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: limits.video, types: ['*'] },
    files: {
      image: {
        maxBytes: limits.image,
        types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
        caption: { ...limits.text },
        by: 'upload',
      },
      video: { maxBytes: limits.video, types: ['video/mp4'], caption: { ...limits.text }, by: 'upload' },
    },
    location: { in: true, out: false },
    contact: { in: false, out: false },
    typing: { in: true, out: false },
    receipts: { delivered: false, read: true },
    quotes: { in: false, out: false },
    reactions: { in: false, out: false },
    edits: { in: false, out: false },
    deletions: { in: false, out: false },
    idempotency: 'none',
    groups: 'optional',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  }),
  variants: [{ title: 'X', settings: typical }],
  webhook: { maxBytes, verify, decode },
  account: (values) => values.accountId,
  appSecret: (values) => values.consumerSecret,
  prepare,
  create: (host) => createClient(host),
});
