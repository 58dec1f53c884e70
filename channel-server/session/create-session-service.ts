import { createAdd } from './add.ts';
import { createAttendance } from './attendance.ts';
import { closeSession } from './close.ts';
import type { SessionDependencies } from './dependencies.ts';
import { createIdentify } from './identify.ts';
import { createKnownSessions } from './known-sessions.ts';
import { createPage } from './page.ts';
import type { TimerHandlers } from './ports.ts';
import { createPresence } from './presence.ts';
import { createRate } from './rate.ts';
import { createReceipt } from './receipts.ts';
import { createReceive } from './receive.ts';
import { createRename } from './rename.ts';
import { createSend } from './send.ts';
import { createSerial } from './serial.ts';
import type { SessionService } from './session-service.ts';
import { sessionTimerHandlers } from './session-timers.ts';
import { armOpenSessions } from './start-sessions.ts';

export type { SessionDependencies } from './dependencies.ts';

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
    add: createAdd(d, known),
    rename: createRename(d, known),
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
