import type { Clock, InboundStatus, Log } from '../../adapters/contract/index.ts';
import { announceActivities } from '../session/announce.ts';
import { appendEvent, systemParticipant } from '../session/events.ts';
import type { Change, SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { Channel } from './channel.ts';
import { type Delivery, type DeliveryReason, type HeldStatus, isForward, type PartName } from './delivery.ts';
import { deliveryStateOf, statesBefore } from './delivery-state.ts';
import type { DeliveryRepository } from './ports.ts';

/** What platforms tell of messages of ours. */
export interface Statuses {
  /** Bring parts forward, and with them their deliveries; statuses of unknown messages are held. */
  apply(channel: Channel, status: InboundStatus): Promise<void>;
  /** Call once names of parts are committed: what was held for them is applied. */
  applyHeld(channel: Pick<Channel, 'id' | 'tenantId'>, externalIds: readonly string[]): Promise<void>;
}

/** Parts that one watermark moves at once; the next one takes the rest. */
const mostMarked = 500;
/** A part moves a few steps in its life: losing more races than that means something else is wrong. */
const mostAttempts = 10;
/** A status of ours is held a day: nothing waits longer for its message's id. */
export const heldFor = 24 * 60 * 60_000;

interface News {
  state: InboundStatus['state'];
  at: number;
  reason: DeliveryReason | null;
}

export function createStatuses(dependencies: {
  deliveries: DeliveryRepository;
  sessions: Pick<SessionRepository, 'receipts'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Log;
}): Statuses {
  const { deliveries, sessions, unitOfWork, signals, clock, log } = dependencies;

  /** Bring one part to a state, unless it is further; with it its delivery, the log and the customer's watermark. */
  async function advance(channel: Pick<Channel, 'id' | 'tenantId'>, name: PartName, news: News): Promise<void> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const delivery = await deliveries.delivery(channel.tenantId, name.deliveryId);
      if (delivery === undefined) return;
      const parts = await deliveries.parts(delivery.id);
      const part = parts.find(({ n }) => n === name.n);
      if (part === undefined) return;
      const moves = statesBefore(news.state).includes(part.state);
      const after = parts.map((one) => (one === part && moves ? { state: news.state } : one));
      const state = deliveryStateOf(after);
      const forward = isForward(delivery.state, state);
      if (!moves && !forward) return;
      const changes: Change[] = [];
      if (moves) {
        changes.push({
          kind: 'update',
          record: 'deliveryPart',
          where: { deliveryId: delivery.id, n: name.n },
          expect: { state: part.state },
          set: news.state === 'failed' ? { state: news.state, reason: news.reason } : { state: news.state },
          refusal: 'PART_MOVED',
        });
      }
      if (forward) changes.push(...(await moved(delivery, state, news)));
      const result = await unitOfWork.commit(changes);
      if (result.outcome !== 'applied') continue;
      if (forward) await tell(delivery, state, result.appended);
      // Another part may have moved meanwhile: then the least of both is looked at once more.
      if (parts.length === 1) return;
    }
  }

  async function moved(delivery: Delivery, state: Delivery['state'], news: News): Promise<Change[]> {
    const { id, tenantId, sessionId, seq } = delivery;
    const failed = state === 'failed';
    const changes: Change[] = [
      {
        kind: 'update',
        record: 'delivery',
        where: { id },
        expect: { state: delivery.state },
        set: failed ? { state, reason: news.reason } : { state, reason: null },
        refusal: 'DELIVERY_MOVED',
      },
    ];
    if (failed) {
      const { kind, code } = news.reason ?? { kind: 'platform' };
      changes.push(
        appendEvent({ id: sessionId, tenantId }, clock.now(), 'delivery:failed', systemParticipant, {
          activity: `${sessionId}.${seq}`,
          reason: { kind, ...(code === undefined ? {} : { code }), text: news.reason?.text ?? '' },
        }),
      );
    }
    if (state === 'delivered' || state === 'read') {
      const conversation = await deliveries.conversation(delivery.channelId, delivery.conversation);
      if (conversation !== undefined) {
        changes.push({
          kind: 'receipt',
          tenantId,
          sessionId,
          participantId: conversation.personId,
          role: 'user',
          ...(state === 'read' ? { read: seq } : { delivered: seq }),
          at: clock.now(),
        });
      }
    }
    return changes;
  }

  async function tell(
    { id, tenantId, sessionId, channelId, conversation }: Delivery,
    state: Delivery['state'],
    appended: Parameters<typeof announceActivities>[2],
  ): Promise<void> {
    announceActivities(signals, { channelId, conversation }, appended);
    signals.publish({ kind: 'delivery', tenantId, channelId, sessionId, deliveryId: id });
    if (state !== 'delivered' && state !== 'read') return;
    const customers = (await sessions.receipts(sessionId)).filter(({ participant }) => participant.role === 'user');
    for (const receipt of customers) signals.publish({ kind: 'receipt', tenantId, receipt });
  }

  /** Statuses of these ids are known from now on to belong to these parts. */
  async function applyHeld(channel: Pick<Channel, 'id' | 'tenantId'>, externalIds: readonly string[]): Promise<void> {
    const held = await deliveries.held(channel.id, externalIds);
    if (held.length === 0) return;
    const names = new Map((await deliveries.named(channel.id, externalIds)).map((name) => [name.externalId, name]));
    for (const status of held) {
      const name = names.get(status.externalId);
      if (name === undefined) continue;
      await advance(channel, name, status);
      const { channelId, externalId, state } = status;
      await unitOfWork.commit([{ kind: 'remove', record: 'heldStatus', where: { channelId, externalId, state } }]);
    }
  }

  async function hold(channel: Channel, externalIds: readonly string[], news: News): Promise<void> {
    if (externalIds.length === 0) return;
    await unitOfWork.commit(
      externalIds.map((externalId): Change => {
        const values: HeldStatus = { channelId: channel.id, externalId, ...news };
        return { kind: 'insert', record: 'heldStatus', values, ignore: true };
      }),
    );
    // A name that was committed just before was not seen, and neither was what is held now.
    await applyHeld(channel, externalIds);
  }

  /** The parts these ids stand for; those told with the key that a part went out under are its names from now on. */
  async function namesOf(
    channel: Channel,
    messages: readonly string[],
    key: string | undefined,
    at: number,
  ): Promise<PartName[]> {
    const names = await deliveries.named(channel.id, key === undefined ? messages : [...messages, key]);
    const byKey = key === undefined ? undefined : names.find(({ externalId }) => externalId === key);
    if (byKey === undefined || messages.includes(byKey.externalId)) return names;
    const told = names.filter((name) => name !== byKey);
    const known = new Set(told.map(({ externalId }) => externalId));
    const fresh = messages.filter((id) => !known.has(id)).map((externalId): PartName => ({ ...byKey, externalId, at }));
    if (fresh.length > 0) {
      await unitOfWork.commit(
        fresh.map((values): Change => ({ kind: 'insert', record: 'partName', values, ignore: true })),
      );
      await applyHeld(
        channel,
        fresh.map(({ externalId }) => externalId),
      );
    }
    return messages.length === 0 ? [byKey] : [...told, ...fresh];
  }

  return {
    applyHeld,
    async apply(channel, status) {
      const { state, messages = [], upto, conversation } = status;
      const at = Math.min(status.at, clock.now());
      const reason: DeliveryReason | null =
        state === 'failed'
          ? {
              kind: 'platform',
              ...(status.reason === undefined ? {} : { code: status.reason.code }),
              text: status.reason?.text ?? 'The platform says that the message did not arrive.',
            }
          : null;
      const news: News = { state, at, reason };
      const names = await namesOf(channel, messages, status.key, at);
      for (const name of names) await advance(channel, name, news);
      const known = new Set(names.map(({ externalId }) => externalId));
      await hold(
        channel,
        messages.filter((id) => !known.has(id)),
        news,
      );
      if (status.closed !== undefined && conversation !== undefined) {
        await unitOfWork.commit([
          {
            kind: 'update',
            record: 'conversation',
            where: { channelId: channel.id, id: conversation.id },
            set: { closed: status.closed },
          },
        ]);
      } else if (status.closed !== undefined && names[0] !== undefined) {
        await closeOf(channel, names[0], status.closed);
      }
      if (upto === undefined || conversation === undefined) return;
      if (state !== 'delivered' && state !== 'read') {
        log.debug({ channel: channel.id, state }, 'a watermark of this state says nothing');
        return;
      }
      const sent = await deliveries.sentUpto(channel.id, conversation.id, upto, state, mostMarked);
      for (const name of sent.toReversed()) await advance(channel, name, news);
    },
  };

  async function closeOf(channel: Channel, name: PartName, closed: NonNullable<InboundStatus['closed']>) {
    const delivery = await deliveries.delivery(channel.tenantId, name.deliveryId);
    if (delivery === undefined) return;
    const where = { channelId: channel.id, id: delivery.conversation };
    await unitOfWork.commit([{ kind: 'update', record: 'conversation', where, set: { closed } }]);
  }
}
