/**
 * What X sends and takes, as far as this adapter uses it. Sources: X API v2 documentation and OpenAPI (August 2026),
 * Account Activity API documentation. Nothing that arrives is trusted to have these shapes.
 */

/** Origin of the API. */
export const apiOrigin = 'https://api.x.com';

/** Hosts customers' files lie on. */
export const mediaHosts: readonly string[] = ['twitter.com', 'x.com', 'twimg.com'];

/** Limits of direct messages. */
export const limits = {
  /** Text of one message. Known from third parties only; UTF-16 units never count fewer than characters. */
  text: { max: 10_000, unit: 'utf16' },
  image: 5_000_000,
  gif: 15_000_000,
  video: 512_000_000,
} as const;

/** `media_category` of an upload for a direct message. */
export type MediaCategory = 'dm_image' | 'dm_gif' | 'dm_video';

/** Types of the newer activity events (XAA) that a channel needs, and those that it is better with. */
export const neededEvents: readonly string[] = ['dm.received'];
export const usefulEvents: readonly string[] = ['dm.sent', 'dm.read', 'dm.indicate_typing', 'chat.received'];

/** What stands in the place of an uploaded medium's id until it is known. */
export function mediaPlaceholder(index: number): string {
  return `{{media:${index}}}`;
}

/** What the adapter keeps of a conversation: one person, or a group by its conversation id. */
export type Address = { userId: string } | { conversationId: string };

/** A part as it is stored: everything but credentials and media ids. */
export interface SendRequest {
  method: 'POST';
  path: string;
  /** JSON text. */
  body: string;
}

/** What `ready` keeps with a part: ids of its uploaded media, in order. */
export interface Uploaded {
  media: string[];
}

/** What `fetch` needs to get a customer's file. */
export interface MediaReference {
  url: string;
}

const snowflakeEpoch = 1_288_834_974_657n;

/**
 * When X made this id, ms since the epoch; undefined for an id that is none of its time-ordered ones (64 bits, of
 * which the upper 42 count milliseconds since November 2010).
 */
export function madeAt(id: string): number | undefined {
  if (!/^\d{15,19}$/.test(id)) return undefined;
  return Number((BigInt(id) >> 22n) + snowflakeEpoch);
}
