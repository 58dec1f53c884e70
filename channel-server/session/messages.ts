import type { ActivityContent, Attachment, Audience, PageContext, Participant } from '../../adapters/contract/index.ts';
import type { Change, StoredActivity } from './changes.ts';
import type { Session } from './session.ts';

/** Media that a message links: attachments for the log, and the changes that give them to the session. */
export interface LinkedMedia {
  attachments: Attachment[];
  changes(sessionId: string): readonly Change[];
}

/** A customer's message, checked and decoded. */
export interface CustomerMessage {
  tenantId: string;
  channel: { id: string; type: string };
  /** Every conversation this customer owns; a new session is started in the first. */
  conversations: readonly string[];
  from: Participant;
  /** Scope of `clientId` / `externalId`, e.g. `visitor:<id>`. */
  keyScope: string;
  clientId?: string;
  externalId?: string;
  content: ActivityContent;
  media?: LinkedMedia;
  page?: PageContext;
  locale?: string;
  /** The sender's connection, which gets no echo. */
  connectionId?: string;
}

/** A message or note of the company's people. */
export interface StaffMessage {
  session: Session;
  from: Participant;
  accountId: string;
  clientId: string;
  audience: Audience;
  content: ActivityContent;
  media?: LinkedMedia;
  connectionId?: string;
}

export interface StoredMessage {
  stored: StoredActivity;
  repeated: boolean;
}

/** A customer's message once it is stored. */
export interface ReceivedMessage extends StoredMessage {
  /** Its session may be new to its sender, or no longer be what it was: begun, woken, reopened, looked up anew. */
  entered: boolean;
}
