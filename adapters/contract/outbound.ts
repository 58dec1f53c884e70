import type { ActivityContent, ActivityType, Role } from './activity.ts';
import type { Conversation, ConversationClosed } from './conversation.ts';

/** What the company wants to be sent, as stored. */
export interface OutboundActivity extends Omit<ActivityContent, 'replyToId'> {
  /** `message`, `messageReaction` or `messageDelete`; others are never sent. */
  type: ActivityType;
  from: { name?: string; role: Role };
  /** Platform id of the message it quotes or is about; only when someone chose to quote. */
  target?: string;
  /** `channelData` of that message as it was decoded, where it has any: LINE's quote token. */
  targetData?: unknown;
}

/** All that encoding may look at. */
export interface EncodeContext<Settings = unknown> {
  settings: Settings;
  conversation: Conversation;
  /** ms since the epoch. */
  now: number;
  /** For platforms that fetch files from us, and for files that go as a link: a signed address, by media id. */
  link(mediaId: string): string | undefined;
  /** A new idempotency key: a UUID. The same for the same message when encoding is repeated. */
  key(part: number): string;
}

/** A message as it will be sent: parts in order, and what is lost on the way. */
export interface Prepared {
  /** Empty when nothing can be sent; `losses` then say why. */
  parts: Part[];
  losses: Loss[];
}

/** One request to the platform. Plain JSON: it is stored before its first attempt and sent as stored. */
export interface Part {
  /** What the client sends: method, path, exact body, or whatever it understands. No secrets. */
  request: unknown;
  /** Given when the platform knows repeats by it: then an unknown outcome is tried again with the same bytes. */
  key?: string;
  /** Files that must be with the platform first; `client.ready` sees to them. */
  media?: PartMedia[];
  /** Messages of the window's quota that it uses. Default 1. */
  costs?: number;
  /** What the customer will see, for the composer's preview: words, or the kind of thing. */
  shows: { kind: 'text' | 'image' | 'audio' | 'video' | 'file' | 'card' | 'other'; text?: string };
}

export interface PartMedia {
  mediaId: string;
  /** As the platform calls it: `image`, `voice`, `dm_image`. */
  use: string;
  /** Form it must have first; the media cache makes it when it can. */
  form?: { contentType: string; maxBytes?: number };
}

/**
 * Something of the message that the channel cannot carry as it is. `code` is stable and a locale key of the desk's
 * (`losses.<code>`); `values` fill its blanks. `blocks`: the message is not sent at all.
 */
export interface Loss {
  code: LossCode;
  values?: Record<string, string | number>;
  blocks?: boolean;
}

export type LossCode =
  /** {parts}: text goes as several messages. */
  | 'text-split'
  /** {max, unit, length} */
  | 'text-too-long'
  | 'formatting-dropped'
  /** {what}: quick replies, buttons or a card go as a numbered list. */
  | 'buttons-as-list'
  | 'card-as-text'
  /** {name}: a file goes as a link that ends. */
  | 'file-as-link'
  /** {name, max}: larger than the channel takes. */
  | 'file-too-large'
  /** {name, type} */
  | 'file-type-refused'
  /** {name, from, to} */
  | 'file-converted'
  | 'caption-apart'
  | 'location-as-link'
  | 'contact-as-text'
  | 'quote-dropped'
  | 'reaction-dropped'
  | 'deletion-not-possible'
  | 'sticker-as-picture'
  /** The messaging window is closed: only a template goes. */
  | 'window-closed'
  /** {left}: the window's quota is used up with this, or does not suffice. */
  | 'quota-exceeded'
  /** {closed} */
  | 'conversation-closed'
  | 'template-invalid'
  /** Files need a public https address of this server (FOYER_PUBLIC_URL). */
  | 'no-public-address'
  | 'nothing-to-send';

/** A part on its way. */
export interface Attempt {
  part: Part;
  conversation: Conversation;
  /** What `ready` answered, kept with the part. */
  ready: unknown;
  /** Counts from 1. */
  number: number;
  /** Fires when the attempt's time is over. */
  signal: AbortSignal;
}

/** The platform took it. */
export interface Sent {
  /** The platform's ids of what it made of the part; none where it gives none (WeChat). */
  externalIds: string[];
  /** What the adapter keeps of the conversation afterwards, when that changed: a reply handle is spent. */
  conversation?: Conversation;
  /** Already there from an earlier attempt. */
  repeated?: boolean;
}

/** Why a request did not do what it should, by what one does about it. */
export type SendFailureKind =
  /** Never works for this message: wrong, too large, not allowed. */
  | 'refused'
  /** Surely not taken; try again: could not connect, 5xx that says so. */
  | 'unreachable'
  /** Surely not taken; wait `after` ms. */
  | 'rate-limited'
  /** The customer must write first, or a template must be used. */
  | 'window-closed'
  /** This customer gets nothing from us: blocked, unfollowed, no such user. */
  | 'blocked'
  /** The account itself does not work: token, permission, suspended. The channel stops until someone looks. */
  | 'channel-broken'
  /** Sent, and no answer: it may have been taken. */
  | 'unknown';

/** Thrown by a client. `message` is for people of the company: what the platform said, no secrets. */
export class SendFailure extends Error {
  readonly kind: SendFailureKind;
  /** Milliseconds to wait, when the platform says. */
  readonly after: number | undefined;
  /** The platform's own code. */
  readonly code: string | undefined;
  readonly closed: ConversationClosed | undefined;

  constructor(
    kind: SendFailureKind,
    message: string,
    options: { after?: number; code?: string; closed?: ConversationClosed; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SendFailure';
    this.kind = kind;
    this.after = options.after;
    this.code = options.code;
    this.closed = options.closed;
  }
}
