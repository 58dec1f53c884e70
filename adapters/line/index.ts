import { type Capabilities, defineAdapter, type FileLimit } from '../contract/index.ts';
import { lifecycleOf } from '../kit/index.ts';
import { create } from './client.ts';
import { type LineSettings, settings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { limits, types } from './platform.ts';
import { verify } from './webhook.ts';

/** Pictures are fetched when somebody looks at them, which may be long after they were sent: ms. */
const linkLifetime = 30 * 24 * 60 * 60_000;

/** LINE official accounts, through the Messaging API. */
export const line = defineAdapter<LineSettings>({
  type: 'line',
  title: 'LINE',
  settings,
  variants: [
    {
      title: 'LINE',
      settings: { channelSecret: 'secret', channelAccessToken: 'token', groups: 'ignored' },
    },
  ],
  capabilities,
  webhook: { maxBytes: 2_000_000, verify, decode },
  prepare,
  create,
});

function capabilities(values: LineSettings): Capabilities {
  const { label, buttons, carousel } = limits;
  const audio: FileLimit = { maxBytes: limits.audioBytes, types: [...types.audio], by: 'link' };
  const video: FileLimit = { maxBytes: limits.videoBytes, types: [...types.video], by: 'link' };
  return {
    text: { max: limits.text, unit: 'utf16' },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: limits.videoBytes, types: ['*'] },
    files: {
      image: { maxBytes: limits.imageBytes, types: [...types.image], by: 'link' },
      sticker: { maxBytes: limits.imageBytes, types: [...types.image], by: 'link' },
      audio,
      voice: audio,
      ...(values.videoPreviewUrl === undefined ? {} : { video }),
    },
    quickReplies: { max: limits.quickReplies, title: { max: label, unit: 'graphemes' } },
    buttons: {
      max: buttons.actions,
      title: { max: label, unit: 'graphemes' },
      text: { max: buttons.text, unit: 'graphemes' },
    },
    cards: {
      max: carousel.columns,
      buttons: carousel.actions,
      title: { max: carousel.title, unit: 'graphemes' },
      text: { max: carousel.textWithMore, unit: 'graphemes' },
    },
    location: { in: true, out: true },
    contact: { in: false, out: false },
    typing: { in: false, out: true },
    receipts: { delivered: false, read: false },
    quotes: { in: true, out: true },
    reactions: { in: false, out: false },
    edits: { in: true, out: false },
    deletions: { in: true, out: false },
    idempotency: 'key',
    linkLifetime,
    groups: 'optional',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  };
}
