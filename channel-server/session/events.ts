import {
  type DraftActivity,
  type Participant,
  type SessionEventName,
  sessionEvents,
} from '../../adapters/contract/index.ts';
import type { AppendActivity } from './changes.ts';
import type { Session } from './session.ts';

/** Who speaks when the server itself does. */
export const systemParticipant: Participant = { id: 'system', role: 'system' };

/** An event of the server's own list, with the audience the list gives it. */
export function sessionEvent(name: SessionEventName, from: Participant, value?: object): DraftActivity {
  const draft: DraftActivity = { type: 'event', name, from, audience: sessionEvents[name] };
  if (value !== undefined) draft.value = value;
  return draft;
}

/** The change that writes an event into a session's log. */
export function appendEvent(
  session: Pick<Session, 'id' | 'tenantId'>,
  at: number,
  name: SessionEventName,
  from: Participant,
  value?: object,
): AppendActivity {
  return {
    kind: 'append',
    tenantId: session.tenantId,
    sessionId: session.id,
    at,
    activity: sessionEvent(name, from, value),
  };
}
