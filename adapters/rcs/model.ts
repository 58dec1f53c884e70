import type { FileKind, Limit, PartMedia } from '../contract/index.ts';

/**
 * The one model between activities and what each network speaks: `decode.ts` and `encode.ts` know only this, the codecs
 * only this and their network.
 */

/** Where a person is written to; kept per conversation. */
export interface Address {
  /** E.164 with its plus. Absent: a person whose number the network hides. */
  phone?: string;
  /** The network's token for a person whose number it hides (GSMA). */
  chatId?: string;
  /** The conversation's id at the network, when it has one (China). */
  conversationId?: string;
  /** The customer's last message, which ours answers (China). */
  contributionId?: string;
}

/** A file of a customer: what {@link Codec.client}'s `fetch` gets. Plain JSON. */
export interface HeardFile {
  url: string;
  contentType: string;
  name?: string;
  /** Bytes. */
  size?: number;
  /** Milliseconds. */
  duration?: number;
  /** The network says that it was recorded to be listened to. */
  voice?: boolean;
}

export type HeardContent =
  | { kind: 'text'; text: string }
  /** A suggested reply that was tapped: its title and what was hidden in it. */
  | { kind: 'reply'; text: string; data: string | undefined }
  /** A suggested action that was tapped: the phone did something, the customer said nothing. */
  | { kind: 'action'; text: string | undefined; data: string | undefined }
  | { kind: 'files'; files: HeardFile[] }
  | { kind: 'location'; latitude: number; longitude: number; name?: string; gcj02?: boolean }
  | { kind: 'subscribed' }
  | { kind: 'unsubscribed' }
  /** Anything else, by an event's name `rcs:<past>` . */
  | { kind: 'other'; name: string; value: unknown };

/** What a delivery of a network says. */
export type Heard =
  | {
      kind: 'message';
      /** The network's id of it. */
      id: string;
      from: Address;
      /** ms since the epoch. */
      at: number;
      content: HeardContent;
      /** The chatbot it was sent to, as {@link Codec.account} calls it. */
      account?: string;
    }
  | {
      kind: 'status';
      state: 'sent' | 'delivered' | 'read' | 'failed';
      message: string;
      at: number;
      /** Why it failed, or how else it was delivered. */
      reason?: { code: string; text: string };
      account?: string;
    }
  | { kind: 'typing'; from: Address; typing: boolean; account?: string }
  | { kind: 'notice'; code: string; text: string; severity: 'info' | 'warning' | 'error'; account?: string }
  | { kind: 'kept'; name: string; value: string; expiresAt?: number };

/** A chip below a message, or a button of a card. */
export type Suggestion =
  | { kind: 'reply'; title: string; data: string }
  | { kind: 'url'; title: string; url: string }
  | { kind: 'call'; title: string; phone: string }
  | { kind: 'map'; title: string; latitude: number; longitude: number; label?: string };

/** A file of ours; `media` points into the part's list of files. */
export interface OutFile {
  name: string;
  contentType: string;
  kind: FileKind;
  /** Bytes, when known. */
  size?: number;
  source: FileSource;
}

/** A public address, or a file that is uploaded first. */
export type FileSource = { by: 'link'; url: string } | { by: 'upload'; media: PartMedia };

export interface OutCard {
  title?: string;
  text?: string;
  picture?: FileSource;
  buttons: Suggestion[];
}

/** One message of ours. `suggestions` are chips below it. */
export type Outgoing = { suggestions: Suggestion[] } & (
  | { kind: 'text'; text: string }
  | { kind: 'file'; file: OutFile }
  /** One is a rich card, 2 to 10 are a carousel. */
  | { kind: 'cards'; cards: OutCard[] }
  | { kind: 'location'; latitude: number; longitude: number; name?: string }
);

/** What one kind of file may be for a network. */
export interface FileRule {
  /** Bytes. */
  maxBytes: number;
  types: readonly string[];
  /** What other types of this kind are turned into. Absent: they go as a link that ends. */
  otherwise?: string;
}

/** What a network carries, for {@link prepare} and the capabilities. */
export interface Limits {
  text: Limit;
  suggestions: number;
  suggestionTitle: Limit;
  /** Hidden in a suggested reply. */
  suggestionData: Limit;
  card: { title: Limit; text: Limit; buttons: number };
  carousel: number;
  files: Partial<Record<FileKind, FileRule>>;
  /** How files reach the network. */
  filesBy: 'upload' | 'link';
  /** Places: in the datum of Chinese maps or the world's; as a link where there is no message for them. */
  location: { datum: 'gcj02' | 'wgs84'; asLink: boolean };
}
