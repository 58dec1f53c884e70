import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitResult } from '../../../channel-server/session/changes.ts';
import type { Session } from '../../../channel-server/session/session.ts';
import { append, apply, aSession, insert, message, noon, started, unique } from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** Lists that are not applied: repeats of a key, and refusals. */
export function repeatsSuite(kind: StoreKind): void {
  describe('lists that are not applied', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());

    const read = async (session: Session) => {
      const page = await store.sessions.activities(session.tenantId, session.id, 'staff', 0, 1_000);
      const activities = page.items.map(({ activity }) => activity);
      return { seqs: activities.map(({ seq }) => seq), texts: activities.map(({ text }) => text), upto: page.upto };
    };

    describe('repeats', () => {
      it('answer the activity stored first, take no seq and apply nothing of the list', async () => {
        const session = await started(store);
        const other = await started(store);
        const clientId = unique('client');
        const [first] = await apply(store, append(session, message('once', { clientId }), { keyScope: 'visitor:r' }));
        const result = await store.unitOfWork.commit([
          append(other, message('before')),
          append(session, message('twice', { clientId }), { keyScope: 'visitor:r' }),
          append(other, message('after')),
        ]);
        expect(result).toEqual({ outcome: 'repeated', stored: first });
        expect((await read(session)).texts).toEqual(['once']);
        expect((await read(other)).upto).toBe(0);
        await apply(store, append(session, message('next')));
        expect((await read(session)).seqs).toEqual([1, 2]);
      });

      it('are known in whatever session, and when the session has closed since', async () => {
        const closed = await started(store);
        const clientId = unique('client');
        const scope = { keyScope: 'visitor:c', states: ['active'] };
        const [first] = await apply(store, append(closed, message('once', { clientId }), scope));
        const closing = {
          kind: 'update',
          record: 'session',
          where: { id: closed.id },
          set: { state: 'closed' },
        } as const;
        await apply(store, closing);
        const elsewhere = await started(store);
        for (const session of [closed, elsewhere]) {
          const again = await store.unitOfWork.commit([append(session, message('once', { clientId }), scope)]);
          expect(again).toEqual({ outcome: 'repeated', stored: first });
        }
      });

      it('win over a refusal earlier in their list', async () => {
        const session = await started(store);
        const clientId = unique('client');
        const [first] = await apply(store, append(session, message('once', { clientId }), { keyScope: 'visitor:w' }));
        const twin = aSession({ conversation: session.conversation });
        const result = await store.unitOfWork.commit([
          insert('session', twin, { refusal: 'CONVERSATION_OPEN' }),
          append(twin, message('once', { clientId }), { keyScope: 'visitor:w' }),
        ]);
        expect(result).toEqual({ outcome: 'repeated', stored: first });
      });

      it('are told from equal keys of other scopes', async () => {
        const session = await started(store);
        const clientId = unique('client');
        await apply(store, append(session, message('a', { clientId }), { keyScope: 'visitor:x' }));
        await apply(store, append(session, message('b', { clientId }), { keyScope: 'visitor:y' }));
        await apply(store, append(session, message('c', { clientId })));
        expect((await read(session)).texts).toEqual(['a', 'b', 'c']);
      });

      it('are known by the platform id, too', async () => {
        const session = await started(store);
        const keys = { clientId: unique('client'), externalId: unique('external') };
        const scope = { keyScope: 'channel:line' };
        await apply(store, append(session, message('a', keys), scope));
        const again = { externalId: keys.externalId };
        expect((await store.unitOfWork.commit([append(session, message('b', again), scope)])).outcome).toBe('repeated');
        const stored = await store.sessions.activityByKey('channel:line', keys.clientId);
        expect(stored?.activity.text).toBe('a');
        expect(await store.sessions.activityByKey('channel:line', 'nothing')).toBeUndefined();
        expect(await store.sessions.activityByKey('channel:other', keys.clientId)).toBeUndefined();
      });

      it('of 50 senders at once store one activity', async () => {
        const session = await started(store);
        const clientId = unique('client');
        const results = await Promise.all(
          Array.from({ length: 50 }, () =>
            store.unitOfWork.commit([append(session, message('same', { clientId }), { keyScope: 'visitor:s' })]),
          ),
        );
        const outcomes = results.map(({ outcome }) => outcome);
        expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(49);
        expect((await read(session)).seqs).toEqual([1]);
      });

      it('survive reopening, and are forgotten only when they are pruned', async () => {
        const own = await kind.open();
        const session = await started(own);
        const old = append(session, message('old', { clientId: 'k-old' }), { keyScope: 's', at: noon - 100 });
        const recent = append(session, message('new', { clientId: 'k-new' }), { keyScope: 's', at: noon });
        await apply(own, old, recent);
        const again = await own.reopen();
        expect((await again.unitOfWork.commit([old])).outcome).toBe('repeated');
        expect(await again.pruneKeys(noon)).toBe(1);
        expect(await again.pruneKeys(noon)).toBe(0);
        expect((await again.unitOfWork.commit([recent])).outcome).toBe('repeated');
        expect((await again.unitOfWork.commit([old])).outcome).toBe('applied');
        await again.remove();
      });
    });

    describe('refusals', () => {
      it('name a closed session, a changed agent and a session that is not there', async () => {
        const session = await started(store, { agentId: 'acc_1', state: 'active' });
        const refusal = async (more: object, tenantId = 'acme') => {
          const result: CommitResult = await store.unitOfWork.commit([
            { ...append(session, message('no'), more), tenantId },
          ]);
          return result.outcome === 'refused' ? result.refusal : result.outcome;
        };
        expect(await refusal({ states: ['queued', 'open'] })).toBe('SESSION_CLOSED');
        expect(await refusal({ states: ['active'], agentId: 'acc_2' })).toBe('SESSION_CHANGED');
        expect(await refusal({}, 'other')).toBe('SESSION_NOT_FOUND');
        expect(await refusal({ sessionId: 'ses_none' })).toBe('SESSION_NOT_FOUND');
        expect((await read(session)).upto).toBe(0);
        expect(await refusal({ states: ['active', 'parked'], agentId: 'acc_1' })).toBe('applied');
      });

      it('undo their whole list, and no other list of the same moment', async () => {
        const session = await started(store);
        const agent = unique('acc');
        const outcomes = await Promise.all([
          store.unitOfWork.commit([append(session, message('a'))]),
          store.unitOfWork.commit([
            append(session, message('undone'), { keyScope: 'visitor:u' }),
            insert('participant', {
              sessionId: session.id,
              accountId: agent,
              role: 'agent',
              joinedAt: noon,
              leftAt: null,
            }),
            {
              kind: 'update',
              record: 'session',
              where: { id: session.id },
              expect: { state: 'closed' },
              set: { priority: 9 },
              refusal: 'NOT_CLOSED',
            },
          ]),
          store.unitOfWork.commit([append(session, message('b'))]),
        ]);
        expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'refused', 'applied']);
        expect(outcomes[1]).toEqual({ outcome: 'refused', refusal: 'NOT_CLOSED' });
        expect((await read(session)).texts.sort()).toEqual(['a', 'b']);
        expect((await read(session)).seqs).toEqual([1, 2]);
        expect(await store.sessions.participants(session.id)).toEqual([]);
      });

      it('leave a key free that their list had claimed', async () => {
        const session = await started(store);
        const clientId = unique('client');
        const sent = append(session, message('kept', { clientId }), { keyScope: 'visitor:f' });
        const gone = { kind: 'remove', record: 'timer', where: { id: 'none' }, refusal: 'NO_TIMER' } as const;
        expect((await store.unitOfWork.commit([sent, gone])).outcome).toBe('refused');
        expect((await store.unitOfWork.commit([sent])).outcome).toBe('applied');
      });
    });
  });
}
