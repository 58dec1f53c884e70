import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../channel-server/session/changes.ts';
import {
  aDelivery,
  anAccount,
  anAgent,
  anOffer,
  append,
  apply,
  aSession,
  insert,
  noon,
  staffNote,
  started,
  unique,
} from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** Records: inserting, conditional updating, removing, uniqueness. */
export function changesSuite(kind: StoreKind): void {
  describe('changes of records', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());
    const outcome = async (...changes: Change[]) => {
      const result = await store.unitOfWork.commit(changes);
      return result.outcome === 'refused' ? result.refusal : result.outcome;
    };

    it('allow one non-closed session for each conversation of a channel', async () => {
      const first = await started(store);
      const { conversation } = first;
      const second = aSession({ conversation });
      expect(await outcome(insert('session', second, { refusal: 'OPEN' }))).toBe('OPEN');
      expect(await outcome(insert('session', aSession({ conversation, channelId: 'other' })))).toBe('applied');
      const close: Change = { kind: 'update', record: 'session', where: { id: first.id }, set: { state: 'closed' } };
      expect(await outcome(close, insert('session', second, { refusal: 'OPEN' }))).toBe('applied');
      expect((await store.sessions.openSession('acme', 'web', conversation))?.id).toBe(second.id);
      const reopen: Change = { kind: 'update', record: 'session', where: { id: first.id }, set: { state: 'active' } };
      expect(await outcome({ ...reopen, refusal: 'OPEN' })).toBe('OPEN');
      await expect(store.unitOfWork.commit([reopen])).rejects.toMatchObject({ code: 'REQUEST_CONFLICT' });
    });

    it('allow one ringing offer for each session', async () => {
      const sessionId = unique('ses');
      const first = anOffer({ sessionId });
      const second = anOffer({ sessionId, agentId: 'acc_2' });
      expect(await outcome(insert('offer', first, { refusal: 'RINGING' }))).toBe('applied');
      expect(await outcome(insert('offer', second, { refusal: 'RINGING' }))).toBe('RINGING');
      const miss: Change = { kind: 'update', record: 'offer', where: { id: first.id }, set: { state: 'missed' } };
      expect(await outcome(miss, insert('offer', second, { refusal: 'RINGING' }))).toBe('applied');
    });

    it('keep logins unique: by name when asked, by an error when not, silently when ignored', async () => {
      const account = anAccount();
      await apply(store, insert('account', account));
      const twin = anAccount({ login: account.login, name: 'Twin' });
      expect(await outcome(insert('account', twin, { refusal: 'LOGIN_TAKEN' }))).toBe('LOGIN_TAKEN');
      const rejected = store.unitOfWork.commit([insert('account', twin)]);
      await expect(rejected).rejects.toMatchObject({ name: 'FoyerError', code: 'REQUEST_CONFLICT' });
      expect(await outcome(insert('account', twin, { ignore: true }))).toBe('applied');
      expect((await store.accounts.accountByLogin(account.login))?.name).toBe('Ann');
    });

    it('reject only the list that is wrong', async () => {
      const good = anAgent();
      await apply(store, insert('agent', good));
      const results = await Promise.allSettled([
        store.unitOfWork.commit([insert('agent', anAgent({ name: 'Di' }))]),
        store.unitOfWork.commit([insert('agent', anAgent({ name: 'Bo' })), insert('agent', good)]),
        store.unitOfWork.commit([insert('agent', anAgent({ name: 'Cy' }))]),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const names = (await store.routing.agents('acme')).map(({ name }) => name);
      expect(names).not.toContain('Bo');
      expect(names).toContain('Cy');
    });

    it('update a record only when it is as expected: a value, null, one of several, below another', async () => {
      const agent = anAgent({ state: 'idle', reason: null, load: 1 });
      await apply(store, insert('agent', agent));
      const take = (expect: object): Change => ({
        kind: 'update',
        record: 'agent',
        where: { tenantId: 'acme', id: agent.id },
        expect,
        set: { load: { add: 1 } },
        refusal: 'NO',
      });
      expect(await outcome(take({ state: 'busy' }))).toBe('NO');
      expect(await outcome(take({ state: 'idle', reason: null, load: { below: 2 } }))).toBe('applied');
      expect(await outcome(take({ load: { below: 2 } }))).toBe('NO');
      expect(await outcome(take({ state: { in: ['away', 'idle'] } }))).toBe('applied');
      expect(await outcome(take({ state: { in: ['away'] } }))).toBe('NO');
      expect(await outcome(take({ state: { in: [] } }))).toBe('NO');
      expect(await outcome(take({ reason: { in: ['missed', null] } }))).toBe('applied');
      expect(await outcome(take({ reason: 'missed' }))).toBe('NO');
      expect(await outcome(take({ skills: { billing: 3 }, queueIds: ['support'] }))).toBe('applied');
      expect((await store.routing.agent('acme', agent.id))?.load).toBe(5);
    });

    it('let exactly one of many takers win the last slot', async () => {
      const agent = anAgent({ load: 2 });
      await apply(store, insert('agent', agent));
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () =>
          outcome({
            kind: 'update',
            record: 'agent',
            where: { id: agent.id },
            expect: { load: { below: 3 } },
            set: { load: { add: 1 }, loadSince: noon + 1 },
            refusal: 'FULL',
          }),
        ),
      );
      expect(outcomes.filter((each) => each === 'applied')).toHaveLength(1);
      expect(outcomes.filter((each) => each === 'FULL')).toHaveLength(19);
    });

    it('set null, text, JSON and yes or no, and miss silently without a refusal', async () => {
      const account = anAccount({ mustChange: true });
      await apply(store, insert('account', account));
      const where = { tenantId: 'acme', id: account.id };
      await apply(store, {
        kind: 'update',
        record: 'account',
        where,
        expect: { mustChange: true },
        set: { mustChange: false, queueIds: ['a', 'b'], name: "O'Brien; drop table accounts" },
      });
      await apply(store, { kind: 'update', record: 'account', where: { ...where, tenantId: 'x' }, set: { name: 'X' } });
      expect(await store.accounts.account('acme', account.id)).toEqual({
        ...account,
        mustChange: false,
        queueIds: ['a', 'b'],
        name: "O'Brien; drop table accounts",
      });
    });

    it('remove what they name, and refuse when there is nothing if asked to', async () => {
      const agent = anAgent();
      await apply(store, insert('agent', agent));
      const remove: Change = { kind: 'remove', record: 'agent', where: { tenantId: 'acme', id: agent.id } };
      expect(await outcome({ ...remove, refusal: 'GONE' })).toBe('applied');
      expect(await outcome({ ...remove, refusal: 'GONE' })).toBe('GONE');
      expect(await outcome(remove)).toBe('applied');
    });

    it('that are wrong in themselves are rejected and change nothing', async () => {
      const wrong: unknown[] = [
        { kind: 'remove', record: 'agent', where: {} },
        { kind: 'update', record: 'agent', where: { id: 'x' }, set: {} },
        { kind: 'update', record: 'agent', where: { id: undefined }, set: { load: 1 } },
        { kind: 'update', record: 'agent', where: { id: 'x' }, set: { load: 1.5 } },
        { kind: 'update', record: 'agent', where: { 'id" = id or "id': 'x' }, set: { load: 1 } },
        { kind: 'insert', record: 'toString', values: {} },
        { kind: 'insert', record: 'agent', values: { id: 'incomplete' } },
        { kind: 'insert', record: 'agent', values: { ...anAgent(), more: 1 } },
        { kind: 'conjure' },
      ];
      const before = await store.routing.agents('acme');
      for (const change of wrong) {
        const rejected = store.unitOfWork.commit([insert('agent', anAgent()), change as Change]);
        await expect(rejected, JSON.stringify(change)).rejects.toMatchObject({ code: 'INTERNAL' });
      }
      const nul = store.unitOfWork.commit([insert('agent', anAgent({ name: 'A\u0000' }))]);
      await expect(nul).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      expect(await store.routing.agents('acme')).toEqual(before);
    });

    it('that go with an activity get the id and seq which only the store gives it', async () => {
      const session = await started(store);
      const delivery = aDelivery(session, { channelId: unique('line') });
      const going: Change = { kind: 'insert', record: 'delivery', values: delivery, appended: true };
      const [stored] = await apply(
        store,
        append(session, staffNote('first')),
        append(session, staffNote('second')),
        going,
      );
      expect(stored?.activity.seq).toBe(1);
      const found = await store.deliveries.unsettled(delivery.channelId, delivery.conversation, 10);
      expect(found).toEqual([{ ...delivery, id: `${session.id}.2`, seq: 2 }]);
      await expect(store.unitOfWork.commit([going])).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    it('apply an empty list', async () => {
      expect(await store.unitOfWork.commit([])).toEqual({ outcome: 'applied', appended: [] });
    });
  });
}
