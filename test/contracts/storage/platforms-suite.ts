import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelStatus, KeptCredential, MediaFetch } from '../../../channel-server/channels/channel-status.ts';
import type { ConversationRecord } from '../../../channel-server/channels/conversation.ts';
import type { Delivery, DeliveryPart, HeldStatus, PartName } from '../../../channel-server/channels/delivery.ts';
import type { Change } from '../../../channel-server/session/changes.ts';
import { aDelivery, apply, insert, noon, unique } from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** What is kept for platforms: conversations and their leases, deliveries, names, statuses, files to fetch. */
export function platformsSuite(kind: StoreKind): void {
  describe('what is kept for platforms', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());

    const conversation = (channelId: string, id: string, more: Partial<ConversationRecord> = {}) => ({
      channelId,
      id,
      tenantId: 'acme',
      address: { replyToken: 'r1', nested: [1, null] },
      personId: 'U1',
      windowUntil: null,
      windowLeft: null,
      closed: null,
      heardAt: noon,
      dueAt: null,
      leaseUntil: null,
      leaseOwner: null,
      ...more,
    });
    const delivery = (more: Partial<Delivery> = {}): Delivery => ({
      ...aDelivery({ id: unique('ses'), tenantId: 'acme', channelId: 'line', conversation: 'user:U1' }),
      id: unique('act'),
      ...more,
    });
    const part = (deliveryId: string, n: number, state: DeliveryPart['state']): DeliveryPart => ({
      deliveryId,
      n,
      part: { request: { path: '/push', body: '{"text":"你好"}' }, key: 'k', shows: { kind: 'text', text: '你好' } },
      state,
      ready: null,
      attempts: 0,
      attemptedAt: null,
      reason: null,
    });
    const name = (channelId: string, externalId: string, deliveryId: string, n: number, at: number): PartName => ({
      channelId,
      externalId,
      deliveryId,
      n,
      at,
    });
    const outcome = async (...changes: Change[]) => (await store.unitOfWork.commit(changes)).outcome;

    it('gives conversations back as they were, each once in its channel', async () => {
      const record = conversation(unique('channel'), 'user:U1', {
        windowUntil: noon,
        windowLeft: 3,
        closed: 'blocked',
      });
      await apply(store, insert('conversation', record));
      expect(await store.deliveries.conversation(record.channelId, 'user:U1')).toEqual(record);
      expect(await outcome(insert('conversation', record, { refusal: 'THERE' }))).toBe('refused');
      await apply(store, insert('conversation', { ...record, channelId: unique('channel') }));
      expect(await store.deliveries.conversation(record.channelId, 'user:U2')).toBeUndefined();
      await apply(store, {
        kind: 'update',
        record: 'conversation',
        where: { channelId: record.channelId, id: 'user:U1' },
        expect: { windowUntil: { below: noon + 1, orNull: true } },
        set: { windowUntil: noon + 5, closed: null },
        refusal: 'NO',
      });
      expect(await store.deliveries.conversation(record.channelId, 'user:U1')).toMatchObject({
        windowUntil: noon + 5,
        closed: null,
      });
    });

    it('expects a number below another, or none at all when asked to', async () => {
      const channelId = unique('channel');
      await apply(store, insert('conversation', conversation(channelId, 'a', { windowUntil: null })));
      const grant = (orNull: boolean): Change => ({
        kind: 'update',
        record: 'conversation',
        where: { channelId, id: 'a' },
        expect: { windowUntil: orNull ? { below: 10, orNull: true } : { below: 10 } },
        set: { windowUntil: 10 },
        refusal: 'NO',
      });
      expect(await outcome(grant(false))).toBe('refused');
      expect(await outcome(grant(true))).toBe('applied');
      expect(await outcome(grant(true))).toBe('refused');
    });

    it('lets due conversations be claimed by one, earliest first, and again when the lease has run out', async () => {
      const channelId = unique('channel');
      await apply(
        store,
        insert('conversation', conversation(channelId, 'late', { dueAt: 30 })),
        insert('conversation', conversation(channelId, 'first', { dueAt: 10 })),
        insert('conversation', conversation(channelId, 'second', { dueAt: 20 })),
        insert('conversation', conversation(channelId, 'idle')),
        insert('conversation', conversation(unique('channel'), 'elsewhere', { dueAt: 1 })),
      );
      expect(await store.deliveries.nextDue(channelId)).toBe(10);
      expect(await store.deliveries.claim(channelId, 'a', 9, 100, 10)).toEqual([]);
      const claimed = await store.deliveries.claim(channelId, 'a', 25, 100, 10);
      expect(claimed.map(({ id, leaseUntil, leaseOwner }) => [id, leaseUntil, leaseOwner])).toEqual([
        ['first', 100, 'a'],
        ['second', 100, 'a'],
      ]);
      expect(await store.deliveries.claim(channelId, 'b', 99, 500, 10)).toMatchObject([{ id: 'late' }]);
      expect(await store.deliveries.nextDue(channelId)).toBe(100);
      expect(await store.deliveries.claim(channelId, 'b', 100, 600, 1)).toMatchObject([
        { id: 'first', leaseOwner: 'b', leaseUntil: 600 },
      ]);
      // Released, with nothing left to do.
      const where = { channelId, id: 'first' };
      const set = { dueAt: null, leaseUntil: null, leaseOwner: null };
      await apply(store, { kind: 'update', record: 'conversation', where, set });
      expect(await store.deliveries.claim(channelId, 'c', 1_000, 2_000, 10)).toHaveLength(2);
      expect(await store.deliveries.nextDue(channelId)).toBe(2_000);
    });

    it('never gives one conversation to two owners, whichever node they are on', async () => {
      const channelId = unique('channel');
      const all = Array.from({ length: 60 }, (_, n) => `user:${n}`);
      await apply(store, ...all.map((id, n) => insert('conversation', conversation(channelId, id, { dueAt: n }))));
      const other = kind.name === 'embedded' ? store : await store.another();
      const taken: string[] = [];
      for (let turn = 0; turn < 20 && taken.length < 60; turn += 1) {
        const claims = await Promise.all(
          Array.from({ length: 6 }, (_, n) =>
            (n % 2 === 0 ? store : other).deliveries.claim(channelId, `owner${n}`, 1_000, 90_000, 7),
          ),
        );
        taken.push(...claims.flat().map(({ id }) => id));
      }
      expect(taken.toSorted()).toEqual(all.toSorted());
      if (other !== store) await other.close();
    });

    it('names the channels that have something to do', async () => {
      const [due, leased, idle] = [unique('channel'), unique('channel'), unique('channel')];
      await apply(
        store,
        insert('conversation', conversation(due, 'a', { dueAt: 9 })),
        insert('conversation', conversation(leased, 'a', { leaseUntil: 9, leaseOwner: 'x' })),
        insert('conversation', conversation(idle, 'a')),
      );
      const channels = await store.deliveries.channelsWithWork();
      expect(channels).toContain(due);
      expect(channels).toContain(leased);
      expect(channels).not.toContain(idle);
      expect(await store.deliveries.nextDue(idle)).toBeUndefined();
    });

    it('gives unsettled deliveries of a conversation in the order of their activities', async () => {
      const channelId = unique('channel');
      const base = { channelId, sessionId: 'ses_b' };
      const rows = [
        delivery({ ...base, seq: 11 }),
        delivery({ ...base, seq: 9, settled: true, state: 'read' }),
        delivery({ ...base, seq: 2, state: 'sending' }),
        delivery({ ...base, sessionId: 'ses_a', seq: 40 }),
        delivery({ ...base, seq: 3, conversation: 'user:U2' }),
      ];
      await apply(store, ...rows.map((row) => insert('delivery', row)));
      const unsettled = await store.deliveries.unsettled(channelId, 'user:U1', 10);
      expect(unsettled.map(({ sessionId, seq }) => `${sessionId} ${seq}`)).toEqual(['ses_a 40', 'ses_b 2', 'ses_b 11']);
      expect(await store.deliveries.unsettled(channelId, 'user:U1', 1)).toEqual([rows[3]]);
      expect((await store.deliveries.ofSession('ses_b', 3, 2)).map(({ seq }) => seq)).toEqual([9, 11]);
      expect(await store.deliveries.delivery('acme', rows[0]?.id ?? '')).toEqual(rows[0]);
      expect(await store.deliveries.delivery('other', rows[0]?.id ?? '')).toBeUndefined();
    });

    it('finds parts by the names platforms gave them', async () => {
      const channelId = unique('channel');
      const one = delivery({ channelId, reason: { kind: 'refused', code: '131026', text: 'no' }, failingSince: noon });
      const parts = [part(one.id, 1, 'attempting'), part(one.id, 0, 'sent')];
      await apply(
        store,
        insert('delivery', one),
        ...parts.map((each) => insert('deliveryPart', each)),
        insert('partName', name(channelId, 'm1', one.id, 0, noon)),
        insert('partName', name(channelId, 'm2', one.id, 1, noon)),
        insert('partName', name('another', 'm1', one.id, 1, noon)),
      );
      expect(await store.deliveries.parts(one.id)).toEqual([parts[1], parts[0]]);
      expect((await store.deliveries.named(channelId, ['m2', 'm1', 'unknown'])).map(({ n }) => n)).toEqual([0, 1]);
      expect(await store.deliveries.named(channelId, [])).toEqual([]);
      expect((await store.deliveries.namesOf(one.id)).map(({ externalId }) => externalId).toSorted()).toEqual([
        'm1',
        'm1',
        'm2',
      ]);
      const twin = name(channelId, 'm1', 'other', 0, noon);
      expect(await outcome(insert('partName', twin, { refusal: 'TAKEN' }))).toBe('refused');
      await apply(store, {
        kind: 'update',
        record: 'deliveryPart',
        where: { deliveryId: one.id, n: 1 },
        expect: { state: { in: ['waiting', 'attempting'] } },
        set: { state: 'sent', ready: { mediaId: '7' }, attempts: { add: 1 } },
        refusal: 'NO',
      });
      expect((await store.deliveries.parts(one.id))[1]).toMatchObject({ state: 'sent', ready: { mediaId: '7' } });
      expect((await store.deliveries.parts(one.id))[0]).toMatchObject({ attempts: 0 });
    });

    it('finds what a watermark moves: surely sent by then, below the state, newest first', async () => {
      const channelId = unique('channel');
      const states = ['sent', 'delivered', 'read', 'failed', 'unconfirmed', 'sent'] as const;
      for (const [n, state] of states.entries()) {
        const one = delivery({ channelId, seq: n + 1, state: state === 'read' ? 'read' : 'sent', settled: true });
        await apply(
          store,
          insert('delivery', one),
          insert('deliveryPart', part(one.id, 0, state)),
          insert('partName', name(channelId, `m${n}`, one.id, 0, 100 + n)),
        );
      }
      const upto = async (at: number, below: 'delivered' | 'read', limit = 10) =>
        (await store.deliveries.sentUpto(channelId, 'user:U1', at, below, limit)).map(({ externalId }) => externalId);
      expect(await upto(104, 'read')).toEqual(['m1', 'm0']);
      expect(await upto(105, 'delivered')).toEqual(['m5', 'm0']);
      expect(await upto(105, 'read', 1)).toEqual(['m5']);
      expect(await upto(99, 'read')).toEqual([]);
    });

    it('holds statuses until their time is over', async () => {
      const channelId = unique('channel');
      const held = (externalId: string, state: HeldStatus['state'], at: number): HeldStatus => ({
        channelId,
        externalId,
        state,
        at,
        reason: state === 'failed' ? { kind: 'platform', text: 'no such number' } : null,
      });
      const rows = [held('m1', 'read', 30), held('m1', 'delivered', 20), held('m2', 'failed', 10)];
      await apply(store, ...rows.map((row) => insert('heldStatus', row)));
      await apply(store, insert('heldStatus', held('m1', 'read', 99), { ignore: true }));
      expect(await store.deliveries.held(channelId, ['m1'])).toEqual([rows[1], rows[0]]);
      expect(await store.deliveries.pruneHeld(20)).toBe(1);
      expect(await store.deliveries.held(channelId, ['m1', 'm2'])).toEqual([rows[1], rows[0]]);
      const [gone] = rows;
      if (gone === undefined) throw new Error('there is no row');
      const { externalId, state } = gone;
      await apply(store, { kind: 'remove', record: 'heldStatus', where: { channelId, externalId, state } });
      expect(await store.deliveries.held(channelId, ['m1', 'm2'])).toEqual([rows[1]]);
    });

    it('lists dead letters newest first, page by page, of one channel or all', async () => {
      const tenantId = unique('tenant');
      const dead = (n: number, state: Delivery['state'], channelId = 'line') =>
        delivery({ tenantId, channelId, state, settled: true, createdAt: noon + Math.floor(n / 2), seq: n });
      const rows = [
        dead(0, 'failed'),
        dead(1, 'unconfirmed'),
        dead(2, 'failed', 'wechat'),
        dead(3, 'sent'),
        dead(4, 'failed'),
      ];
      await apply(store, ...rows.map((row) => insert('delivery', row)));
      const seqs: number[] = [];
      let cursor: string | undefined;
      do {
        const page: { items: Delivery[]; next?: string } = await store.deliveries.dead(
          tenantId,
          {},
          { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
        );
        seqs.push(...page.items.map(({ seq }) => seq));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seqs).toEqual([4, 2, 1, 0]);
      const one = await store.deliveries.dead(tenantId, { channelId: 'wechat' }, { limit: 2 });
      expect(one).toEqual({ items: [rows[2]] });
      expect((await store.deliveries.dead('other', {}, { limit: 2 })).items).toEqual([]);
      await expect(store.deliveries.dead(tenantId, {}, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    });

    it('keeps how channels are and what they know', async () => {
      const [channelId, tenantId] = [unique('channel'), unique('tenant')];
      const status: ChannelStatus = {
        channelId,
        tenantId,
        report: { state: 'waiting-for-login', qr: '2@abc' },
        circuit: 'open',
        pausedUntil: noon,
        problem: 'The token was refused.',
        problemAt: noon,
        heardAt: null,
        sentAt: noon,
        dropped: 2,
      };
      await apply(store, insert('channelStatus', status));
      const where = { channelId };
      await apply(store, {
        kind: 'update',
        record: 'channelStatus',
        where,
        set: { dropped: { add: 3 }, report: null },
      });
      const now = { ...status, dropped: 5, report: null };
      expect(await store.channels.status(channelId)).toEqual(now);
      expect(await store.channels.statuses(tenantId)).toEqual([now]);
      expect(await store.channels.status('none')).toBeUndefined();

      const kept: KeptCredential = {
        channelId,
        name: 'token',
        seed: 'abc',
        value: { $sealed: 'v1.…' },
        expiresAt: noon,
        leaseUntil: null,
      };
      await apply(store, insert('credential', kept));
      expect(await store.channels.credential(channelId, 'token')).toEqual(kept);
      expect(await store.channels.credential(channelId, 'refresh')).toBeUndefined();
      const again = { ...kept, seed: 'x' };
      expect(await outcome(insert('credential', again, { refusal: 'THERE' }))).toBe('refused');
      expect(await outcome(insert('credential', { ...again, name: 'refresh' }, { refusal: 'THERE' }))).toBe('applied');
    });

    it('gives files to be fetched to one at a time, for as long as the lease lasts', async () => {
      const file = (dueAt: number): MediaFetch => ({
        id: unique('med'),
        tenantId: 'acme',
        channelId: 'line',
        sessionId: 'ses_1',
        reference: { messageId: '325708' },
        attempts: 0,
        dueAt,
        leaseUntil: null,
        createdAt: noon,
      });
      expect(await store.mediaFetches.nextDue()).toBeUndefined();
      const files = [file(30), file(10), file(20)];
      await apply(store, ...files.map((each) => insert('mediaFetch', each)));
      expect(await store.mediaFetches.nextDue()).toBe(10);
      expect(await store.mediaFetches.claim(5, 100, 10)).toEqual([]);
      const claims = await Promise.all(Array.from({ length: 4 }, () => store.mediaFetches.claim(20, 100, 1)));
      expect(claims.flat().map(({ dueAt, leaseUntil }) => [dueAt, leaseUntil])).toEqual(
        expect.arrayContaining([
          [10, 100],
          [20, 100],
        ]),
      );
      expect(claims.flat()).toHaveLength(2);
      expect(await store.mediaFetches.nextDue()).toBe(30);
      expect(await store.mediaFetches.claim(30, 90, 10)).toEqual([{ ...files[0], leaseUntil: 90 }]);
      expect(await store.mediaFetches.nextDue()).toBe(90);
      expect(await store.mediaFetches.claim(100, 200, 10)).toHaveLength(3);
    });
  });
}
