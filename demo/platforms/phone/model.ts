/** What a phone shows and what its owner can do: one form for every platform, so that one page shows them all. */

/** Somebody who has the app: the company's customer. */
export interface Person {
  /** The platform's id of them, as the company gets to know it. */
  id: string;
  name: string;
  /** E.164, where the platform has numbers. */
  phone?: string;
  /** BCP 47. */
  locale: string;
  /** Follows, has opted in, has not blocked: gets what the company sends. */
  follows: boolean;
  /** ms since the epoch. */
  since: number;
  /** The company shows "is typing". */
  companyTyping: boolean;
}

/** A file in a message. */
export interface ShownFile {
  kind: 'image' | 'voice' | 'audio' | 'video' | 'file' | 'sticker';
  /** Address for the phone page; absent while it is being fetched, or when it cannot be had. */
  url?: string;
  name?: string;
  contentType?: string;
  /** Bytes. */
  size?: number;
  /** Milliseconds. */
  duration?: number;
  /** Why it is not there, in the app's words. */
  missing?: string;
}

/** A thing to tap. What the platform needs to know of it stays in `value`. */
export interface ShownButton {
  /** Unique in its message. */
  id: string;
  title: string;
  /** Second line, in lists. */
  description?: string;
  /** `answer` tells the company; `open` and `call` leave the app; `location` shares where one is. */
  does: 'answer' | 'open' | 'call' | 'location' | 'date' | 'nothing';
  /** Of `open`. */
  url?: string;
  /** Platform's own: postback data, row id. */
  value?: unknown;
}

export interface ShownCard {
  title?: string;
  text?: string;
  image?: ShownFile;
  buttons: ShownButton[];
}

export interface ShownPlace {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

/** A message as the app shows it. */
export interface ShownMessage {
  /** The platform's id. */
  id: string;
  by: 'customer' | 'company' | 'system';
  /** ms since the epoch. */
  at: number;
  /** Above and below the text, smaller. */
  header?: string;
  text?: string;
  footer?: string;
  file?: ShownFile;
  place?: ShownPlace;
  contact?: { name: string; phones: string[] };
  /** More than one stand side by side. */
  cards?: ShownCard[];
  /** Stay where they are. */
  buttons?: ShownButton[];
  /** Vanish when one is tapped or something else is said. */
  quickReplies?: ShownButton[];
  /** Opens a list of rows. */
  list?: { title: string; rows: ShownButton[] };
  /** Id of the message this one quotes. */
  quotes?: string;
  reactions?: { by: 'customer' | 'company'; emoji: string }[];
  edited?: boolean;
  /** Taken back by whoever wrote it. */
  removed?: boolean;
  /** How far it got: of the customer's as the company's server answered, of the company's as the phone did. */
  state?: 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
  /** A word on what it is: `template`, `encrypted`, `SMS`. */
  tag?: string;
}

/** What the owner of a phone does. */
export type PhoneAction =
  | { do: 'text'; text: string; quotes?: string }
  | {
      do: 'file';
      as: ShownFile['kind'];
      file: GivenFile;
      caption?: string;
      quotes?: string;
    }
  | { do: 'location'; latitude: number; longitude: number; name?: string; address?: string }
  | { do: 'sticker'; sticker: string }
  | { do: 'contact'; name: string; phone: string }
  | { do: 'tap'; message: string; button: string }
  | { do: 'react'; message: string; emoji: string | null }
  | { do: 'edit'; message: string; text: string }
  | { do: 'unsend'; message: string }
  | { do: 'follow' }
  | { do: 'unfollow' }
  | { do: 'menu'; item: string }
  | { do: 'typing'; typing: boolean }
  | { do: 'read' };

/** A file somebody picked on their phone. */
export interface GivenFile {
  bytes: Buffer;
  contentType: string;
  name: string;
  /** Milliseconds, of audio and video, as far as the phone knows. */
  duration?: number;
}

/** What an app lets its people do; the page shows no more than that. */
export interface PhoneFeatures {
  files: readonly ShownFile['kind'][];
  location: boolean;
  contact: boolean;
  /** Ids of stickers that can be sent. */
  stickers: readonly string[];
  quotes: boolean;
  reactions: readonly string[];
  edits: boolean;
  unsends: boolean;
  typing: boolean;
  /** What following is called, when the app has it. */
  follow?: 'follow' | 'block' | 'opt-in';
  /** The company's menu below the conversation. */
  menu?: readonly { id: string; title: string }[];
  captions: boolean;
}

/** The owner of the phone asked for something the app does not do, or that is not there. */
export class PhoneRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PhoneRefusal';
  }
}
