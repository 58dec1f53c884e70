import type { DeliveryPart, DeliveryState, PartState } from './delivery.ts';

/** Part states, each further than those before it. */
export const partStates = ['waiting', 'attempting', 'unconfirmed', 'sent', 'failed', 'delivered', 'read'] as const;

/** The states a part may be in to be brought to `next`: only forward. */
export function statesBefore(next: PartState): PartState[] {
  return partStates.slice(0, partStates.indexOf(next));
}

/**
 * How far a message has got: no further than the least of its parts. A part that failed makes it failed, since its
 * reader has not got all of it. Without parts it waits.
 */
export function deliveryStateOf(parts: readonly Pick<DeliveryPart, 'state'>[]): DeliveryState {
  const ranks = parts.map(({ state }) => partStates.indexOf(state));
  if (parts.some(({ state }) => state === 'failed')) return 'failed';
  const least = partStates[Math.min(...ranks)];
  if (least === undefined) return 'queued';
  if (least === 'waiting') return ranks.every((rank) => rank === 0) ? 'queued' : 'sending';
  return least === 'attempting' ? 'sending' : least;
}
