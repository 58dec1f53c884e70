import { type Participant, type SessionEventName, sessionEvents } from '../../adapters/contract/index.ts';
import { announceActivities, announceSession, announceWithdrawn } from '../session/announce.ts';
import type { AppendActivity, StoredActivity } from '../session/changes.ts';
import type { Session } from '../session/session.ts';
import type { Agent } from './agent.ts';
import type { RoutingDependencies } from './context.ts';

export const system: Participant = { id: 'system', role: 'system' };

/** Who an event or an activity names. */
export interface Named {
  id: string;
  name: string;
}

export function asParticipant(agent: Named): Participant {
  return { id: agent.id, name: agent.name, role: 'agent' };
}

export function named(agent: Pick<Agent, 'id' | 'name'>): Named {
  return { id: agent.id, name: agent.name };
}

/** The change that writes a routing event into a session's log. */
export function event(
  session: Pick<Session, 'id' | 'tenantId'>,
  at: number,
  name: SessionEventName,
  value: object,
  from: Participant = system,
): AppendActivity {
  return {
    kind: 'append',
    tenantId: session.tenantId,
    sessionId: session.id,
    at,
    activity: { type: 'event', name, from, audience: sessionEvents[name], value },
  };
}

/** What a commit changed, for those who listen. */
export interface News {
  appended?: readonly StoredActivity[];
  agents?: readonly string[];
  queues?: readonly string[];
  offer?: { id: string; agentId: string };
}

/** Tell after commit: wake-ups only, everything said here stands in rows. Offers it withdrew are found in `appended`. */
export function announce({ signals }: Pick<RoutingDependencies, 'signals'>, session: Session, news: News): void {
  const { tenantId, id: sessionId } = session;
  const appended = news.appended ?? [];
  announceActivities(signals, session, appended);
  announceWithdrawn(signals, session, appended);
  if (news.offer !== undefined) {
    signals.publish({ kind: 'offer', tenantId, offerId: news.offer.id, accountId: news.offer.agentId, sessionId });
  }
  announceSession(signals, session);
  for (const accountId of new Set(news.agents)) signals.publish({ kind: 'agent', tenantId, accountId });
  for (const queueId of new Set(news.queues)) signals.publish({ kind: 'queue', tenantId, queueId });
}
