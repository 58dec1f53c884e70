import type { PageContext, Participant } from '../../adapters/contract/index.ts';
import type { IdentityFacts } from '../customers/customer.ts';
import { createAttendance } from './attendance.ts';
import { closeSession } from './close.ts';
import type { SessionDependencies } from './dependencies.ts';
import { createIdentify } from './identify.ts';
import { createKnownSessions } from './known-sessions.ts';
import type { CustomerMessage, StaffMessage, StoredMessage } from './messages.ts';
import { createPage } from './page.ts';
import type { TimerHandlers } from './ports.ts';
import { createPresence } from './presence.ts';
import { createRate } from './rate.ts';
import { createReceipt } from './receipts.ts';
import { createReceive } from './receive.ts';
import { createSend } from './send.ts';
import { createSerial } from './serial.ts';
import type { CloseReason, Session } from './session.ts';
import { sessionTimerHandlers } from './session-timers.ts';
import { armOpenSessions } from './start-sessions.ts';

export type { SessionDependencies } from './dependencies.ts';
export type { CustomerMessage, LinkedMedia, StaffMessage, StoredMessage } from './messages.ts';

/** Sessions and their logs. Rights are checked by the caller (`access`); states are checked here, in the commit. */
export interface SessionService {
  /** Store a customer's message: into the open session, else into one closed within `reopenWithin`, else into a new one. */
  receive(message: CustomerMessage): Promise<StoredMessage>;
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

/** A session service with what keeps its sessions going: to be started once storage and channels stand. */
export interface RunningSessions extends SessionService {
  /** For the timer runner. */
  readonly timers: TimerHandlers;
  /** After a start: give open sessions of these channels the timers they lack, for customers who may not come back. */
  start(channelIds: readonly string[]): Promise<void>;
}

export function createSessionService(d: SessionDependencies): RunningSessions {
  const known = createKnownSessions();
  const serial = createSerial();
  const attendance = createAttendance();
  return {
    receive: createReceive(d, known, serial),
    send: createSend(d),
    receipt: createReceipt(d),
    typing({ tenantId, id: sessionId }, from, typing, connectionId) {
      const told = { kind: 'typing', tenantId, sessionId, from, typing } as const;
      d.signals.publish(connectionId === undefined ? told : { ...told, connectionId });
    },
    page: createPage(d, known),
    async close(session, by, reason) {
      const closed = await closeSession(d, session, by, reason);
      known.forget(session.channelId, session.conversation);
      return closed;
    },
    rate: createRate(d),
    ...createPresence(d, serial, attendance),
    identify: createIdentify(d),
    timers: sessionTimerHandlers(d, attendance),
    start: (channelIds) => armOpenSessions(d, channelIds),
  };
}
