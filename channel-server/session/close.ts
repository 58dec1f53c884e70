import type { Participant } from '../../adapters/contract/index.ts';
import { notFound } from '../errors.ts';
import { announceActivities, announceSession, announceWithdrawn } from './announce.ts';
import { contended, mostAttempts } from './attempts.ts';
import type { Change, Expectation } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import { leaving } from './entry.ts';
import { appendEvent } from './events.ts';
import type { CloseReason, Session } from './session.ts';
import { disarmTimer } from './timer-changes.ts';

/**
 * Close a session, whatever it is doing: frees its agent's slot, withdraws its ringing offer, ends its timers.
 * `still`: asked before each attempt; when it says no, the session is answered as it is. With it, the commit
 * also needs that nothing was written and nobody came back since the session was read.
 */
export async function closeSession(
  d: SessionDependencies,
  given: Session,
  by: Participant,
  reason: CloseReason,
  still?: (session: Session) => boolean,
): Promise<Session> {
  let session = given;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (session.state === 'closed' || still?.(session) === false) return session;
    const at = d.clock.now();
    const closed = closedForm(session, by, reason, at);
    const { id, ...set } = closed;
    const expect: Expectation<Session> = { state: session.state, agentId: session.agentId };
    if (still !== undefined) Object.assign(expect, { lastSeq: session.lastSeq, goneSince: session.goneSince });
    const changes: Change[] = [
      { kind: 'update', record: 'session', where: { id }, expect, set, refusal: 'SESSION_CHANGED' },
      ...(await d.slots.withdraw(session, at, 'closed')),
      ...(session.state === 'active' && session.agentId !== null
        ? d.slots.free(session.tenantId, session.agentId, at)
        : []),
      ...leaving(session, at),
      disarmTimer('session:abandon', id),
      disarmTimer('session:park', id),
      disarmTimer('session:inactive', id),
      appendEvent(session, at, 'session:closed', by, { reason, by: closed.closedBy }),
    ];
    const result = await d.unitOfWork.commit(changes);
    if (result.outcome === 'applied') {
      const waited = session.state === 'queued' || session.state === 'offered';
      announceActivities(d.signals, session, result.appended);
      announceWithdrawn(d.signals, session, result.appended);
      announceSession(d.signals, session, {
        queueId: waited ? session.queueId : undefined,
        agentId: session.state === 'active' ? session.agentId : undefined,
      });
      const last = result.appended.at(-1)?.activity.seq ?? session.lastSeq;
      return { ...session, ...set, lastSeq: last, lastPublicSeq: last };
    }
    const now = await d.sessions.session(session.tenantId, session.id);
    if (now === undefined) throw notFound('session');
    session = now;
  }
  throw contended();
}

/** What a closed session keeps: its last agent is preferred should it, or its customer, come back. */
function closedForm(session: Session, by: Participant, reason: CloseReason, at: number) {
  return {
    id: session.id,
    state: 'closed',
    agentId: null,
    preferredAgentId: session.agentId ?? session.preferredAgentId,
    waitingSince: null,
    goneSince: null,
    closedAt: at,
    closeReason: reason,
    closedBy: by.role === 'user' ? 'visitor' : by.role === 'agent' ? by.id : 'system',
  } as const satisfies Partial<Session>;
}
