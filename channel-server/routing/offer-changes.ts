import type { Change } from '../session/changes.ts';
import type { SessionParticipant } from '../session/session.ts';
import { timerId } from '../session/timer.ts';
import type { Agent } from './agent.ts';
import type { Offer, OfferState } from './offer.ts';

/** A slot of this agent is free again. */
export function freeSlot(tenantId: string, agentId: string, at: number): Change {
  return {
    kind: 'update',
    record: 'agent',
    where: { tenantId, id: agentId },
    set: { load: { add: -1 }, loadSince: at },
  };
}

/**
 * One more slot in use, when there is room. `agent` is as read, with its effective capacity: the commit refuses when
 * either its load or its own capacity has changed for the worse meanwhile.
 */
export function takeSlot(
  agent: Pick<Agent, 'tenantId' | 'id'>,
  effectiveCapacity: number,
  states: readonly Agent['state'][],
  at: number,
  desk: 'connected' | 'any',
): Change {
  return {
    kind: 'update',
    record: 'agent',
    where: { tenantId: agent.tenantId, id: agent.id },
    expect: {
      state: { in: states },
      load: { below: effectiveCapacity },
      ...(desk === 'connected' ? { lostSince: null } : {}),
    },
    set: { load: { add: 1 }, loadSince: at },
    refusal: 'AGENT_FULL',
  };
}

/**
 * A ringing offer ends; refused as `refusal` when it rings no more. Its holder may no longer read the session on
 * account of it; unless accepted, its slot is free again.
 */
export function endOffer(
  offer: Offer,
  state: Exclude<OfferState, 'ringing'>,
  at: number,
  reason: string | null,
  refusal: string,
): Change[] {
  const changes: Change[] = [
    {
      kind: 'update',
      record: 'offer',
      where: { tenantId: offer.tenantId, id: offer.id },
      expect: { state: 'ringing', agentId: offer.agentId },
      set: { state, endedAt: at, reason },
      refusal,
    },
    { kind: 'remove', record: 'timer', where: { id: timerId('offer:ring', offer.id) } },
    leaveAs('offered', offer.sessionId, offer.agentId, at),
  ];
  return state === 'accepted' ? changes : [...changes, freeSlot(offer.tenantId, offer.agentId, at)];
}

/** This account has this part in the session from now on, whether or not it had it before. */
export function joinAs(role: SessionParticipant['role'], sessionId: string, accountId: string, at: number): Change[] {
  return [
    {
      kind: 'insert',
      record: 'participant',
      values: { sessionId, accountId, role, joinedAt: at, leftAt: null },
      ignore: true,
    },
    {
      kind: 'update',
      record: 'participant',
      where: { sessionId, accountId, role },
      set: { joinedAt: at, leftAt: null },
    },
  ];
}

/** This account has this part no more. Having had a session still lets an agent read it. */
export function leaveAs(role: SessionParticipant['role'], sessionId: string, accountId: string, at: number): Change {
  return { kind: 'update', record: 'participant', where: { sessionId, accountId, role }, set: { leftAt: at } };
}
