import type { Conversation, Person } from './conversation.ts';
import type { Attempt, Part, Sent } from './outbound.ts';

/** The only part of an adapter that calls its platform. One for each running channel. */
export interface ChannelClient {
  /** Send one part: exactly one request that counts. Rejects with SendFailure. */
  send(attempt: Attempt): Promise<Sent>;
  /**
   * What must be there before a part is attempted and is harmless to repeat: uploads, tokens. The answer (plain JSON)
   * is kept with the part. Rejects with SendFailure.
   */
  ready?(part: Part, conversation: Conversation, signal: AbortSignal): Promise<unknown>;
  /** Bytes of something a customer sent. `reference` is the attachment's `media`. Rejects with MediaFailure. */
  fetch?(reference: unknown): Promise<FetchedFile>;
  /** What the platform tells of a person; undefined when it tells nothing. */
  profile?(person: Person, conversation: Conversation): Promise<Partial<Person> | undefined>;
  /** Show or end "is typing". Failures are logged and nothing else. */
  typing?(conversation: Conversation, typing: boolean): Promise<void>;
  /** Mark the customer's messages as read, up to and with these platform ids. */
  read?(conversation: Conversation, externalIds: readonly string[]): Promise<void>;
  /** Templates that may be sent now. */
  templates?(): Promise<Template[]>;
  /** Try the settings without sending anything to anybody. */
  test(): Promise<TestResult[]>;
  /** Connections of our own. Resolves once they are under way; how it goes is `report`ed. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

export interface FetchedFile {
  /** As the platform says; the media cache finds the truth. */
  contentType?: string;
  name?: string;
  stream: AsyncIterable<Uint8Array>;
}

/** Why a customer's file could not be had. */
export class MediaFailure extends Error {
  /** `gone`: never again. `later`: try again after `after` ms. `refused`: must not be had (guard, size). */
  readonly kind: 'gone' | 'later' | 'refused';
  readonly after: number | undefined;
  constructor(kind: MediaFailure['kind'], message: string, options: { after?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'MediaFailure';
    this.kind = kind;
    this.after = options.after;
  }
}

export interface Template {
  name: string;
  language?: string;
  /** What it says, blanks as `{{name}}`. */
  text: string;
  /** Names of the blanks in order. */
  blanks: string[];
}

/** One thing that was tried by *Test connection*. In plain English. */
export interface TestResult {
  ok: boolean;
  /** "Access token", "Webhook subscription". */
  what: string;
  /** What was found, and when it is not ok what to do about it. Without secrets. */
  detail: string;
}
