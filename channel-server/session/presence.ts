import { announceActivities, announceSession } from './announce.ts';
import { contended, mostAttempts } from './attempts.ts';
import type { Attendance } from './attendance.ts';
import type { Change } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import { appendEvent, systemParticipant } from './events.ts';
import { openSessionsOf } from './lookup.ts';
import type { Serial } from './serial.ts';
import type { Session } from './session.ts';
import type { Timer } from './timer.ts';
import { armTimer, disarmTimer } from './timer-changes.ts';

type Move = (tenantId: string, channelId: string, conversations: readonly string[]) => Promise<void>;

/** A customer's last page went, or a first one came back: noted with every open session of theirs. */
export function createPresence(
  d: SessionDependencies,
  serial: Serial,
  attendance: Attendance,
): { gone: Move; back: Move } {
  async function move(
    note: (d: SessionDependencies, session: Session) => Promise<void>,
    tenantId: string,
    channelId: string,
    conversations: readonly string[],
  ): Promise<void> {
    if (d.channels.lifecycle(channelId)?.presence !== 'live') return;
    await serial.run(`${channelId}\n${conversations[0] ?? ''}`, async () => {
      for (const session of await openSessionsOf(d, tenantId, channelId, conversations)) await note(d, session);
    });
  }
  return {
    gone(tenantId, channelId, conversations) {
      attendance.left(channelId, conversations);
      return move(noteGone, tenantId, channelId, conversations);
    },
    back(tenantId, channelId, conversations) {
      attendance.arrived(channelId, conversations);
      return move(noteBack, tenantId, channelId, conversations);
    },
  };
}

/**
 * Note that no page of the customer is connected: from now on a waiting session may be abandoned. With `timer`,
 * only if that is still set: whoever saw the customer come back, in whatever process, has removed it.
 */
export function noteGone(d: SessionDependencies, found: Session, timer?: Timer): Promise<void> {
  return note(d, found, (session, at) => {
    if (session.goneSince !== null) return undefined;
    const changes: Change[] = [
      {
        kind: 'update',
        record: 'session',
        where: { id: session.id },
        expect: { state: session.state, goneSince: null },
        set: { goneSince: at },
        refusal: 'SESSION_CHANGED',
      },
    ];
    if (timer !== undefined) changes.push(stillSet(timer));
    const abandonAfter = d.channels.lifecycle(session.channelId)?.abandonAfter ?? null;
    if (abandonAfter !== null) {
      changes.push(disarmTimer('session:abandon', session.id), armTimer('session:abandon', session, at + abandonAfter));
      d.timers.wake(at + abandonAfter);
    }
    if (served(session)) changes.push(appendEvent(session, at, 'participant:gone', systemParticipant, who(session)));
    return changes;
  });
}

/** Note that the customer is there again. */
export function noteBack(d: SessionDependencies, found: Session): Promise<void> {
  return note(d, found, (session, at) => {
    if (session.goneSince === null) return undefined;
    const changes: Change[] = [
      {
        kind: 'update',
        record: 'session',
        where: { id: session.id },
        expect: { state: session.state, goneSince: session.goneSince },
        set: { goneSince: null },
        refusal: 'SESSION_CHANGED',
      },
      disarmTimer('session:abandon', session.id),
    ];
    if (served(session)) changes.push(appendEvent(session, at, 'participant:back', systemParticipant, who(session)));
    return changes;
  });
}

/** Commit what `changesFor` says of the session as it is, reading it again after each refusal. */
async function note(
  d: SessionDependencies,
  found: Session,
  changesFor: (session: Session, at: number) => Change[] | undefined,
): Promise<void> {
  let session: Session | undefined = found;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (session === undefined || session.state === 'closed') return;
    const changes = changesFor(session, d.clock.now());
    if (changes === undefined) return;
    const result = await d.unitOfWork.commit(changes);
    if (result.outcome === 'refused' && result.refusal === timerGone) return;
    if (result.outcome === 'applied') {
      announceActivities(d.signals, session, result.appended);
      announceSession(d.signals, session);
      return;
    }
    session = await d.sessions.session(session.tenantId, session.id);
  }
  throw contended();
}

const timerGone = 'TIMER_GONE';

function stillSet({ id, dueAt }: Timer): Change {
  return { kind: 'update', record: 'timer', where: { id }, expect: { dueAt }, set: { dueAt }, refusal: timerGone };
}

/** Somebody has it, who is told when its customer goes and comes. */
function served(session: Session): boolean {
  return session.state === 'active' || session.state === 'parked';
}

function who(session: Session): { identityId: string } {
  return { identityId: session.identityId };
}
