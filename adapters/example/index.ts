import { defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/index.ts';
import { create } from './client.ts';
import { settings, type WebhookSettings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { limits } from './platform.ts';
import { verify } from './webhook.ts';

const largestFile = 100_000_000;

/** A system of the company's own that speaks signed JSON: also the example to make another channel from. */
export const example = defineAdapter<WebhookSettings>({
  type: 'webhook',
  title: 'Webhook (your own system)',
  settings,
  variants: [
    {
      title: 'Webhook',
      settings: { address: 'https://chat.example/foyer', secret: 'a secret of 32 characters or more' },
    },
  ],
  capabilities: (values) => ({
    text: { max: limits.text, unit: 'utf16' },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: largestFile, types: ['*'] },
    files: { file: { maxBytes: largestFile, types: ['*'], caption: { max: limits.text, unit: 'utf16' }, by: 'link' } },
    quickReplies: { max: limits.quickReplies, title: { max: limits.quickReplyTitle, unit: 'graphemes' } },
    location: { in: false, out: false },
    contact: { in: false, out: false },
    typing: { in: true, out: true },
    receipts: { delivered: true, read: true },
    quotes: { in: true, out: true },
    reactions: { in: true, out: true },
    edits: { in: true, out: false },
    deletions: { in: true, out: true },
    idempotency: 'key',
    linkLifetime: 24 * 60 * 60_000,
    groups: 'never',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  }),
  webhook: { maxBytes: limits.body, verify, decode },
  prepare,
  create,
});
