import type { Clock } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { Change, Signals, UnitOfWork } from '../session/ports.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryRepository } from './ports.ts';

/** Send a dead letter again: a new delivery of the same activity, `<activity id>~2`, `~3`, … */
export type Replay = (tenantId: string, deliveryId: string, options: { confirm: boolean }) => Promise<Delivery>;

export function createReplay(dependencies: {
  deliveries: Pick<DeliveryRepository, 'delivery' | 'conversation'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
}): Replay {
  const { deliveries, unitOfWork, signals, clock } = dependencies;
  return async (tenantId, deliveryId, { confirm }) => {
    const before = await deliveries.delivery(tenantId, deliveryId);
    if (before === undefined) throw new FoyerError('NOT_FOUND', 'There is no such delivery.');
    if (!before.settled || (before.state !== 'failed' && before.state !== 'unconfirmed')) {
      throw new FoyerError('REQUEST_CONFLICT', 'Only what failed or was never confirmed can be sent again.');
    }
    if (before.replacedBy !== null) {
      throw new FoyerError('REQUEST_CONFLICT', `It was sent again already, as ${before.replacedBy}.`);
    }
    if (before.state === 'unconfirmed' && !confirm) {
      throw new FoyerError(
        'REQUEST_CONFLICT',
        'The platform may have taken this message: the customer would get it twice. Say {"confirm": true} to send it all the same.',
      );
    }
    const now = clock.now();
    const { channelId, conversation, sessionId } = before;
    if ((await deliveries.conversation(channelId, conversation)) === undefined) {
      throw new FoyerError('REQUEST_CONFLICT', 'It is no longer known where to write to this customer.');
    }
    const delivery: Delivery = {
      ...before,
      id: successorOf(before.id),
      state: 'queued',
      settled: false,
      reason: null,
      failures: 0,
      failingSince: null,
      createdAt: now,
      replacedBy: null,
    };
    const changes: Change[] = [
      {
        kind: 'update',
        record: 'delivery',
        where: { id: before.id },
        expect: { replacedBy: null, state: before.state },
        set: { replacedBy: delivery.id },
        refusal: 'REPLAYED',
      },
      { kind: 'insert', record: 'delivery', values: delivery, refusal: 'REPLAYED' },
      { kind: 'update', record: 'conversation', where: { channelId, id: conversation }, set: { dueAt: now } },
    ];
    const result = await unitOfWork.commit(changes);
    if (result.outcome !== 'applied') {
      throw new FoyerError('REQUEST_CONFLICT', 'It was sent again, or changed, a moment ago. Look at it again.');
    }
    signals.publish({ kind: 'outbox', channelId, conversation });
    for (const id of [before.id, delivery.id]) {
      signals.publish({ kind: 'delivery', tenantId, channelId, sessionId, deliveryId: id });
    }
    return delivery;
  };
}

function successorOf(id: string): string {
  const [activity, count] = id.split('~');
  return `${activity}~${Number(count ?? 1) + 1}`;
}

/** The delivery that this one replaces; undefined when it is the first of its activity. */
export function predecessorOf(id: string): string | undefined {
  const [activity, count] = id.split('~');
  if (count === undefined) return undefined;
  return Number(count) > 2 ? `${activity}~${Number(count) - 1}` : activity;
}
