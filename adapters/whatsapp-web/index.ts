import { defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/settings.ts';
import { createClient } from './client.ts';
import { settings, type WhatsappWebSettings } from './config.ts';
import { prepare } from './encode.ts';
import { limits } from './platform.ts';

/** WhatsApp by a linked WhatsApp Web in a browser of ours: unofficial, and may get the number banned. */
export const whatsappWeb = defineAdapter<WhatsappWebSettings>({
  type: 'whatsapp-web',
  title: 'WhatsApp (unofficial, by QR code)',
  settings,
  capabilities: (values) => ({
    text: { ...limits.text },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: limits.document, types: ['*'] },
    files: {
      image: {
        maxBytes: limits.media,
        types: ['image/jpeg', 'image/png', 'image/webp'],
        caption: { ...limits.caption },
        by: 'upload',
      },
      video: {
        maxBytes: limits.media,
        types: ['video/mp4', 'video/3gpp'],
        caption: { ...limits.caption },
        by: 'upload',
      },
      audio: {
        maxBytes: limits.media,
        types: ['audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/ogg', 'audio/amr'],
        by: 'upload',
      },
      voice: { maxBytes: limits.media, types: ['audio/ogg'], by: 'upload' },
      sticker: { maxBytes: limits.sticker, types: ['image/webp'], by: 'upload' },
      file: { maxBytes: limits.document, types: ['*'], caption: { ...limits.caption }, by: 'upload' },
    },
    location: { in: true, out: true },
    contact: { in: true, out: true },
    typing: { in: false, out: true },
    receipts: { delivered: true, read: true },
    quotes: { in: true, out: true },
    reactions: { in: true, out: true },
    edits: { in: true, out: false },
    deletions: { in: true, out: true },
    idempotency: 'none',
    groups: 'optional',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  }),
  variants: [{ title: 'WhatsApp (unofficial, by QR code)', settings: settings.parse({}) }],
  prepare,
  create: (host) => createClient(host),
});
