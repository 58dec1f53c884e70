import type { Sent } from '../../adapters/contract/index.ts';
import { appendEvent, systemParticipant } from '../session/events.ts';
import type { Change } from '../session/ports.ts';
import type { ConversationRecord } from './conversation.ts';
import type { Delivery, DeliveryPart, DeliveryReason } from './delivery.ts';
import { partKey } from './part-key.ts';

/** The worker no longer has the conversation: another took it over. */
export const leaseLost = 'LEASE_LOST';
/** Something came to be sent meanwhile. */
export const moreToDo = 'MORE_TO_DO';

/** Whose a conversation is, for changes that only its worker may make. */
export interface Lease {
  channelId: string;
  conversation: string;
  owner: string;
}

/**
 * Keep the conversation until `until`. Then it is due again, so that whoever takes over after a crash finds it; and what
 * is sent meanwhile sets another due time, by which {@link released} knows.
 */
export function renewed({ channelId, conversation, owner }: Lease, until: number): Change {
  return {
    kind: 'update',
    record: 'conversation',
    where: { channelId, id: conversation },
    expect: { leaseOwner: owner },
    set: { leaseUntil: until, dueAt: until },
    refusal: leaseLost,
  };
}

/** Let it go because nothing is left; refused as MORE_TO_DO when something came since it was last renewed. */
export function released({ channelId, conversation, owner }: Lease, renewedUntil: number): Change {
  return {
    kind: 'update',
    record: 'conversation',
    where: { channelId, id: conversation },
    expect: { leaseOwner: owner, dueAt: renewedUntil },
    set: { leaseUntil: null, leaseOwner: null, dueAt: null },
    refusal: moreToDo,
  };
}

/** Let it go until `until`: nobody takes it before, even if more is to be sent. */
export function heldUntil({ channelId, conversation, owner }: Lease, until: number | null, now: number): Change {
  return {
    kind: 'update',
    record: 'conversation',
    where: { channelId, id: conversation },
    expect: { leaseOwner: owner },
    set: { leaseUntil: until, leaseOwner: null, dueAt: until ?? now },
    refusal: leaseLost,
  };
}

/** No time: a key is known before anything is sent, and what was read up to some moment says nothing of it. */
const never = Number.MAX_SAFE_INTEGER;

/** Parts before their first attempt. Their keys are names at once: a platform may give them back before it answers. */
export function storedParts(delivery: Delivery, parts: readonly DeliveryPart[]): Change[] {
  const { id: deliveryId, channelId } = delivery;
  return [
    ...parts.map((values): Change => ({ kind: 'insert', record: 'deliveryPart', values, refusal: leaseLost })),
    ...parts.map(({ n }): Change => {
      const values = { channelId, externalId: partKey(deliveryId, n), deliveryId, n, at: never };
      return { kind: 'insert', record: 'partName', values, ignore: true };
    }),
    {
      kind: 'update',
      record: 'delivery',
      where: { id: delivery.id },
      expect: { state: 'queued' },
      set: { state: 'sending' },
    },
  ];
}

/** A part about to be sent. */
export function attempting(part: DeliveryPart, ready: unknown, at: number): Change {
  return {
    kind: 'update',
    record: 'deliveryPart',
    where: { deliveryId: part.deliveryId, n: part.n },
    expect: { state: part.state, attempts: part.attempts },
    set: { state: 'attempting', attempts: part.attempts + 1, attemptedAt: at, ready: ready ?? null },
    refusal: leaseLost,
  };
}

/**
 * The platform took a part. Stored by whoever learns it, with or without the lease: what is known moves forward only.
 * `names`: what the platform calls it.
 */
export function taken(
  delivery: Delivery,
  part: DeliveryPart,
  names: readonly string[],
  last: boolean,
  at: number,
): Change[] {
  const { id, channelId } = delivery;
  const changes: Change[] = [
    {
      kind: 'update',
      record: 'deliveryPart',
      where: { deliveryId: id, n: part.n },
      expect: { state: { in: ['attempting', 'unconfirmed'] } },
      set: { state: 'sent', reason: null },
    },
    ...names.map(
      (externalId): Change => ({
        kind: 'insert',
        record: 'partName',
        values: { channelId, externalId, deliveryId: id, n: part.n, at },
        ignore: true,
      }),
    ),
    { kind: 'update', record: 'delivery', where: { id }, set: { failures: 0, failingSince: null, settled: last } },
  ];
  if (last) {
    changes.push({
      kind: 'update',
      record: 'delivery',
      where: { id },
      expect: { state: { in: ['queued', 'sending', 'unconfirmed'] } },
      set: { state: 'sent', reason: null },
    });
  }
  return changes;
}

/** What a sent part changes of its conversation: quota used, reply handle spent, as the adapter says. */
export function conversationAfter(
  record: ConversationRecord,
  part: DeliveryPart,
  { conversation: after }: Sent,
): Change[] {
  const where = { channelId: record.channelId, id: record.id };
  const { address, windowUntil, windowLeft } = record;
  const changes: Change[] = [];
  // A newer word of the customer has come meanwhile where these are not as they were: it counts.
  const window = { windowUntil, windowLeft };
  const told = after?.window;
  if (told !== undefined && (told.until !== windowUntil || (told.left ?? null) !== windowLeft)) {
    const set = { windowUntil: told.until, windowLeft: told.left ?? null };
    changes.push({ kind: 'update', record: 'conversation', where, expect: window, set });
  } else if (windowLeft !== null) {
    const left = Math.max(0, windowLeft - (part.part.costs ?? 1));
    changes.push({ kind: 'update', record: 'conversation', where, expect: window, set: { windowLeft: left } });
  }
  if (after === undefined) return changes;
  if (JSON.stringify(after.address ?? null) !== JSON.stringify(address)) {
    const set = { address: after.address ?? null };
    changes.push({ kind: 'update', record: 'conversation', where, expect: { address }, set });
  }
  if (after.closed !== undefined && after.closed !== record.closed) {
    changes.push({ kind: 'update', record: 'conversation', where, set: { closed: after.closed } });
  }
  return changes;
}

/** A delivery is done with without having arrived: `failed`, told in its session's log, or `unconfirmed`. */
export function settled(
  delivery: Delivery,
  part: DeliveryPart | undefined,
  state: 'failed' | 'unconfirmed',
  reason: DeliveryReason,
  at: number,
): Change[] {
  const { id, tenantId, sessionId, seq } = delivery;
  const changes: Change[] = [
    {
      kind: 'update',
      record: 'delivery',
      where: { id },
      expect: { settled: false },
      set: { state, settled: true, reason },
      refusal: leaseLost,
    },
  ];
  if (part !== undefined) {
    const where = { deliveryId: id, n: part.n };
    changes.push({ kind: 'update', record: 'deliveryPart', where, set: { state, reason } });
  }
  if (state === 'failed') {
    const value = { activity: `${sessionId}.${seq}`, reason };
    changes.push(appendEvent({ id: sessionId, tenantId }, at, 'delivery:failed', systemParticipant, value));
  }
  return changes;
}
