/** What WeChat calls things, and the shapes that travel between the adapter's files. */

/** Every host path the client calls is at this origin. */
export const origin = 'https://api.weixin.qq.com';

/** Where a conversation is written to. */
export interface WechatAddress {
  /** The person's id at this account; another account knows the same person by another one. */
  openid: string;
}

/** A delivery after its signature was checked and, unless the mode is plain, its text decrypted. */
export interface WechatPayload {
  xml: string;
  /** The answer to it must be encrypted too. */
  encrypted: boolean;
}

/** What `client.fetch` gets a customer's file by. At least one is there. */
export interface WechatMedia {
  mediaId?: string;
  /** Pictures only: an address that needs no permission. */
  url?: string;
}

/** One request of a part. Ids of uploaded files are filled in at `{{media:0}}` and `{{thumb:0}}`. */
export interface WechatRequest {
  method: 'POST';
  path: '/cgi-bin/message/custom/send' | '/cgi-bin/message/template/send';
  body: Readonly<Record<string, unknown>>;
}

export const mediaPlaceholder = '{{media:0}}';
export const thumbPlaceholder = '{{thumb:0}}';

/** Kinds of temporary media. */
export type MediaUse = 'image' | 'voice' | 'video' | 'thumb';

/** WeChat writes "M" and "KB"; the smaller reading is safe. */
const megabyte = 1_000_000;

/** Largest upload of each kind in bytes, and the types it may have. Source: temporary media, upload. */
export const uploadLimits: Readonly<Record<MediaUse, { maxBytes: number; types: readonly string[] }>> = {
  image: { maxBytes: 10 * megabyte, types: ['image/jpeg', 'image/png', 'image/gif'] },
  voice: { maxBytes: 2 * megabyte, types: ['audio/amr', 'audio/mpeg'] },
  video: { maxBytes: 10 * megabyte, types: ['video/mp4'] },
  thumb: { maxBytes: 64_000, types: ['image/jpeg'] },
};

/** Longest voice message, ms. */
export const longestVoice = 60_000;

const hour = 60 * 60_000;

/** Uploads can be used for three days; the last hour is left to messages that wait. ms. */
export const uploadLifetime = 72 * hour - hour;

/** What the customer's doings allow to be sent: so many messages for so long. Source: customer messages, since 2023-06. */
export const grants = {
  message: { duration: 48 * hour, quota: 5 },
  /** Menu clicks of the pushing kinds, following, scanning; a tap on a menu message counts as one (third-party word). */
  click: { duration: 60_000, quota: 3 },
} as const;

/** Text of one message. The documentation names no limit for service accounts; 45002 is answered from about here on. */
export const textLimit = { max: 2_048, unit: 'bytes' } as const;

/** Menu messages and articles: the documentation names no limits; these are what is shown without being cut. */
export const quickReplyLimits = { max: 10, title: { max: 60, unit: 'bytes' } } as const;
export const articleLimits = {
  title: { max: 64, unit: 'graphemes' },
  text: { max: 120, unit: 'graphemes' },
} as const;
