import type { Part } from '../../adapters/contract/index.ts';

/**
 * How far a message to a platform has got; only forward, in this order. `unconfirmed`: sent, and nobody can say
 * whether it was taken. `failed`: it was not, and nobody tries any more.
 */
export const deliveryStates = ['queued', 'sending', 'unconfirmed', 'sent', 'failed', 'delivered', 'read'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Whether `next` is further than `state`. */
export function isForward(state: DeliveryState, next: DeliveryState): boolean {
  return deliveryStates.indexOf(next) > deliveryStates.indexOf(state);
}

/** Why a delivery waits or failed, for people of the company. */
export interface DeliveryReason {
  /** A SendFailureKind, a blocking LossCode, `platform` (told by a status) or `overdue` (held up for ten minutes). */
  kind: string;
  /** The platform's own code. */
  code?: string;
  text: string;
}

/** An activity that a platform must get. Committed with it; its id is the activity's. */
export interface Delivery {
  id: string;
  tenantId: string;
  channelId: string;
  conversation: string;
  sessionId: string;
  seq: number;
  state: DeliveryState;
  /** Done with: nothing more is tried, later messages of the conversation go on. */
  settled: boolean;
  reason: DeliveryReason | null;
  /** Failed attempts of its current part. */
  failures: number;
  /** Since when it holds up its conversation by failing, ms since the epoch. */
  failingSince: number | null;
  createdAt: number;
  /** A dead letter that somebody had sent again: the one that replaced it. */
  replacedBy: string | null;
}

/** Where one part stands. `attempting` is committed before each request. */
export type PartState = 'waiting' | 'attempting' | 'unconfirmed' | 'sent' | 'failed' | 'delivered' | 'read';

/** One request of a delivery, stored before its first attempt. Primary key: delivery and `n`. */
export interface DeliveryPart {
  deliveryId: string;
  /** From 0. */
  n: number;
  part: Part;
  state: PartState;
  /** What `ready` answered. */
  ready: unknown;
  attempts: number;
  attemptedAt: number | null;
  reason: DeliveryReason | null;
}

/** What a platform calls a part of ours: how statuses, echoes, quotes and reactions find it. Primary key: channel and externalId. */
export interface PartName {
  channelId: string;
  externalId: string;
  deliveryId: string;
  n: number;
  /** When it was sent, ms since the epoch: for watermarks. */
  at: number;
}

/** A status that came before its message's id was known. Kept a day. Primary key: channel, externalId, state. */
export interface HeldStatus {
  channelId: string;
  externalId: string;
  state: 'sent' | 'delivered' | 'read' | 'failed';
  at: number;
  reason: DeliveryReason | null;
}
