import type { Session } from '../session/session.ts';
import type { SessionAction } from './may.ts';
import type { Principal } from './principal.ts';

/** The one door to a session for REST, sockets, media, search and export. */
export interface SessionAccess {
  /** The session, when `principal` may do `action` on it. Else SESSION_NOT_FOUND (may not even read), or ACCESS_DENIED. */
  session(principal: Principal, action: SessionAction, sessionId: string): Promise<Session>;
  /** As `session`, without throwing. */
  allowed(principal: Principal, action: SessionAction, session: Session): Promise<boolean>;
}
