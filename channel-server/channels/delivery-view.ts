import type { ActivityPage, DeliveryView } from '../../adapters/contract/index.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryRepository } from './ports.ts';

/** How far a message has got, for staff. */
export function deliveryView({ seq, state, reason }: Delivery): DeliveryView {
  return reason === null ? { seq, state } : { seq, state, reason };
}

/** Fills a staff's page of a session's log with how far its messages have got on their way to the platform. */
export type WithDeliveries = (sessionId: string, page: ActivityPage) => Promise<ActivityPage>;

/** Several deliveries of one message there are when it was sent again: of those the newest counts. */
const spare = 100;

export function createWithDeliveries(deliveries: Pick<DeliveryRepository, 'ofSession'>): WithDeliveries {
  return async (sessionId, page) => {
    const first = page.items[0]?.activity.seq;
    const last = page.items.at(-1)?.activity.seq;
    if (first === undefined || last === undefined) return page;
    const found = await deliveries.ofSession(sessionId, first - 1, last - first + 1 + spare);
    const views = found.filter(({ seq, replacedBy }) => seq <= last && replacedBy === null).map(deliveryView);
    return views.length === 0 ? page : { ...page, deliveries: views };
  };
}
