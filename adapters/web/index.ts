import { defineAdapter } from '../contract/index.ts';
import { lifecycleOf, settings, type WebSettings } from './config.ts';
import { limits } from './protocol.ts';
import { live } from './socket.ts';

/** Foyer's own widget: customers who hold a connection to us. */
export const web = defineAdapter<WebSettings>({
  type: 'web',
  title: 'Website',
  settings,
  capabilities: (values) => ({
    text: { max: limits.text, unit: 'utf16' },
    attachments: { max: limits.attachments, maxBytes: values.maxUploadBytes, types: [...values.uploadTypes] },
    typing: { in: true, out: true },
    receipts: { delivered: true, read: true },
    presence: 'live',
    lifecycle: lifecycleOf(values),
  }),
  live,
});
