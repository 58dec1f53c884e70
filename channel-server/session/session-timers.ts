import { announceActivities, announceSession } from './announce.ts';
import { contended, mostAttempts } from './attempts.ts';
import type { Attendance } from './attendance.ts';
import type { Change } from './changes.ts';
import { closeSession } from './close.ts';
import type { SessionDependencies } from './dependencies.ts';
import { appendEvent, systemParticipant } from './events.ts';
import type { SessionLifecycle, TimerHandlers } from './ports.ts';
import { noteBack, noteGone } from './presence.ts';
import type { Session } from './session.ts';
import type { Timer } from './timer.ts';
import { rearmTimer } from './timer-changes.ts';

/** A disabled channel has no rules: its sessions' timers look again this often, in ms. */
const channelCheck = 10 * 60_000;
/** A session whose transfer rings is not parked meanwhile: looked at again after this, in ms. */
const transferCheck = 30_000;

/** What a timer found: done with it (it is removed, or was), or to fire again at a time. */
type Verdict = { kind: 'remove' } | { kind: 'rearm'; at: number } | { kind: 'retry' } | { kind: 'done' };
type Look = (timer: Timer, session: Session, lifecycle: SessionLifecycle, now: number) => Promise<Verdict>;

const remove: Verdict = { kind: 'remove' };
const done: Verdict = { kind: 'done' };
const retry: Verdict = { kind: 'retry' };

/**
 * What a session's timers do. None is moved while people write: each looks at the session when it fires,
 * and either acts, or goes to the time at which it next has reason to.
 */
export function sessionTimerHandlers(d: SessionDependencies, attendance: Attendance): TimerHandlers {
  const handle = (look: Look) => async (timer: Timer) => {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const session = await d.sessions.session(timer.tenantId, timer.subject);
      const now = d.clock.now();
      const lifecycle = session === undefined ? undefined : d.channels.lifecycle(session.channelId);
      let verdict: Verdict = remove;
      if (session !== undefined && session.state !== 'closed') {
        verdict =
          lifecycle === undefined
            ? { kind: 'rearm', at: now + channelCheck }
            : await look(timer, session, lifecycle, now);
      }
      if (verdict.kind === 'done') return;
      if (verdict.kind === 'rearm') {
        await d.unitOfWork.commit([rearmTimer(timer, verdict.at)]);
        d.timers.wake(verdict.at);
        return;
      }
      if (verdict.kind === 'remove' && (await removeUnlessChanged(timer, session))) return;
    }
    throw contended();
  };

  /**
   * Whoever sets a timer finds this one still there and leaves it: so it may only go when the session is
   * as it was when it was looked at.
   */
  async function removeUnlessChanged(timer: Timer, session: Session | undefined): Promise<boolean> {
    const changes: Change[] = [];
    if (session !== undefined) {
      const { state, lastSeq, goneSince } = session;
      changes.push({
        kind: 'update',
        record: 'session',
        where: { id: session.id },
        expect: { state, lastSeq, goneSince },
        set: { state },
        refusal: 'SESSION_CHANGED',
      });
    }
    changes.push({ kind: 'remove', record: 'timer', where: { id: timer.id } });
    return (await d.unitOfWork.commit(changes)).outcome === 'applied';
  }

  /** The customer has been silent since the answer: the session rests and its agent has room for another. */
  const park: Look = async (timer, session, { parkAfter }, now) => {
    const { agentId, lastAgentAt, lastCustomerAt, lastSeq } = session;
    // Unanswered, the next answer sets the timer again.
    if (parkAfter === null || session.state !== 'active' || agentId === null) return remove;
    if (lastAgentAt === null || session.waitingSince !== null) return remove;
    const at = Math.max(lastAgentAt, lastCustomerAt ?? 0) + parkAfter;
    if (at > now) return { kind: 'rearm', at };
    const transferring = await d.slots.withdraw(session, now, 'parked');
    if (transferring.length > 0) return { kind: 'rearm', at: now + transferCheck };
    const result = await d.unitOfWork.commit([
      {
        kind: 'update',
        record: 'session',
        where: { id: session.id },
        expect: { state: 'active', agentId, lastSeq },
        set: { state: 'parked', parkedAt: now },
        refusal: 'SESSION_CHANGED',
      },
      appendEvent(session, now, 'session:parked', systemParticipant, { agentId }),
      { kind: 'remove', record: 'timer', where: { id: timer.id } },
      ...d.slots.free(session.tenantId, agentId, now),
    ]);
    if (result.outcome !== 'applied') return retry;
    announceActivities(d.signals, session, result.appended);
    announceSession(d.signals, session, { agentId });
    return done;
  };

  /** Nobody has written for long. A session that waits for us is never closed for that. */
  const inactive: Look = async (_timer, session, { closeAfter }, now) => {
    if (closeAfter === null) return remove;
    const dueAt = (s: Session) => Math.max(s.lastCustomerAt ?? 0, s.lastAgentAt ?? 0, s.createdAt) + closeAfter;
    const waits = (s: Session) => s.state === 'queued' || s.state === 'offered';
    if (waits(session)) return { kind: 'rearm', at: Math.max(dueAt(session), now + closeAfter) };
    if (dueAt(session) > now) return { kind: 'rearm', at: dueAt(session) };
    const still = (s: Session) => !waits(s) && dueAt(s) <= now;
    const closed = await closeSession(d, session, systemParticipant, 'inactive', still);
    return closed.state === 'closed' ? done : retry;
  };

  /** A `live` customer's page is gone: a session that still waits is abandoned. */
  const abandon: Look = async (timer, session, { presence, abandonAfter }, now) => {
    if (presence !== 'live' || abandonAfter === null) return remove;
    if (attendance.here(session.channelId, session.conversation)) {
      if (session.goneSince === null) return remove;
      await noteBack(d, session);
      return done;
    }
    // Set at start, and nobody came back since.
    if (session.goneSince === null) {
      await noteGone(d, session, timer);
      // They may have come in between, and have found nothing to undo.
      return attendance.here(session.channelId, session.conversation) ? retry : done;
    }
    // Who writes is there, by whatever way.
    const dueAt = (s: Session) => Math.max(s.goneSince ?? now, s.lastCustomerAt ?? 0) + abandonAfter;
    const waits = (s: Session) => s.state === 'queued' || s.state === 'offered';
    if (dueAt(session) > now) return { kind: 'rearm', at: dueAt(session) };
    // Served now, it may wait again before its customer is back.
    if (!waits(session)) return { kind: 'rearm', at: now + abandonAfter };
    const still = (s: Session) => s.goneSince !== null && waits(s) && dueAt(s) <= now;
    const closed = await closeSession(d, session, systemParticipant, 'abandoned', still);
    return closed.state === 'closed' ? done : retry;
  };

  return {
    'session:park': handle(park),
    'session:inactive': handle(inactive),
    'session:abandon': handle(abandon),
  };
}
