import type { Change, InsertRecord, RemoveRecord } from './changes.ts';
import type { Session } from './session.ts';
import { type Timer, type TimerKind, timerId } from './timer.ts';

export type TimerInsert = Extract<InsertRecord, { record: 'timer' }>;
type SessionTimer = Extract<TimerKind, `session:${string}`>;

/** Set a session's timer unless it is set: whoever fires looks at the session and re-arms. */
export function armTimer(kind: SessionTimer, session: Pick<Session, 'id' | 'tenantId'>, dueAt: number): TimerInsert {
  return {
    kind: 'insert',
    record: 'timer',
    values: {
      id: timerId(kind, session.id),
      tenantId: session.tenantId,
      kind,
      subject: session.id,
      dueAt,
      claimedUntil: null,
    },
    ignore: true,
  };
}

export function disarmTimer(kind: SessionTimer, sessionId: string): RemoveRecord {
  return { kind: 'remove', record: 'timer', where: { id: timerId(kind, sessionId) } };
}

/** Move a timer that fired to its next time, unless someone else has set it anew meanwhile. */
export function rearmTimer(timer: Timer, dueAt: number): Change {
  return {
    kind: 'update',
    record: 'timer',
    where: { id: timer.id },
    expect: { dueAt: timer.dueAt },
    set: { dueAt, claimedUntil: null },
  };
}
