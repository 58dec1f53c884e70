import type { SessionDependencies } from './dependencies.ts';
import type { Session } from './session.ts';
import { armTimer, type TimerInsert } from './timer-changes.ts';

/** How long customers' pages have to come back after a start before they count as gone, in ms. */
export const reconnectTime = 30_000;

/** Sessions looked at together: they share commits, and leave room for others between. */
const together = 100;

/**
 * Give every open session of these channels the timers its channel's rules ask for and it does not have: the
 * rules may be new, and nobody was there to see its customer go while the server was down.
 */
export async function armOpenSessions(d: SessionDependencies, channelIds: readonly string[]): Promise<void> {
  const open = await d.sessions.openSessionsOfChannels(channelIds);
  const now = d.clock.now();
  let earliest = Number.POSITIVE_INFINITY;
  for (let first = 0; first < open.length; first += together) {
    const lists = open.slice(first, first + together).map((session) => missingTimers(d, session, now));
    await Promise.all(
      lists
        .filter((timers) => timers.length > 0)
        .map((timers) => {
          for (const timer of timers) earliest = Math.min(earliest, timer.values.dueAt);
          return d.unitOfWork.commit(timers);
        }),
    );
  }
  if (Number.isFinite(earliest)) d.timers.wake(earliest);
}

function missingTimers(d: SessionDependencies, session: Session, now: number): TimerInsert[] {
  const timers: TimerInsert[] = [];
  const lifecycle = d.channels.lifecycle(session.channelId);
  if (lifecycle === undefined) return timers;
  const { presence, parkAfter, closeAfter, abandonAfter } = lifecycle;
  const lastAt = Math.max(session.lastAgentAt ?? 0, session.lastCustomerAt ?? 0, session.createdAt);
  if (presence === 'live' && abandonAfter !== null) {
    timers.push(armTimer('session:abandon', session, now + reconnectTime));
  }
  if (closeAfter !== null) timers.push(armTimer('session:inactive', session, Math.max(now, lastAt + closeAfter)));
  if (parkAfter !== null && session.state === 'active' && session.lastAgentAt !== null) {
    timers.push(armTimer('session:park', session, Math.max(now, lastAt + parkAfter)));
  }
  return timers;
}
