import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RevokedVisitor, Tenant } from '../../../channel-server/access/account.ts';
import type { Session } from '../../../channel-server/session/session.ts';
import {
  aChannel,
  aCustomer,
  aMedium,
  anAccount,
  anAgent,
  anIdentity,
  anOffer,
  apply,
  aQueue,
  aRefreshToken,
  aSession,
  insert,
  noon,
  started,
  unique,
} from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** What the repositories answer: the same records that went in, of the right tenant, in the promised order. */
export function readsSuite(kind: StoreKind): void {
  describe('reads', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());
    const ids = (records: { id: string }[]) => records.map(({ id }) => id);

    it('give back every field of a session', async () => {
      const full = aSession({
        media: ['chat', 'voice'],
        subject: 'Ünïcode 👋 "quotes"',
        page: { url: 'https://shop.example/?a=1', title: 'Shop' },
        priority: -3,
        agentId: 'acc_1',
        preferredAgentId: 'acc_2',
        goneSince: 1,
        queuedAt: 2,
        assignedAt: 3,
        parkedAt: 4,
        closedAt: 5,
        closeReason: 'resolved',
        closedBy: 'acc_1',
        state: 'closed',
      });
      const empty = aSession({ locale: null });
      await apply(store, insert('session', full), insert('session', empty));
      expect(await store.sessions.session('acme', full.id)).toEqual(full);
      expect(await store.sessions.session('acme', empty.id)).toEqual(empty);
      expect(await store.sessions.session('other', full.id)).toBeUndefined();
      expect(await store.sessions.sessions('acme', [full.id, empty.id, 'ses_none'])).toEqual([empty, full]);
      expect(await store.sessions.sessions('other', [full.id])).toEqual([]);
      expect(await store.sessions.sessions('acme', [])).toEqual([]);
    });

    it('find sessions by conversation', async () => {
      const tenantId = unique('tenant');
      const old = await started(store, { tenantId, conversation: 'visitor:q', channelId: tenantId, state: 'closed' });
      const now = await started(store, { tenantId, conversation: 'visitor:q', channelId: tenantId });
      const other = await started(store, { tenantId, conversation: 'subject:q', channelId: tenantId });
      const both = ['visitor:q', 'subject:q'];
      expect((await store.sessions.openSession(tenantId, tenantId, 'visitor:q'))?.id).toBe(now.id);
      expect(await store.sessions.openSession('other', tenantId, 'visitor:q')).toBeUndefined();
      expect(await store.sessions.openSession(tenantId, tenantId, 'visitor:none')).toBeUndefined();
      const found = (limit: number, tenant = tenantId) =>
        store.sessions.sessionsOfConversations(tenant, tenantId, both, limit);
      expect(ids(await found(10))).toEqual([other.id, now.id, old.id]);
      expect(ids(await found(2))).toEqual([other.id, now.id]);
      expect(await found(10, 'other')).toEqual([]);
      expect(await store.sessions.sessionsOfConversations(tenantId, tenantId, [], 10)).toEqual([]);
      expect(ids(await store.sessions.openSessionsOfChannels([tenantId, 'none']))).toEqual([now.id, other.id]);
      expect(await store.sessions.openSessionsOfChannels([])).toEqual([]);
    });

    it('list sessions by filter and cursor, newest first', async () => {
      const tenantId = unique('tenant');
      const identity = anIdentity({ tenantId, customerId: 'cus_list' });
      await apply(store, insert('identity', identity));
      const made: Session[] = [];
      for (let n = 0; n < 25; n++) {
        made.push(
          await started(store, {
            tenantId,
            channelId: n % 2 === 0 ? 'even' : 'odd',
            queueId: n < 20 ? 'support' : 'sales',
            state: n % 5 === 0 ? 'closed' : 'queued',
            agentId: n % 10 === 3 ? 'acc_a' : null,
            identityId: n === 7 ? identity.id : 'idn_other',
          }),
        );
      }
      await started(store);
      const list = async (filter: Parameters<TestStore['sessions']['list']>[1], limit = 100) =>
        (await store.sessions.list(tenantId, filter, { limit })).items.map(({ id }) =>
          made.findIndex((session) => session.id === id),
        );
      const all = made.map((_, n) => 24 - n);
      expect(await list({})).toEqual(all);
      expect(await list({ channelId: 'odd' })).toEqual(all.filter((n) => n % 2 === 1));
      expect(await list({ states: ['closed'] })).toEqual(all.filter((n) => n % 5 === 0));
      expect(await list({ states: ['queued', 'active'] })).toEqual(all.filter((n) => n % 5 !== 0));
      expect(await list({ states: [] })).toEqual([]);
      expect(await list({ queueIds: ['sales'] })).toEqual(all.filter((n) => n >= 20));
      expect(await list({ queueIds: [] })).toEqual([]);
      expect(await list({ agentId: 'acc_a' })).toEqual([23, 13, 3]);
      expect(await list({ customerId: 'cus_list' })).toEqual([7]);
      expect(await list({ customerId: 'cus_list', channelId: 'even' })).toEqual([]);

      const seen = (n: number) => made[n]?.id ?? '';
      const part = { accountId: 'acc_v', role: 'agent', joinedAt: noon, leftAt: noon } as const;
      await apply(store, insert('participant', { ...part, sessionId: seen(2) }));
      await apply(store, insert('participant', { ...part, sessionId: seen(21), role: 'offered', leftAt: null }));
      const visible = (supervisedQueueIds: readonly string[] | 'all') =>
        list({ visibleTo: { accountId: 'acc_v', supervisedQueueIds } });
      expect(await visible([])).toEqual([21, 2]);
      expect(await visible(['sales'])).toEqual([24, 23, 22, 21, 20, 2]);
      expect(await visible('all')).toEqual(all);

      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await store.sessions.list(
          tenantId,
          { states: ['queued'] },
          { limit: 7, ...(cursor && { cursor }) },
        );
        pages.push(ids(page.items));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(pages.map((page) => page.length)).toEqual([7, 7, 6]);
      expect(pages.flat()).toEqual(all.filter((n) => n % 5 !== 0).map(seen));
      expect((await store.sessions.list('other', {}, { limit: 5 })).items).toEqual([]);
      expect((await store.sessions.list(tenantId, {}, { limit: 25 })).next).toBeUndefined();
    });

    it('give participants in the order they joined', async () => {
      const sessionId = unique('ses');
      const one = { sessionId, accountId: 'acc_2', role: 'offered', joinedAt: noon, leftAt: noon + 1 } as const;
      const two = { sessionId, accountId: 'acc_2', role: 'agent', joinedAt: noon + 1, leftAt: null } as const;
      await apply(store, insert('participant', two), insert('participant', one));
      expect(await store.sessions.participants(sessionId)).toEqual([one, two]);
    });

    it('order waiting sessions by priority, then by time, then by id', async () => {
      const tenantId = unique('tenant');
      const wait = (queueId: string, priority: number, queuedAt: number, state: 'queued' | 'offered' = 'queued') =>
        started(store, { tenantId, queueId, priority, queuedAt, state });
      const late = await wait('a', 0, 30);
      const early = await wait('a', 0, 10);
      const equal = await wait('b', 0, 10);
      const urgent = await wait('b', 5, 40);
      const ringing = await wait('a', 9, 1, 'offered');
      await started(store, { tenantId, queueId: 'a', state: 'active' });
      const waiting = async (queueIds: readonly string[] | 'all', limit = 10) =>
        ids(await store.routing.waiting(tenantId, queueIds, limit));
      expect(await waiting('all')).toEqual([urgent, early, equal, late].map(({ id }) => id));
      expect(await waiting('all', 2)).toEqual([urgent.id, early.id]);
      expect(await waiting(['a'])).toEqual([early.id, late.id]);
      expect(await waiting([])).toEqual([]);
      expect(await store.routing.waitingOrder(tenantId, 'a')).toEqual([ringing.id, early.id, late.id]);
      expect(await store.routing.waitingCounts(tenantId)).toEqual({ a: 3, b: 2 });
      expect(await store.routing.waitingCounts('other')).toEqual({});
      expect(await store.routing.tenantsWithWaiting()).toContain(tenantId);
    });

    it('give queues, agents and their work', async () => {
      const tenantId = unique('tenant');
      const queue = aQueue({ tenantId, id: 'support', skills: { billing: 2 }, picking: true });
      const same = aQueue({ tenantId: unique('tenant'), id: 'support' });
      const idle = anAgent({ tenantId, lostSince: noon });
      const offline = anAgent({ tenantId, state: 'offline' });
      await apply(
        store,
        ...[insert('queue', queue), insert('queue', same), insert('agent', idle), insert('agent', offline)],
      );
      expect(await store.routing.queue(tenantId, 'support')).toEqual(queue);
      expect(await store.routing.queues(tenantId)).toEqual([queue]);
      expect(await store.routing.queue('none', 'support')).toBeUndefined();
      expect(await store.routing.agent(tenantId, idle.id)).toEqual(idle);
      expect(await store.routing.agent('other', idle.id)).toBeUndefined();
      expect(await store.routing.agents(tenantId)).toEqual([idle, offline]);
      const working = ids(await store.routing.agentsNotOffline());
      expect(working).toContain(idle.id);
      expect(working).not.toContain(offline.id);

      const held = await started(store, { tenantId, agentId: idle.id, state: 'parked' });
      await started(store, { tenantId, agentId: idle.id, state: 'closed' });
      const rings = await started(store, { tenantId, state: 'offered' });
      const offer = anOffer({ tenantId, sessionId: rings.id, agentId: idle.id });
      await apply(store, insert('offer', offer));
      expect(ids(await store.routing.sessionsOf(tenantId, idle.id))).toEqual([held.id, rings.id]);
      expect(await store.routing.sessionsOf('other', idle.id)).toEqual([]);
      expect(await store.routing.offer(tenantId, offer.id)).toEqual(offer);
      expect(await store.routing.offer('other', offer.id)).toBeUndefined();
      expect(await store.routing.ringingOffer(rings.id)).toEqual(offer);
      expect(await store.routing.ringingOffer(held.id)).toBeUndefined();
      expect(await store.routing.ringingOffersOf(tenantId, idle.id)).toEqual([offer]);
      expect(await store.routing.ringingOffersOf('other', idle.id)).toEqual([]);
    });

    it('name the agents who did not take a session since it was queued', async () => {
      const sessionId = unique('ses');
      const past = (agentId: string, state: 'declined' | 'missed' | 'accepted' | 'withdrawn', madeAt: number) =>
        insert('offer', anOffer({ sessionId, agentId, state, madeAt }));
      await apply(store, past('early', 'missed', 9), past('b', 'declined', 10), past('b', 'missed', 11));
      await apply(store, past('a', 'withdrawn', 12), past('took', 'accepted', 13));
      await apply(store, insert('offer', anOffer({ sessionId, agentId: 'rings', madeAt: 14 })));
      expect(await store.routing.passedOver(sessionId, 10)).toEqual(['a', 'b']);
    });

    it('give media, what they need and what is to go', async () => {
      const tenantId = unique('tenant');
      const hash = unique('hash');
      const orphan = aMedium({ tenantId, createdAt: 10, hash, size: 5_000_000_000 });
      const failed = aMedium({ tenantId, createdAt: 9, state: 'failed', hash: null, size: 1 });
      const linked = aMedium({ tenantId, sessionId: 'ses_1', createdAt: 1, expiresAt: 50, thumbnailHash: hash });
      const spent = aMedium({
        tenantId,
        sessionId: 'ses_1',
        createdAt: 1,
        expiresAt: 40,
        state: 'expired',
        hash: null,
      });
      await apply(store, ...[orphan, failed, linked, spent].map((medium) => insert('media', medium)));
      expect(await store.media.media(tenantId, orphan.id)).toEqual(orphan);
      expect(await store.media.media('other', orphan.id)).toBeUndefined();
      expect(await store.media.mediaById(linked.id)).toEqual(linked);
      expect(await store.media.several(tenantId, [linked.id, orphan.id, 'none'])).toEqual([orphan, linked]);
      expect(await store.media.several('other', [linked.id])).toEqual([]);
      expect(await store.media.several(tenantId, [])).toEqual([]);
      expect(ids(await store.media.orphans(11, 10))).toEqual([failed.id, orphan.id]);
      expect(ids(await store.media.orphans(11, 1))).toEqual([failed.id]);
      expect(await store.media.orphans(9, 10)).toEqual([]);
      expect(ids(await store.media.expired(50, 10))).toEqual([linked.id]);
      expect(await store.media.expired(49, 10)).toEqual([]);
      expect(await store.media.references(hash)).toBe(2);
      expect(await store.media.references('none')).toBe(0);
      expect(await store.media.usage(tenantId)).toBe(5_000_002_001);
      expect(await store.media.usage('none')).toBe(0);
    });

    it('give customers and identities', async () => {
      const customer = aCustomer();
      const one = anIdentity({ customerId: customer.id, signed: { name: 'Kim', attributes: { tier: 2 } } });
      const two = anIdentity({ customerId: customer.id, channelId: 'line' });
      await apply(store, insert('customer', customer), insert('identity', one), insert('identity', two));
      expect(await store.customers.customer('acme', customer.id)).toEqual(customer);
      expect(await store.customers.customer('other', customer.id)).toBeUndefined();
      expect(await store.customers.identity('acme', one.id)).toEqual(one);
      expect(await store.customers.identity('other', one.id)).toBeUndefined();
      expect(await store.customers.identitiesOf('acme', customer.id)).toEqual([one, two]);
      expect(await store.customers.identitiesOf('other', customer.id)).toEqual([]);
      expect(await store.customers.identityByExternalId('acme', 'web', one.externalId)).toEqual(one);
      expect(await store.customers.identityByExternalId('acme', 'line', one.externalId)).toBeUndefined();
      expect(await store.customers.identityByExternalId('other', 'web', one.externalId)).toBeUndefined();
      const twin = anIdentity({ externalId: one.externalId });
      const refused = await store.unitOfWork.commit([insert('identity', twin, { refusal: 'KNOWN' })]);
      expect(refused).toEqual({ outcome: 'refused', refusal: 'KNOWN' });
    });

    it('give tenants, accounts, tokens and revocations', async () => {
      const tenant: Tenant = {
        id: unique('tenant'),
        name: 'Example',
        defaultCapacity: 5,
        passwordPolicy: 'length',
        deskOrigins: ['https://crm.example'],
        declared: true,
      };
      const account = anAccount({ tenantId: tenant.id, disabled: true, queueIds: [] });
      const token = aRefreshToken({ accountId: account.id, tenantId: tenant.id });
      const revoked: RevokedVisitor = { id: unique('vis'), tenantId: tenant.id, revokedAt: noon };
      await apply(store, insert('tenant', tenant), insert('account', account));
      await apply(store, insert('refreshToken', token), insert('revokedVisitor', revoked));
      expect(await store.accounts.tenants()).toContainEqual(tenant);
      expect(await store.accounts.account(tenant.id, account.id)).toEqual(account);
      expect(await store.accounts.account('other', account.id)).toBeUndefined();
      expect(await store.accounts.accountByLogin(account.login)).toEqual(account);
      expect(await store.accounts.accountByLogin('nobody')).toBeUndefined();
      expect(await store.accounts.accounts(tenant.id)).toEqual([account]);
      expect(await store.accounts.allAccounts()).toContainEqual(account);
      expect(await store.accounts.refreshTokenByHash(token.hash)).toEqual(token);
      expect(await store.accounts.refreshTokenByHash('none')).toBeUndefined();
      expect(await store.accounts.visitorRevoked(revoked.id)).toBe(true);
      expect(await store.accounts.visitorRevoked('vis_none')).toBe(false);
      const twin = insert('refreshToken', aRefreshToken({ hash: token.hash }), { refusal: 'USED' });
      expect(await store.unitOfWork.commit([twin])).toEqual({ outcome: 'refused', refusal: 'USED' });
    });

    it('give channels', async () => {
      const channel = aChannel();
      await apply(store, insert('channel', channel));
      expect(await store.channels.channel(channel.id)).toEqual(channel);
      expect(await store.channels.channel('none')).toBeUndefined();
      expect(await store.channels.channels()).toContainEqual(channel);
    });
  });
}
