import { defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/settings.ts';
import { createClient } from './client.ts';
import { settings, type WhatsappSettings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { fileTypes, limits, windowLength } from './platform.ts';
import { maxBytes, verify } from './webhook.ts';

const example: WhatsappSettings = {
  appId: '1234567890',
  appSecret: 'of the app',
  verifyToken: 'of your choice',
  phoneNumberId: '106540352242922',
  wabaId: '102290129340398',
  accessToken: 'of a system user',
  listButton: 'Options',
  groups: 'ignored',
  graphVersion: 'v25.0',
};

/** WhatsApp by Meta's Cloud API. */
export const whatsapp = defineAdapter<WhatsappSettings>({
  type: 'whatsapp',
  title: 'WhatsApp',
  settings,
  capabilities: (values) => ({
    text: { ...limits.text },
    splits: true,
    formatting: 'whatsapp',
    attachments: { max: 10, maxBytes: limits.document, types: ['*'] },
    files: {
      image: { maxBytes: limits.image, types: [...fileTypes.image], caption: { ...limits.caption }, by: 'upload' },
      audio: { maxBytes: limits.audio, types: [...fileTypes.audio], by: 'upload' },
      voice: { maxBytes: limits.audio, types: ['audio/ogg'], by: 'upload' },
      video: { maxBytes: limits.video, types: [...fileTypes.video], caption: { ...limits.caption }, by: 'upload' },
      file: { maxBytes: limits.document, types: [...fileTypes.document], caption: { ...limits.caption }, by: 'upload' },
      sticker: { maxBytes: limits.sticker, types: ['image/webp'], by: 'upload' },
    },
    quickReplies: { max: limits.list.max, title: { ...limits.list.title } },
    buttons: { max: limits.buttons.max, title: { ...limits.buttons.title }, text: { ...limits.buttons.text } },
    cards: { max: 1, buttons: limits.buttons.max, title: { ...limits.buttons.text }, text: { ...limits.buttons.text } },
    location: { in: true, out: true },
    contact: { in: true, out: true },
    typing: { in: false, out: true },
    receipts: { delivered: true, read: true },
    quotes: { in: true, out: true },
    reactions: { in: true, out: true },
    edits: { in: true, out: false },
    deletions: { in: true, out: false },
    window: { duration: windowLength, afterwards: 'template' },
    idempotency: 'none',
    groups: 'optional',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  }),
  variants: [{ title: 'WhatsApp', settings: example }],
  webhook: { maxBytes, verify, decode },
  account: (values) => values.phoneNumberId,
  appSecret: (values) => values.appSecret,
  prepare,
  create: (host) => createClient(host),
});
