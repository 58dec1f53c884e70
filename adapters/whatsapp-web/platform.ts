/**
 * What this adapter uses of whatsapp-web.js 1.34.7, written down here because the package is optional. Nothing that
 * comes out of it is trusted to have these shapes: WhatsApp's own code is behind it, and changes.
 */
export interface Library {
  Client: new (options: object) => WebClient;
  LocalAuth: new (options: { clientId: string; dataPath: string }) => object;
  MessageMedia: new (mimetype: string, data: string, filename?: string | null, filesize?: number | null) => object;
  Location: new (latitude: number, longitude: number, options?: { name?: string; address?: string }) => object;
}

export interface WebClient {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** Resolves before anybody is logged in. Rejects with text or an error; the browser may then still be there. */
  initialize(): Promise<void>;
  destroy(): Promise<void>;
  getState(): Promise<string | null>;
  sendMessage(chatId: string, content: unknown, options: object): Promise<{ id?: unknown } | null | undefined>;
  sendReaction(messageId: string, reaction: string): Promise<void>;
  sendSeen(chatId: string): Promise<unknown>;
  getMessageById(messageId: string): Promise<WebMessage | null | undefined>;
  getChatById(chatId: string): Promise<WebChat>;
  getContactById(contactId: string): Promise<Record<string, unknown>>;
  getProfilePicUrl?(contactId: string): Promise<string | undefined>;
  getContactLidAndPhone?(userIds: string[]): Promise<{ lid?: string; pn?: string }[]>;
  info?: { wid?: unknown; pushname?: unknown };
  pupPage?: { on(event: string, listener: (...values: unknown[]) => unknown): unknown } | null;
  pupBrowser?: {
    process?(): { kill(signal: 'SIGKILL'): boolean; exitCode: number | null } | null;
    on?(event: 'disconnected', listener: () => void): unknown;
  } | null;
}

export interface WebMessage {
  fromMe?: boolean;
  hasMedia?: boolean;
  downloadMedia(): Promise<{ mimetype?: string; data?: string; filename?: string | null } | null | undefined>;
  delete(everyone: boolean): Promise<void>;
}

export interface WebChat {
  sendStateTyping(): Promise<unknown>;
  clearState(): Promise<unknown>;
}

/** Limits of WhatsApp; texts may be longer (m), and what is longer than this is hardly read. */
export const limits = {
  text: { max: 4_096, unit: 'utf16' },
  caption: { max: 1_024, unit: 'utf16' },
  media: 16_000_000,
  /** WhatsApp takes more; the whole file has to pass through the browser's debugging connection. */
  document: 64_000_000,
  sticker: 500_000,
} as const;

/** What the adapter keeps of a conversation. */
export interface Address {
  chatId: string;
}

/** What `fetch` needs to get a customer's file. */
export interface MediaReference {
  messageId: string;
}

/** One thing to do, as it is stored before it is done. */
export type Doing =
  | { do: 'send'; chatId: string; quote?: string; text: string }
  | { do: 'send'; chatId: string; quote?: string; vcard: string }
  | {
      do: 'send';
      chatId: string;
      quote?: string;
      location: { latitude: number; longitude: number; name?: string; address?: string };
    }
  | {
      do: 'send';
      chatId: string;
      quote?: string;
      as: 'media' | 'voice' | 'document' | 'sticker';
      name: string;
      caption?: string;
    }
  | { do: 'react'; messageId: string; emoji: string }
  | { do: 'delete'; messageId: string };

/** Something the library told, as plain JSON: its objects hold the browser. */
export interface Heard {
  event: 'message' | 'own-message' | 'edit' | 'revoke' | 'reaction' | 'ack' | 'call' | 'renamed' | 'group';
  /** The account's own id. */
  me?: string;
  /** ms since the epoch, when it was heard. */
  at: number;
  [field: string]: unknown;
}
