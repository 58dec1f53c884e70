import type { Activity } from '../../adapters/contract/index.ts';
import type { SessionRepository } from '../session/ports.ts';
import type { Channel } from './channel.ts';
import type { DeliveryRepository } from './ports.ts';

/** The activity that a platform's message id stands for. */
export interface InboundTarget {
  sessionId: string;
  seq: number;
  activityId: string;
  /** The customer's own message; undefined: one of ours. */
  activity?: Activity;
}

/** Scope of platforms' ids of customers' activities. */
export function keyScopeOf(channel: Pick<Channel, 'id'>): string {
  return `channel:${channel.id}`;
}

/** Finds what a quote, an edit, an unsend or a reaction is about: a message of the customer, or one of ours. */
export function createInboundTargets(dependencies: {
  sessions: Pick<SessionRepository, 'activityByKey'>;
  deliveries: Pick<DeliveryRepository, 'named' | 'delivery'>;
}) {
  const { sessions, deliveries } = dependencies;
  return async function find(channel: Channel, target: string): Promise<InboundTarget | undefined> {
    const stored = await sessions.activityByKey(keyScopeOf(channel), target);
    if (stored !== undefined && stored.tenantId === channel.tenantId) {
      const { activity } = stored;
      return { sessionId: activity.conversation.id, seq: activity.seq, activityId: activity.id, activity };
    }
    const [name] = await deliveries.named(channel.id, [target]);
    if (name === undefined) return undefined;
    const delivery = await deliveries.delivery(channel.tenantId, name.deliveryId);
    if (delivery === undefined) return undefined;
    const { sessionId, seq } = delivery;
    return { sessionId, seq, activityId: `${sessionId}.${seq}` };
  };
}
