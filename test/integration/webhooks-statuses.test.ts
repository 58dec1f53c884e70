import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryView, Inbound, InboundStatus } from '../../adapters/contract/index.ts';
import type { PartState } from '../../channel-server/channels/delivery.ts';
import type { Change } from '../../channel-server/session/changes.ts';
import type { Signal } from '../../channel-server/session/signals.ts';
import { type BellHouse, bellHouse, says, talk } from '../support/doorbell.ts';

let house: BellHouse;
const signals: Signal[] = [];
beforeAll(async () => {
  house = await bellHouse();
  house.dependencies.signals.subscribe((signal) => void signals.push(signal));
});
afterAll(() => house.stop());

const apply = async (...changes: Change[]) => {
  const result = await house.dependencies.unitOfWork.commit(changes);
  if (result.outcome !== 'applied') throw new Error(JSON.stringify(result));
  return result.appended;
};

let people = 0;

/** Somebody's session in which we wrote a message of these parts; a part that has a name is called so by the platform. */
async function written(parts: { name?: string; state: PartState; at?: number }[]) {
  people += 1;
  const who = `reader${people}`;
  expect((await house.ring([says(who, 'hi')])).status).toBe(200);
  return { who, ...(await write(who, parts)) };
}

async function write(who: string, parts: { name?: string; state: PartState; at?: number }[]) {
  const [session] = await house.sessionsOf(`user:${who}`);
  if (session === undefined) throw new Error('there is no session');
  const { id: sessionId, tenantId, channelId, conversation } = session;
  const [stored] = await apply({
    kind: 'append',
    tenantId,
    sessionId,
    at: Date.now(),
    activity: { type: 'message', text: 'Ours', from: { id: 'acc', role: 'agent' }, audience: 'all' },
  });
  if (stored === undefined) throw new Error('nothing was stored');
  const { id, seq } = stored.activity;
  await apply(
    {
      kind: 'insert',
      record: 'delivery',
      values: {
        id,
        tenantId,
        channelId,
        conversation,
        sessionId,
        seq,
        state: 'sending',
        settled: false,
        reason: null,
        failures: 0,
        failingSince: null,
        createdAt: Date.now(),
        replacedBy: null,
      },
    },
    ...parts.map(
      ({ state }, n): Change => ({
        kind: 'insert',
        record: 'deliveryPart',
        values: {
          deliveryId: id,
          n,
          part: { request: {}, shows: { kind: 'text' } },
          state,
          ready: null,
          attempts: 1,
          attemptedAt: null,
          reason: null,
        },
      }),
    ),
    ...parts.flatMap(({ name, at = Date.now() }, n) => (name === undefined ? [] : [nameOf(name, id, n, at)])),
  );
  return { id, seq, sessionId };
}

function nameOf(externalId: string, deliveryId: string, n = 0, at = Date.now()): Change {
  return { kind: 'insert', record: 'partName', values: { channelId: 'bell', externalId, deliveryId, n, at } };
}

const status = (state: InboundStatus['state'], more: Partial<InboundStatus>): InboundStatus => ({
  kind: 'status',
  state,
  at: Date.now(),
  ...more,
});
const ring = async (...items: Inbound[]) => {
  expect((await house.ring(items)).status).toBe(200);
};
const stateOf = async (id: string) => (await house.storage.deliveries.delivery('one', id))?.state;
const partsOf = async (id: string) => (await house.storage.deliveries.parts(id)).map(({ state }) => state);

describe('statuses of a platform', () => {
  it('move a message only forward, whatever order and however often they come', async () => {
    const states = ['sent', 'delivered', 'read'] as const;
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [2, 0, 1, 0, 2],
      [1, 2, 0, 1],
    ];
    for (const [n, order] of orders.entries()) {
      const name = `order-${n}`;
      const { id } = await written([{ name, state: 'sent' }]);
      let furthest = 0;
      for (const index of order) {
        const state = states[index] ?? 'sent';
        await ring(status(state, { messages: [name] }));
        furthest = Math.max(furthest, index);
        const reached = states[furthest];
        expect(await partsOf(id)).toEqual([reached]);
        expect(await stateOf(id)).toBe(reached);
      }
    }
  });

  it('all at once from several deliveries end at the furthest', async () => {
    const { id } = await written([{ name: 'race', state: 'sent' }]);
    const states = ['read', 'sent', 'delivered'] as const;
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => ring(status(states[n % 3] ?? 'sent', { messages: ['race'] }))),
    );
    expect(await stateOf(id)).toBe('read');
  });

  it('of parts make a message no further than its least part', async () => {
    const { id } = await written([
      { name: 'part-0', state: 'sent' },
      { name: 'part-1', state: 'sent' },
      { name: 'part-2', state: 'sent' },
    ]);
    await ring(status('read', { messages: ['part-0'] }), status('delivered', { messages: ['part-1'] }));
    expect(await stateOf(id)).toBe('sent');
    await Promise.all([
      ring(status('delivered', { messages: ['part-2'] })),
      ring(status('read', { messages: ['part-1'] })),
    ]);
    expect(await stateOf(id)).toBe('delivered');
    await ring(status('read', { messages: ['part-2'] }));
    expect(await stateOf(id)).toBe('read');
  });

  it('that come before the message has a name are held, and applied once it has', async () => {
    await ring(status('read', { messages: ['early'] }), status('delivered', { messages: ['early'] }));
    const { id } = await written([{ state: 'sent' }]);
    expect(await stateOf(id)).toBe('sending');
    await apply(nameOf('early', id));
    await house.receiving.statuses.applyHeld({ id: 'bell', tenantId: 'one' }, ['early']);
    expect(await stateOf(id)).toBe('read');
    expect(await house.storage.deliveries.held('bell', ['early'])).toEqual([]);
  });

  it('that name a part by its key bring it forward before our request was answered, and name it', async () => {
    await ring(status('read', { messages: ['wamid-late'] }));
    const { id } = await written([{ name: 'key-1', state: 'attempting', at: Number.MAX_SAFE_INTEGER }]);
    await ring(status('delivered', { messages: ['wamid-1'], key: 'key-1' }));
    expect(await stateOf(id)).toBe('delivered');
    await ring(status('sent', { messages: ['wamid-late'], key: 'key-1' }));
    expect(await stateOf(id)).toBe('read');
    const names = await house.storage.deliveries.named('bell', ['wamid-1', 'wamid-late']);
    expect(names.map(({ deliveryId }) => deliveryId)).toEqual([id, id]);
    await ring(status('delivered', { messages: ['foreign'], key: 'nobody’s key' }));
    expect(await house.storage.deliveries.held('bell', ['foreign'])).toHaveLength(1);
  });

  it('are lost in no order of name and status, even when both come at the same moment', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const name = `moment-${turn}`;
      const { id } = await written([{ state: 'sent' }]);
      await Promise.all([
        ring(status('delivered', { messages: [name] })),
        apply(nameOf(name, id)).then(() => house.receiving.statuses.applyHeld({ id: 'bell', tenantId: 'one' }, [name])),
      ]);
      expect(await stateOf(id)).toBe('delivered');
    }
  });

  it('up to a time move what was sent by then, in that conversation', async () => {
    const now = Date.now();
    const first = await written([
      { name: 'w-0', state: 'sent', at: now - 300 },
      { name: 'w-1', state: 'sent', at: now - 200 },
    ]);
    const second = await write(first.who, [{ name: 'w-2', state: 'sent', at: now - 100 }]);
    const other = await written([{ name: 'w-3', state: 'sent', at: now - 300 }]);
    await ring(status('read', { upto: now - 150, conversation: talk(first.who) }));
    expect([await stateOf(first.id), await stateOf(second.id), await stateOf(other.id)]).toEqual([
      'read',
      'sending',
      'sending',
    ]);
    await ring(status('delivered', { upto: now, conversation: talk(first.who) }));
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(['read', 'delivered']);
  });

  it('of failure say why, in the log for staff, once, and close the conversation when the platform does', async () => {
    const { id, who, seq, sessionId } = await written([{ name: 'fail', state: 'sent' }]);
    const failed = status('failed', {
      messages: ['fail'],
      reason: { code: '131026', text: 'The number has no account.' },
      closed: 'blocked',
    });
    await ring(failed, failed);
    const delivery = await house.storage.deliveries.delivery('one', id);
    const reason = { kind: 'platform', code: '131026', text: 'The number has no account.' };
    expect(delivery).toMatchObject({ state: 'failed', reason });
    const events = (await house.logOf(`user:${who}`)).filter(({ name }) => name === 'delivery:failed');
    expect(events).toMatchObject([{ audience: 'staff', value: { activity: `${sessionId}.${seq}`, reason } }]);
    expect((await house.storage.deliveries.conversation('bell', `user:${who}`))?.closed).toBe('blocked');
    await ring(status('sent', { messages: ['fail'] }));
    expect(await stateOf(id)).toBe('failed');
    await ring(status('delivered', { messages: ['fail'] }));
    expect(await house.storage.deliveries.delivery('one', id)).toMatchObject({ state: 'delivered', reason: null });
  });

  it('of reading are the customer’s watermark, and are told', async () => {
    const { id, who, seq, sessionId } = await written([{ name: 'marked', state: 'sent' }]);
    signals.length = 0;
    await ring(status('delivered', { messages: ['marked'] }));
    await ring(status('read', { messages: ['marked'] }));
    const receipts = await house.storage.sessions.receipts(sessionId);
    expect(receipts.find(({ participant }) => participant.id === who)).toMatchObject({ delivered: seq, read: seq });
    expect(signals.filter(({ kind }) => kind === 'delivery')).toEqual([
      { kind: 'delivery', tenantId: 'one', channelId: 'bell', sessionId, deliveryId: id },
      { kind: 'delivery', tenantId: 'one', channelId: 'bell', sessionId, deliveryId: id },
    ]);
    expect(signals.findLast(({ kind }) => kind === 'receipt')).toMatchObject({ receipt: { read: seq } });
  });

  it('are read with the log by staff', async () => {
    const { sessionId, seq } = await written([{ name: 'shown', state: 'sent' }]);
    await ring(status('failed', { messages: ['shown'], reason: { code: '5', text: 'No.' } }));
    const token = await house.tokenOf('one-ada');
    const read = async (query: string): Promise<DeliveryView[] | undefined> =>
      (await house.request('GET', `/api/v1/sessions/${sessionId}/activities${query}`, { token })).json.deliveries;
    expect(await read('')).toEqual([{ seq, state: 'failed', reason: { kind: 'platform', code: '5', text: 'No.' } }]);
    expect(await read(`?after=${seq}`)).toBeUndefined();
    expect(await read(`?limit=${seq - 1}`)).toBeUndefined();
  });
});
