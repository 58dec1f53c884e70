import type { Session } from '../session/session.ts';
import type { RoutingContext } from './context.ts';

/** Places in queues: one order per queue, read again only after the queue changed. */
export interface Positions {
  position(session: Session): Promise<number | undefined>;
  /** This queue changed. */
  changed(tenantId: string, queueId: string): void;
}

interface Order {
  places: Promise<Map<string, number>>;
  readAt: number;
  stale: boolean;
  size: number;
}

/** From this length on, an order is kept for a while though the queue changed: it costs more, and matters less. */
const long = 1_000;
/** How long, in ms per waiting session. */
const keepPerSession = 0.1;

/** Orders not asked for in this time are forgotten, in ms. */
const forgetAfter = 60_000;

export function createPositions({ routing, clock }: Pick<RoutingContext, 'routing' | 'clock'>): Positions {
  const orders = new Map<string, Order>();
  const keyOf = (tenantId: string, queueId: string) => `${tenantId}/${queueId}`;

  function read(tenantId: string, queueId: string): Order {
    const order: Order = {
      places: routing.waitingOrder(tenantId, queueId).then((ids) => {
        order.size = ids.length;
        return new Map(ids.map((id, index) => [id, index + 1]));
      }),
      readAt: clock.now(),
      stale: false,
      size: 0,
    };
    const key = keyOf(tenantId, queueId);
    orders.set(key, order);
    order.places.catch(() => {
      if (orders.get(key) === order) orders.delete(key);
    });
    for (const [other, { readAt }] of orders) if (readAt < clock.now() - forgetAfter) orders.delete(other);
    return order;
  }

  const usable = (order: Order | undefined): order is Order =>
    order !== undefined &&
    (!order.stale || (order.size >= long && clock.now() - order.readAt < order.size * keepPerSession));

  return {
    async position(session) {
      if (session.state !== 'queued' && session.state !== 'offered') return undefined;
      const known = orders.get(keyOf(session.tenantId, session.queueId));
      const order = usable(known) ? known : read(session.tenantId, session.queueId);
      const place = (await order.places).get(session.id);
      // Not in an order read before it came: look once more.
      if (place !== undefined || order !== known) return place;
      return (await read(session.tenantId, session.queueId).places).get(session.id);
    },
    changed(tenantId, queueId) {
      const order = orders.get(keyOf(tenantId, queueId));
      if (order !== undefined) order.stale = true;
    },
  };
}
