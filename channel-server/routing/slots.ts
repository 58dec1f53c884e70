import type { AgentSlots } from '../session/ports.ts';
import type { Agent } from './agent.ts';
import type { RoutingDependencies } from './context.ts';
import { event } from './events.ts';
import { endOffer, freeSlot, takeSlot } from './offer-changes.ts';

export type SlotDependencies = Pick<RoutingDependencies, 'routing' | 'defaultCapacity'>;

/** Chats at once, with the tenant's default in place of 0. */
export async function effectiveCapacity(
  { defaultCapacity }: Pick<RoutingDependencies, 'defaultCapacity'>,
  agent: Pick<Agent, 'tenantId' | 'capacity'>,
): Promise<number> {
  return agent.capacity > 0 ? agent.capacity : await defaultCapacity(agent.tenantId);
}

/** States in which an agent works on sessions they have, and gets a parked one back. */
export const workingStates = ['idle', 'busy'] as const;

/** Agents' capacity, for everything that starts or stops using it: see {@link AgentSlots}. */
export function createAgentSlots({ routing, defaultCapacity }: SlotDependencies): AgentSlots {
  return {
    async take(tenantId, agentId, at) {
      const agent = await routing.agent(tenantId, agentId);
      if (agent === undefined || agent.lostSince !== null) return undefined;
      if (!workingStates.some((state) => state === agent.state)) return undefined;
      const capacity = await effectiveCapacity({ defaultCapacity }, agent);
      if (agent.load >= capacity) return undefined;
      return [takeSlot(agent, capacity, workingStates, at, 'connected')];
    },

    free: (tenantId, agentId, at) => [freeSlot(tenantId, agentId, at)],

    async withdraw(session, at, reason) {
      const offer = await routing.ringingOffer(session.id);
      if (offer === undefined) return [];
      const agent = await routing.agent(offer.tenantId, offer.agentId);
      const value = {
        offer: offer.id,
        agent: { id: offer.agentId, name: agent?.name ?? '' },
        reason,
      };
      return [
        ...endOffer(offer, 'withdrawn', at, reason, 'SESSION_CHANGED'),
        event(session, at, 'offer:withdrawn', value),
      ];
    },
  };
}
