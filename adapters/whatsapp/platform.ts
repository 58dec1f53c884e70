/**
 * The Cloud API, as far as it is used. Sources: WhatsApp Business Platform, messages, media, interactive messages,
 * templates and business-scoped user ids. (n): third-party notes quoting Meta.
 */

/** After the customer's last message or call anything may be sent this long, ms; then approved templates only. */
export const windowLength = 24 * 60 * 60_000;

export const limits = {
  /** (n) */
  text: { max: 4_096, unit: 'utf16' },
  caption: { max: 1_024, unit: 'utf16' },
  /** Reply buttons; their ids have 256 letters. */
  buttons: { max: 3, title: { max: 20, unit: 'utf16' }, id: 256, text: { max: 1_024, unit: 'utf16' } },
  /** Ten rows over all sections; their ids have 200 letters. */
  list: { max: 10, title: { max: 24, unit: 'utf16' }, id: 200, text: { max: 4_096, unit: 'utf16' } },
  url: 2_000,
  image: 5_000_000,
  audio: 16_000_000,
  video: 16_000_000,
  document: 100_000_000,
  /** Of a sticker that does not move; of one that does 500,000. */
  sticker: 100_000,
} as const;

/** What the media upload takes, by the kind of message that shows it. */
export const fileTypes = {
  image: ['image/jpeg', 'image/png'],
  audio: ['audio/ogg', 'audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4'],
  video: ['video/mp4', 'video/3gpp'],
  document: [
    'application/pdf',
    'text/plain',
    'application/msword',
    'application/vnd.ms-excel',
    'application/vnd.ms-powerpoint',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
} as const;

/** Where a conversation is written to. */
export interface Address {
  /** The number with plus: without it Meta puts the business's country code before it (n). */
  to?: string;
  /** Business-scoped user id, of people whose number is hidden. Meta prefers `to` when there are both. */
  recipient?: string;
  group?: string;
  /** The customer's last message: typing and reading are told by it, not by the person. */
  messageId?: string;
}

/** What a part holds. */
export interface SendRequest {
  method: 'POST';
  /** With the Graph version: `/v25.0/106540352242922/messages`. */
  path: string;
  /** Exact JSON but for the placeholders of files. */
  body: string;
}

export type MediaType = 'image' | 'audio' | 'video' | 'document' | 'sticker';

/** Marks our messages among the statuses, before the key of their part. */
export const keyPrefix = 'foyer:';

/** What the webhook must be subscribed to for everything that is shown. */
export const webhookFields = 'messages, account_update, message_template_status_update, phone_number_quality_update';
