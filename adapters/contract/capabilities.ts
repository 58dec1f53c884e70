/** A limit always names its unit. */
export interface Limit {
  max: number;
  unit: 'bytes' | 'utf16' | 'graphemes';
}

/** Kinds of files a message may hold. */
export type FileKind = 'image' | 'audio' | 'voice' | 'video' | 'file' | 'sticker';

/** What the channel does with one kind of file on the way out. */
export interface FileLimit {
  /** Largest file, in bytes. */
  maxBytes: number;
  /** MIME types, `image/*` or `*` allowed. */
  types: string[];
  /** Words that go with it in the same message; absent: they go as a message of their own. */
  caption?: Limit;
  /** `upload`: we give the bytes. `link`: the platform fetches them from us, which needs a public https address. */
  by: 'upload' | 'link';
}

/**
 * What a channel can carry. Drives what the server refuses, how messages degrade, what the composer says before
 * sending, session life cycle, and the documentation's channel table.
 */
export interface Capabilities {
  /** Text of one message of the platform; longer ones are split where `splits`, else refused. */
  text: Limit;
  splits?: boolean;
  /** Markdown the platform shows; `plain`: marks are taken out. */
  formatting?: 'plain' | 'whatsapp' | 'markdown';
  attachments: {
    /** Most attachments in one message. */
    max: number;
    /** Largest file of any kind, in bytes. */
    maxBytes: number;
    /** MIME types, `image/*` or `*` allowed. */
    types: string[];
  };
  /** By kind, on the way out; a kind that is not there goes as a link that ends, or as `file`. Web: absent. */
  files?: Partial<Record<FileKind, FileLimit>>;
  /** Answers to tap that vanish afterwards; absent: they go as a numbered list. */
  quickReplies?: { max: number; title: Limit };
  /** Buttons that stay. */
  buttons?: { max: number; title: Limit; text: Limit };
  /** Cards with pictures, and how many make a carousel. */
  cards?: { max: number; buttons: number; title: Limit; text: Limit };
  location?: { in: boolean; out: boolean };
  contact?: { in: boolean; out: boolean };
  typing: { in: boolean; out: boolean };
  receipts: { delivered: boolean; read: boolean };
  /** Quoting, reactions, changing and taking back, each way. */
  quotes?: { in: boolean; out: boolean };
  reactions?: { in: boolean; out: boolean };
  edits?: { in: boolean; out: boolean };
  deletions?: { in: boolean; out: boolean };
  /** When the company may write after a customer did. Absent: always. */
  window?: {
    /** ms after the customer's message. */
    duration: number;
    /** Messages in it; absent: as many as one likes. */
    quota?: number;
    /** What goes afterwards. */
    afterwards: 'template' | 'nothing';
  };
  /** `key`: the platform knows a repeat by its key. `none`: after a lost answer nobody can say. Web: absent. */
  idempotency?: 'key' | 'none';
  /** How long a file's address must live for the platform, ms. With files `by: 'link'`. */
  linkLifetime?: number;
  /** Groups: `answered` or `ignored` is a setting where it is `optional`. */
  groups?: 'optional' | 'never';
  /** `live`: the customer's page is connected or gone. `none`: nobody is ever gone. */
  presence: 'live' | 'none';
  /** How the channel's sessions rest and end; null switches a rule off. All in milliseconds. */
  lifecycle: {
    /** Answered and the customer silent this long: parked, no capacity used. */
    parkAfter: number | null;
    /** Closed when nobody has written for this long. */
    closeAfter: number | null;
    /** A customer's message this soon after closing reopens the same session. */
    reopenWithin: number;
    /** `live` only: gone this long while waiting closes the session as abandoned. */
    abandonAfter: number | null;
  };
}

/** How sessions of messaging platforms rest and end, unless a channel says otherwise. */
export const messagingLifecycle: Capabilities['lifecycle'] = {
  parkAfter: 15 * 60_000,
  closeAfter: 24 * 60 * 60_000,
  reopenWithin: 24 * 60 * 60_000,
  abandonAfter: null,
};
