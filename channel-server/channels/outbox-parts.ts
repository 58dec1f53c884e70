import type { Log, Loss } from '../../adapters/contract/index.ts';
import type { RunningChannel } from './channel-service.ts';
import type { ConversationRecord } from './conversation.ts';
import type { Delivery, DeliveryPart, DeliveryReason } from './delivery.ts';
import type { Encoding } from './encoding.ts';
import { predecessorOf } from './outbox-replay.ts';
import type { DeliveryRepository } from './ports.ts';

export interface PartsDependencies {
  deliveries: Pick<DeliveryRepository, 'parts'>;
  encoding: Encoding;
  log: Log;
}

/** Encode a delivery into the parts that will be stored and sent, or say why there are none. */
export async function partsOf(
  { deliveries, encoding, log }: PartsDependencies,
  channel: RunningChannel,
  delivery: Delivery,
  record: ConversationRecord,
): Promise<{ parts: DeliveryPart[] } | DeliveryReason> {
  const { id, tenantId, sessionId, seq } = delivery;
  const activity = await encoding.stored(tenantId, sessionId, seq);
  if (activity === undefined) return { kind: 'refused', text: 'The message was taken away before it was sent.' };
  let prepared: ReturnType<Encoding['prepare']>;
  try {
    prepared = encoding.prepare(channel, record, activity, id);
  } catch (error) {
    log.error({ err: error, channel: channel.record.id, delivery: id }, 'a message could not be encoded');
    return { kind: 'refused', text: 'The message could not be put into the form of its platform.' };
  }
  const blocking = prepared.losses.find(({ blocks }) => blocks === true);
  if (blocking !== undefined || prepared.parts.length === 0) return reasonOfLoss(blocking ?? prepared.losses[0]);
  const parts = prepared.parts.map(
    (part, n): DeliveryPart => ({
      deliveryId: id,
      n,
      part,
      state: 'waiting',
      ready: null,
      attempts: 0,
      attemptedAt: null,
      reason: null,
    }),
  );
  // What arrived of those it replaces does not go once more.
  const arrived = new Set<number>();
  let whole = 0;
  for (let before = predecessorOf(id); before !== undefined; before = predecessorOf(before)) {
    for (const { n, state } of await deliveries.parts(before)) {
      whole = Math.max(whole, n + 1);
      if (state === 'sent' || state === 'delivered' || state === 'read') arrived.add(n);
    }
  }
  // Encoded into another number of parts, it cannot be said which of them they were.
  if (whole !== parts.length || arrived.size === parts.length) return { parts };
  return { parts: parts.filter(({ n }) => !arrived.has(n)) };
}

function reasonOfLoss(loss: Loss | undefined): DeliveryReason {
  const kind = loss?.code ?? 'nothing-to-send';
  return { kind, text: `The channel does not take this message now: ${kind}.` };
}
