import type { CustomerRepository } from '../customers/ports.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { SessionRepository } from '../session/ports.ts';
import { openStates, type Session } from '../session/session.ts';
import { may, type ParticipantFact, type SessionAction, type SessionFacts } from './may.ts';
import type { AccountPrincipal, Principal } from './principal.ts';

/** The one door to a session for REST, sockets, media, search and export. */
export interface SessionAccess {
  /** The session, when `principal` may do `action` on it. Else SESSION_NOT_FOUND (may not even read), or ACCESS_DENIED. */
  session(principal: Principal, action: SessionAction, sessionId: string): Promise<Session>;
  /** As `session`, without throwing. */
  allowed(principal: Principal, action: SessionAction, session: Session): Promise<boolean>;
}

export interface SessionAccessDependencies {
  sessions: Pick<SessionRepository, 'session' | 'participants' | 'list'>;
  customers: Pick<CustomerRepository, 'identity'>;
}

/**
 * Rights only grow with what is known, so facts are read in steps, and only while the answer is still no:
 * first nothing but the session, then its participants, then the agent's other sessions of this customer.
 */
export function createSessionAccess({ sessions, customers }: SessionAccessDependencies): SessionAccess {
  const allowed = async (principal: Principal, action: SessionAction, session: Session): Promise<boolean> => {
    const facts = factsOf(session, [], false);
    if (may(principal, action, facts)) return true;
    if (principal?.kind !== 'account' || principal.tenantId !== session.tenantId) return false;
    const participants = await sessions.participants(session.id);
    if (may(principal, action, { ...facts, participants })) return true;
    if (!may(principal, action, { ...facts, participants, servesSameCustomer: true })) return false;
    return servesSameCustomer(principal, session);
  };

  const servesSameCustomer = async (account: AccountPrincipal, session: Session): Promise<boolean> => {
    const identity = await customers.identity(session.tenantId, session.identityId);
    if (identity === undefined) return false;
    const serving = await sessions.list(
      session.tenantId,
      { customerId: identity.customerId, agentId: account.accountId, states: openStates },
      { limit: 1 },
    );
    return serving.items.length > 0;
  };

  return {
    allowed,
    async session(principal, action, sessionId) {
      const session = await sessions.session(principal.tenantId, sessionId);
      if (session === undefined) throw notFound('session');
      if (await allowed(principal, action, session)) return session;
      const readable = action !== 'read' && (await allowed(principal, 'read', session));
      if (!readable) throw notFound('session');
      if (session.state === 'closed' && (action === 'write' || action === 'accept' || action === 'transfer')) {
        throw new FoyerError('SESSION_CLOSED', 'This session is closed.');
      }
      throw new FoyerError('ACCESS_DENIED', denial[action]);
    },
  };
}

const denial: Record<SessionAction, string> = {
  read: 'You may not read this session.',
  'read-staff': 'You may not read the notes of this session.',
  write: 'Only the agent who has this session may write in it.',
  note: 'You may not write notes in this session.',
  accept: 'This session is not offered to you.',
  transfer: 'Only the agent who has this session or a supervisor of its queue may transfer it.',
  close: 'Only the agent who has this session or a supervisor of its queue may close it.',
  rate: 'Only the customer may rate a session.',
};

function factsOf(
  session: Session,
  participants: readonly ParticipantFact[],
  servesSameCustomer: boolean,
): SessionFacts {
  const { tenantId, channelId, conversation, state, agentId, queueId } = session;
  return { tenantId, channelId, conversation, state, agentId, queueId, participants, servesSameCustomer };
}
