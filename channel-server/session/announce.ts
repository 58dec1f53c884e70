import type { StoredActivity } from './changes.ts';
import type { Session } from './session.ts';
import type { Signal, Signals } from './signals.ts';

/** Publish what a commit stored, in log order. `own` is the sender's activity, whose connection needs no echo. */
export function announceActivities(
  signals: Signals,
  session: Pick<Session, 'channelId' | 'conversation'>,
  appended: readonly StoredActivity[],
  own?: { activityId: string; connectionId: string | undefined },
): void {
  for (const stored of appended) {
    const signal: Signal = {
      kind: 'activity',
      stored,
      conversation: session.conversation,
      channelId: session.channelId,
    };
    if (own?.connectionId !== undefined && stored.activity.id === own.activityId) {
      signal.connectionId = own.connectionId;
    }
    signals.publish(signal);
  }
}

/** Publish that a session's state changed, and that its queue did when it came or went. */
export function announceSession(
  signals: Signals,
  session: Pick<Session, 'id' | 'tenantId'>,
  also: { queueId?: string | undefined; agentId?: string | null | undefined } = {},
): void {
  signals.publish({ kind: 'session', tenantId: session.tenantId, sessionId: session.id });
  if (also.queueId !== undefined) {
    signals.publish({ kind: 'queue', tenantId: session.tenantId, queueId: also.queueId });
  }
  if (also.agentId !== undefined && also.agentId !== null) {
    signals.publish({ kind: 'agent', tenantId: session.tenantId, accountId: also.agentId });
  }
}

/**
 * Publish which offers a commit withdrew. The offers are routing's: they are known by the event that routing
 * wrote into the log, `{offer, agent: {id}}`.
 */
export function announceWithdrawn(
  signals: Signals,
  session: Pick<Session, 'id' | 'tenantId'>,
  appended: readonly StoredActivity[],
): void {
  const { tenantId, id: sessionId } = session;
  for (const { activity } of appended) {
    if (activity.name !== 'offer:withdrawn') continue;
    const { offer, agent } = activity.value as { offer?: unknown; agent?: { id?: unknown } };
    if (typeof offer !== 'string' || typeof agent?.id !== 'string') continue;
    signals.publish({ kind: 'offer', tenantId, offerId: offer, accountId: agent.id, sessionId });
    signals.publish({ kind: 'agent', tenantId, accountId: agent.id });
  }
}
