import type { PageContext, Participant } from '../../adapters/contract/index.ts';
import type { IdentityFacts } from '../customers/customer.ts';
import type { Change } from './changes.ts';
import type { CustomerMessage, ReceivedMessage, StaffMessage, StoredMessage } from './messages.ts';
import type { PlatformNames } from './rename.ts';
import type { CloseReason, Session } from './session.ts';

export type { CustomerMessage, LinkedMedia, ReceivedMessage, StaffMessage, StoredMessage } from './messages.ts';
export type { PlatformNames } from './rename.ts';

/** Sessions and their logs. Rights are checked by the caller (`access`); states are checked here, in the commit. */
export interface SessionService {
  /** Store a customer's message: into the open session, else into one closed within `reopenWithin`, else into a new one. */
  receive(message: CustomerMessage): Promise<ReceivedMessage>;
  /** Store what must not begin, reopen or wake a session: into the open one; undefined, and nothing stored, when there is none. */
  add(message: CustomerMessage): Promise<ReceivedMessage | undefined>;
  /**
   * The platform calls a conversation and its person otherwise now: identity and sessions go on under the new names,
   * with `changes` in the same commit.
   */
  rename(
    tenantId: string,
    channelId: string,
    before: PlatformNames,
    after: PlatformNames,
    changes: readonly Change[],
  ): Promise<void>;
  /** Store an agent's message (only by the agent who has the session: SESSION_NOT_YOURS) or a note. */
  send(message: StaffMessage): Promise<StoredMessage>;
  receipt(
    session: Pick<Session, 'id' | 'tenantId'>,
    reader: Participant,
    marks: { delivered?: number; read?: number },
  ): Promise<void>;
  /** Told, never stored. */
  typing(session: Pick<Session, 'id' | 'tenantId'>, from: Participant, typing: boolean, connectionId?: string): void;
  /** The customer's page, kept with the open session. */
  page(tenantId: string, channelId: string, conversations: readonly string[], page: PageContext): Promise<void>;
  /** Close by either side or the system. Closing a closed session answers it as it is. */
  close(session: Session, by: Participant, reason: CloseReason): Promise<Session>;
  rate(session: Session, by: Participant, rating: { score: number; comment?: string }): Promise<void>;
  /** A `live` customer's last page went, or a first one came back. */
  gone(tenantId: string, channelId: string, conversations: readonly string[]): Promise<void>;
  back(tenantId: string, channelId: string, conversations: readonly string[]): Promise<void>;
  /** Keep what a signature or the person says about an identity; bind the visitor's identity to the subject's customer. */
  identify(
    tenantId: string,
    channelId: string,
    conversations: readonly string[],
    facts: { signed?: IdentityFacts; typed?: IdentityFacts },
  ): Promise<void>;
}
