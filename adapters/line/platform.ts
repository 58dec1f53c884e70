/** What is LINE's: hosts, limits, message objects. Source: Messaging API reference and OpenAPI, July 2026. */

export const api = 'https://api.line.me';
/** Another host: what customers send is fetched here. */
export const dataApi = 'https://api-data.line.me';

/**
 * A reply token is good once, for about a minute after the event; LINE documents no exact time. Younger than this, ms,
 * it is tried.
 */
export const replyTokenLifetime = 50_000;

export const limits = {
  /** UTF-16 code units. */
  text: 5_000,
  /** Message objects in one request. */
  messages: 5,
  altText: 400,
  /** Of quick replies and buttons; graphemes. (Undocumented for quick replies in the OpenAPI: 20 by the reference.) */
  label: 20,
  quickReplies: 13,
  /** Of the text or data an action carries, UTF-16 code units. */
  actionData: 300,
  uri: 1_000,
  locationText: 100,
  confirm: { actions: 2, text: 240 },
  buttons: { actions: 4, title: 40, text: 160, textWithMore: 60 },
  carousel: { columns: 10, actions: 3, title: 40, text: 120, textWithMore: 60 },
  flex: { bubbles: 12, bytes: 50_000 },
  imageBytes: 10_000_000,
  /** Of the small picture that stands for a larger one. */
  previewBytes: 1_000_000,
  audioBytes: 200_000_000,
  videoBytes: 200_000_000,
} as const;

export const types = {
  image: ['image/jpeg', 'image/png'],
  audio: ['audio/mp4', 'audio/x-m4a', 'audio/m4a', 'audio/mpeg', 'audio/mp3'],
  video: ['video/mp4'],
} as const;

export type LineAction =
  | { type: 'message'; label: string; text: string }
  | { type: 'postback'; label: string; data: string; displayText: string }
  | { type: 'uri'; label: string; uri: string };

export interface QuickReply {
  items: { type: 'action'; action: LineAction }[];
}

export type FlexComponent = { type: string; [key: string]: unknown };

export interface FlexBubble {
  type: 'bubble';
  hero?: FlexComponent;
  body?: FlexComponent;
  footer?: FlexComponent;
}

export interface CarouselColumn {
  thumbnailImageUrl?: string;
  title?: string;
  text: string;
  actions: LineAction[];
}

export type LineTemplate =
  | { type: 'confirm'; text: string; actions: LineAction[] }
  | ({ type: 'buttons' } & CarouselColumn)
  | { type: 'carousel'; columns: CarouselColumn[] };

/** One message object. */
export type LineMessage = { quickReply?: QuickReply } & (
  | { type: 'text'; text: string; quoteToken?: string }
  | { type: 'image' | 'video'; originalContentUrl: string; previewImageUrl: string }
  | { type: 'audio'; originalContentUrl: string; duration: number }
  | { type: 'location'; title: string; address: string; latitude: number; longitude: number }
  | { type: 'template'; altText: string; template: LineTemplate }
  | { type: 'flex'; altText: string; contents: FlexBubble | { type: 'carousel'; contents: FlexBubble[] } }
);

/** What `Conversation.address` holds. */
export interface Address {
  /** User, group or room id: what a push names. */
  to: string;
  kind: 'user' | 'group' | 'room';
  /** Of the last event that gave one; gone once it was used. `at`: when that event happened, ms since the epoch. */
  reply?: { token: string; at: number };
  /** Of the last message: marks it and all before it as read. */
  readToken?: string;
}

/** What `Part.request` holds. `messages` is JSON, so that a repeat sends the same bytes wherever it was stored. */
export interface LineRequest {
  messages: string;
  /** Whether it may go as a reply: it was prepared while a reply token was fresh, and is the first of its message. */
  reply?: true;
  /** X-Line-Retry-Key of a push. */
  retryKey: string;
}

/** `channelData` of a customer's message. */
export interface MessageData {
  quoteToken?: string;
}

/** What a customer's file is fetched by. */
export type MediaReference = { messageId: string } | { url: string };

/** Data of our own postback buttons: marks it, then their title, then what they stand for. */
const ownData = 'foyer:';

/** LINE's postback event has no title of the button: ours travels with the value. Undefined when that is too long. */
export function postbackData(title: string, value: string): string | undefined {
  const data = `${ownData}${title}\n${value}`;
  return data.length <= limits.actionData ? data : undefined;
}

/** Title and value of one of our buttons; undefined for data of rich menus and other tools. */
export function ownPostback(data: string): { title: string; value: string } | undefined {
  const end = data.indexOf('\n');
  if (!data.startsWith(ownData) || end === -1) return undefined;
  return { title: data.slice(ownData.length, end), value: data.slice(end + 1) };
}
