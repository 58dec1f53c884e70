/**
 * The Send API of Messenger and Instagram, as far as it is used. Sources: Messenger Platform, Send API reference;
 * Instagram messaging, send message and attachment upload. Limits marked (m) are remembered, not documented anew.
 */

const hour = 60 * 60_000;

export const times = {
  /** After the customer's last message anybody may answer this long, ms. */
  window: 24 * hour,
  /** A human with the HUMAN_AGENT tag this long, ms. */
  humanAgentWindow: 7 * 24 * hour,
} as const;

export const limits = {
  messenger: { text: { max: 2_000, unit: 'utf16' } },
  instagram: { text: { max: 1_000, unit: 'bytes' } },
  quickReplies: { max: 13, title: { max: 20, unit: 'utf16' }, payload: 1_000 },
  /** Button template; title of a button (m). */
  buttons: { max: 3, title: { max: 20, unit: 'utf16' }, text: { max: 640, unit: 'utf16' }, payload: 1_000 },
  /** Generic template: text of title and of subtitle. */
  cards: { max: 10, text: { max: 80, unit: 'utf16' } },
  url: 2_000,
  image: 8_000_000,
  file: 25_000_000,
} as const;

/** Taken as they are; others are made into the first of their kind. Source: Instagram messaging, attachment upload. */
export const fileTypes = {
  image: ['image/jpeg', 'image/png', 'image/gif'],
  audio: ['audio/mp4', 'audio/aac', 'audio/x-m4a', 'audio/wav', 'audio/x-wav', 'audio/mpeg'],
  video: ['video/mp4', 'video/ogg', 'video/x-msvideo', 'video/quicktime', 'video/webm'],
} as const;

/** Who a message goes to: a person, or someone who only ticked a box of the checkbox plugin. */
export type Address = { id: string } | { user_ref: string };

/** What a part holds. */
export interface SendRequest {
  method: 'POST';
  /** With the Graph version: `/v25.0/102/messages`. */
  path: string;
  /** Exact JSON but for the placeholders of files. */
  body: string;
}

export type AttachmentType = 'image' | 'audio' | 'video' | 'file';

export type Button =
  | { type: 'web_url'; url: string; title: string }
  | { type: 'postback'; payload: string; title: string }
  | { type: 'phone_number'; payload: string; title: string };

export interface Element {
  title: string;
  subtitle?: string;
  image_url?: string;
  buttons?: Button[];
}

export type TemplatePayload =
  | { template_type: 'generic'; elements: Element[] }
  | { template_type: 'button'; text: string; buttons: Button[] };

export interface OutMessage {
  text?: string;
  attachment?:
    | { type: AttachmentType; payload: { attachment_id: string } }
    | { type: 'template'; payload: TemplatePayload };
  quick_replies?: { content_type: 'text'; title: string; payload: string }[];
  metadata?: string;
}

/** Marks our messages among the echoes, before the key of their part. */
export const keyPrefix = 'foyer:';

/** The app id under which answers from the Page's own inbox are echoed (third-party notes). */
export const pageInboxApp = '263902037430900';

/** What a webhook must be subscribed to for everything that is shown. Names differ between Meta's pages. */
export const subscribedFields = [
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_reactions',
  'message_reads',
  'message_deliveries',
  'messaging_referrals',
] as const;
export const niceFields = ['message_edits', 'messaging_optins', 'messaging_handovers', 'standby'] as const;
