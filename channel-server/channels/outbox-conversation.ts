import {
  type ChannelClient,
  type Clock,
  type ConversationClosed,
  type Log,
  SendFailure,
  type Sent,
} from '../../adapters/contract/index.ts';
import { announceActivities } from '../session/announce.ts';
import type { Change, CommitResult, Signals, UnitOfWork } from '../session/ports.ts';
import type { RunningChannel } from './channel-service.ts';
import type { ConversationRecord } from './conversation.ts';
import type { Delivery, DeliveryPart, DeliveryReason } from './delivery.ts';
import { conversationOf, type Encoding } from './encoding.ts';
import {
  attempting,
  conversationAfter,
  heldUntil,
  type Lease,
  moreToDo,
  released,
  renewed,
  settled,
  storedParts,
  taken,
} from './outbox-changes.ts';
import { failureOf, longestHold, preparationFailureOf, reasonOf, retryAt } from './outbox-outcome.ts';
import { partsOf } from './outbox-parts.ts';
import { withinTime } from './outbox-time.ts';
import type { DeliveryRepository } from './ports.ts';
import type { Statuses } from './statuses.ts';

export interface ConversationDependencies {
  deliveries: DeliveryRepository;
  unitOfWork: UnitOfWork;
  encoding: Encoding;
  statuses: Pick<Statuses, 'applyHeld'>;
  signals: Signals;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** What the channel's worker wants to know of each attempt. */
export interface AttemptWatcher {
  /** The platform answered: it took the part, or refused this very message. */
  answered(taken: boolean): void;
  /** It did not answer, or nobody knows. */
  unanswered(failure: SendFailure): void;
  limited(conversation: string, after: number | undefined): void;
  broken(failure: SendFailure): void;
  /** Between two deliveries: whether to stop here. */
  stopping(): boolean;
  /** Fires when what is under way must end. */
  readonly ending: AbortSignal;
}

/** For a part to be sent, ms. The lease is longer, so that nobody takes over what is still under way. */
export const attemptTime = 30_000;
export const leaseTime = 60_000;
/** For what must be there before a part, ms; the lease is renewed meanwhile. */
const readyTime = 180_000;

type Outcome = 'sent' | 'settled' | 'held' | 'lost';

/**
 * Send what waits in one conversation, in order, until nothing is left, something must wait, or another has taken over.
 * The conversation must have been claimed for `owner`.
 */
export function createConversationWork(d: ConversationDependencies) {
  const { deliveries, unitOfWork, statuses, signals, clock, random, log } = d;

  return async function work(
    channel: RunningChannel,
    client: ChannelClient,
    claimed: ConversationRecord,
    owner: string,
    watcher: AttemptWatcher,
  ): Promise<void> {
    const lease: Lease = { channelId: claimed.channelId, conversation: claimed.id, owner };
    const { tenantId, id: channelId } = channel.record;
    /** Until when it was last renewed; undefined: it was only claimed. */
    let until: number | undefined;
    let lost = false;
    const time = { clock, ending: watcher.ending };

    const renewal = (): { change: Change; until: number } => {
      const next = Math.max(clock.now() + leaseTime, (until ?? 0) + 1);
      return { change: renewed(lease, next), until: next };
    };
    /** Commit as the one who has the conversation; false when another has it. */
    async function commit(changes: readonly Change[]): Promise<CommitResult | false> {
      const { change, until: next } = renewal();
      const result = await unitOfWork.commit([...changes, change]);
      if (result.outcome !== 'applied') {
        lost = true;
        return false;
      }
      until = next;
      return result;
    }
    const tell = (delivery: Delivery, result?: CommitResult) => {
      const { id: deliveryId, sessionId, conversation } = delivery;
      if (result?.outcome === 'applied') announceActivities(signals, { channelId, conversation }, result.appended);
      signals.publish({ kind: 'delivery', tenantId, channelId, sessionId, deliveryId });
    };
    const next = () => deliveries.unsettled(channelId, claimed.id, 2);

    for (;;) {
      const seen = until;
      const [delivery] = await next();
      if (delivery === undefined) {
        // Only what was read after the renewal is certain to be all.
        if (seen === undefined) {
          if ((await commit([])) === false) return;
          continue;
        }
        const result = await unitOfWork.commit([released(lease, seen)]);
        if (result.outcome === 'applied' || !(await stillOurs())) return;
        if ((await commit([])) === false) return;
        continue;
      }
      if (watcher.stopping()) {
        await unitOfWork.commit([heldUntil(lease, null, clock.now())]);
        return;
      }
      const outcome = await deliver(delivery);
      if (outcome === 'held' || outcome === 'lost' || lost) return;
      if (outcome === 'sent') return;
    }

    async function stillOurs(): Promise<boolean> {
      const record = await deliveries.conversation(channelId, claimed.id);
      return record?.leaseOwner === owner;
    }

    /** Send one delivery. `sent` only when the conversation was let go with it. */
    async function deliver(delivery: Delivery): Promise<Outcome> {
      let record = await deliveries.conversation(channelId, claimed.id);
      if (record?.leaseOwner !== owner) return 'lost';
      let parts = await deliveries.parts(delivery.id);
      let unstored: Change[] = [];
      if (parts.length === 0) {
        const prepared = await partsOf(d, channel, delivery, record);
        if ('kind' in prepared) return settle(delivery, undefined, 'failed', prepared);
        parts = prepared.parts;
        unstored = storedParts(delivery, parts);
        if (client.ready !== undefined) {
          if ((await commit(unstored)) === false) return 'lost';
          unstored = [];
        }
      }
      const waiting = parts.filter(({ state }) => state === 'waiting' || state === 'attempting');
      for (const [position, part] of waiting.entries()) {
        if (position > 0) {
          record = await deliveries.conversation(channelId, claimed.id);
          if (record?.leaseOwner !== owner) return 'lost';
        }
        const outcome = await attempt(delivery, part, record, unstored, position === waiting.length - 1);
        unstored = [];
        if (outcome !== undefined) return outcome;
      }
      if (waiting.length > 0) return 'settled';
      // Every part is over, yet the delivery is not: it ended between two commits of an older version of the truth.
      const failed = parts.some(({ state }) => state === 'failed');
      const reason = { kind: 'unknown', text: 'Nobody can say whether the platform took the message.' };
      if (failed || parts.some(({ state }) => state === 'unconfirmed')) {
        return settle(delivery, undefined, failed ? 'failed' : 'unconfirmed', reason);
      }
      const set = { settled: true };
      return (await commit([{ kind: 'update', record: 'delivery', where: { id: delivery.id }, set }]))
        ? 'settled'
        : 'lost';
    }

    /** Send one part. Undefined when it was taken and the next one may follow. */
    async function attempt(
      delivery: Delivery,
      part: DeliveryPart,
      record: ConversationRecord,
      unstored: readonly Change[],
      last: boolean,
    ): Promise<Outcome | undefined> {
      // Found so: an earlier attempt was made, and nobody knows how it went.
      const unknown = part.state === 'attempting';
      if (unknown && part.part.key === undefined) {
        return settle(delivery, part, 'unconfirmed', {
          kind: 'unknown',
          text: 'The server stopped while the message was being sent. The platform may have taken it.',
        });
      }
      let ready = part.ready;
      if (client.ready !== undefined && ready === null) {
        try {
          ready = (await whileLeased(part, record)) ?? null;
        } catch (error) {
          if (lost) return 'lost';
          return failed(delivery, part, preparationFailureOf(error), unknown);
        }
      }
      if ((await commit([...unstored, attempting(part, ready, clock.now())])) === false) return 'lost';
      const number = part.attempts + 1;
      let sent: Sent;
      try {
        sent = await withinTime(time, attemptTime, (signal) =>
          client.send({ part: part.part, conversation: conversationOf(record), ready, number, signal }),
        );
      } catch (error) {
        if (!(error instanceof SendFailure)) {
          log.error({ err: error, channel: channelId, delivery: delivery.id }, 'a client failed while sending');
        }
        return failed(delivery, { ...part, ready, attempts: number, state: 'attempting' }, failureOf(error), unknown);
      }
      watcher.answered(true);
      const names = [...new Set([...sent.externalIds, ...(part.part.key === undefined ? [] : [part.part.key])])];
      const changes = [...taken(delivery, part, names, last, clock.now()), ...conversationAfter(record, part, sent)];
      const free = await finish(changes, last && (await next()).every(({ id }) => id === delivery.id));
      await statuses.applyHeld(channel.record, names);
      tell(delivery);
      if (lost) return 'lost';
      if (free) return 'sent';
      return undefined;
    }

    /** Commit what was sent, and with it let the conversation go when nothing is left; true when it was let go. */
    async function finish(changes: readonly Change[], nothingLeft: boolean): Promise<boolean> {
      if (nothingLeft && until !== undefined) {
        const result = await unitOfWork.commit([...changes, released(lease, until)]);
        if (result.outcome === 'applied') return true;
        if (result.outcome !== 'refused' || result.refusal !== moreToDo) lost = true;
      }
      if ((await commit(changes)) !== false) return false;
      // Another has the conversation; that the platform took it is true all the same.
      await unitOfWork.commit(changes);
      return false;
    }

    async function settle(
      delivery: Delivery,
      part: DeliveryPart | undefined,
      state: 'failed' | 'unconfirmed',
      reason: DeliveryReason,
      also: readonly Change[] = [],
    ): Promise<Outcome> {
      const result = await commit([...settled(delivery, part, state, reason, clock.now()), ...also]);
      if (result === false) return 'lost';
      tell(delivery, result);
      return 'settled';
    }

    /** What follows a failed attempt. `unknownBefore`: an earlier one may have been taken. */
    async function failed(
      delivery: Delivery,
      part: DeliveryPart,
      failure: SendFailure,
      unknownBefore: boolean,
    ): Promise<Outcome> {
      const reason = reasonOf(failure);
      const { kind } = failure;
      const now = clock.now();
      if (kind === 'refused' || kind === 'window-closed' || kind === 'blocked') {
        watcher.answered(false);
        return settle(delivery, part, 'failed', reason, closing(kind, failure.closed, now));
      }
      const unknown = kind === 'unknown' || unknownBefore;
      // Once it may have been taken it stays `attempting`: only the same bytes with the same key go again.
      const state = unknown ? 'attempting' : 'waiting';
      const where = { deliveryId: delivery.id, n: part.n };
      const back: Change = {
        kind: 'update',
        record: 'deliveryPart',
        where,
        set: { state, ready: part.ready, reason: unknown ? { kind: 'unknown', text: failure.message } : reason },
      };
      if (kind === 'channel-broken') {
        watcher.broken(failure);
        const waiting: Change = { kind: 'update', record: 'delivery', where: { id: delivery.id }, set: { reason } };
        await unitOfWork.commit([back, waiting, heldUntil(lease, null, now)]);
        tell(delivery);
        return 'held';
      }
      if (kind === 'rate-limited') watcher.limited(claimed.id, failure.after);
      else watcher.unanswered(failure);
      if (kind === 'unknown' && part.part.key === undefined) return settle(delivery, part, 'unconfirmed', reason);
      const failures = delivery.failures + 1;
      const failingSince = delivery.failingSince ?? now;
      const again = retryAt({ now, failures, failingSince, after: failure.after }, random);
      if (again === undefined) {
        const text = `It could not be sent within ${longestHold / 60_000} minutes: ${failure.message}`;
        const over = unknown ? 'unconfirmed' : 'failed';
        return settle(delivery, part, over, { ...reason, kind: unknown ? 'unknown' : 'overdue', text });
      }
      const set = { failures, failingSince, reason };
      await unitOfWork.commit([
        back,
        { kind: 'update', record: 'delivery', where: { id: delivery.id }, set },
        heldUntil(lease, again, now),
      ]);
      tell(delivery);
      return 'held';
    }

    /** What a refusal says of the conversation itself. */
    function closing(kind: string, closed: ConversationClosed | undefined, now: number): Change[] {
      const where = { channelId, id: claimed.id };
      if (kind === 'blocked') {
        return [{ kind: 'update', record: 'conversation', where, set: { closed: closed ?? 'blocked' } }];
      }
      if (kind !== 'window-closed') return [];
      const { windowUntil } = claimed;
      // Unless the customer wrote meanwhile.
      return [{ kind: 'update', record: 'conversation', where, expect: { windowUntil }, set: { windowUntil: now } }];
    }

    /** Uploads and the like, with the conversation kept as long as they take. */
    async function whileLeased(part: DeliveryPart, record: ConversationRecord): Promise<unknown> {
      let cancel: (() => void) | undefined;
      const keep = () => {
        cancel = clock.after(leaseTime / 3, () => {
          renewing = renewing.then(async () => {
            await commit([]);
          });
          keep();
        });
      };
      let renewing: Promise<void> = Promise.resolve();
      keep();
      try {
        return await withinTime(time, readyTime, async (signal) =>
          client.ready?.(part.part, conversationOf(record), signal),
        );
      } finally {
        cancel?.();
        await renewing;
      }
    }
  };
}
