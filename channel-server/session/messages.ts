import type {
  ActivityContent,
  ActivityType,
  Attachment,
  Audience,
  PageContext,
  Participant,
} from '../../adapters/contract/index.ts';
import type { IdentityFacts } from '../customers/customer.ts';
import type { Change, StoredActivity } from './changes.ts';
import type { Session } from './session.ts';

/** Media that a message links: attachments for the log, and the changes that give them to the session. */
export interface LinkedMedia {
  attachments: Attachment[];
  changes(sessionId: string): readonly Change[];
}

/** A customer's message, checked and decoded; from platforms also what else customers do. */
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
  /** Default `message`. */
  type?: ActivityType;
  /** Of an `event`. */
  name?: string;
  /** Default `all`. */
  audience?: Audience;
  content: ActivityContent;
  media?: LinkedMedia;
  page?: PageContext;
  locale?: string;
  /** Whose the conversation is where its name does not say it, and what the platform vouches for. Default: the first conversation. */
  identity?: { externalId: string; facts: IdentityFacts | null };
  /** The activity it quotes: said so in the log when it goes into the same session. */
  quotes?: { sessionId: string; activityId: string };
  /** What else is committed with it, whichever session it goes into. */
  changes?(sessionId: string): readonly Change[];
  /** Said at once to the customer when a session begins with it. */
  greeting?: string;
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
  /** Its session began with it, now. */
  began: boolean;
}
