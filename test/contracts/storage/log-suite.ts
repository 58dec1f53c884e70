import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityPage, Audience } from '../../../adapters/contract/index.ts';
import type { CommitResult } from '../../../channel-server/session/changes.ts';
import type { Session } from '../../../channel-server/session/session.ts';
import { append, apply, aSession, insert, message, noon, staffNote, started, unique } from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** Sessions' logs: seq, keys, audiences, receipts, content. */
export function logSuite(kind: StoreKind): void {
  describe('the log of a session', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());

    const read = (session: Session, audience: Audience = 'staff', after = 0, limit = 1_000) =>
      store.sessions.activities(session.tenantId, session.id, audience, after, limit);
    const texts = (page: ActivityPage) => page.items.map(({ activity }) => activity.text);
    const seqs = (page: ActivityPage) => page.items.map(({ activity }) => activity.seq);
    const fresh = async (session: Session) => {
      const found = await store.sessions.session(session.tenantId, session.id);
      if (found === undefined) throw new Error('the session is gone');
      return found;
    };

    it('numbers 200 concurrent appends to several sessions without gaps, each in its own order', async () => {
      const sessions = await Promise.all(Array.from({ length: 5 }, () => started(store)));
      await Promise.all(
        Array.from({ length: 200 }, (_, n) => {
          const session = sessions[n % 5];
          if (session === undefined) throw new Error('no session');
          return apply(store, append(session, message(`${n}`)));
        }),
      );
      for (const session of sessions) {
        const page = await read(session);
        expect(seqs(page)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
        expect(new Set(texts(page)).size).toBe(40);
        expect((await fresh(session)).lastSeq).toBe(40);
      }
    });

    it('answers an append exactly as a later read gives it', async () => {
      const session = await started(store);
      const [stored] = await apply(
        store,
        append(
          session,
          message('hello', {
            textFormat: 'markdown',
            attachments: [{ contentType: 'image/png', contentUrl: 'media:med_1', name: 'a.png', content: { size: 5 } }],
            suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'yes' }] },
            replyToId: 'x.1',
            value: { a: [1, null] },
            channelData: { raw: '\u0000' },
            clientId: unique('client'),
            externalId: unique('external'),
          }),
          { keyScope: 'visitor:v' },
        ),
      );
      const page = await read(session);
      expect(page.items[0]?.activity).toEqual(stored?.activity);
      expect(stored?.activity).toMatchObject({
        id: `${session.id}.1`,
        timestamp: '2026-11-21T12:00:00.000Z',
        channelId: 'web',
        channel: 'web',
        conversation: { id: session.id },
        from: { id: 'vis_1', name: 'Kim', role: 'user' },
      });
    });

    it('appends to a session inserted earlier in the same list', async () => {
      const session = aSession();
      const appended = await apply(
        store,
        insert('session', session),
        append(session, message('first')),
        append(session, message('second')),
      );
      expect(appended.map(({ activity }) => activity.seq)).toEqual([1, 2]);
      expect(texts(await read(session))).toEqual(['first', 'second']);
    });

    it('applies one list to several sessions, concurrently with lists that name them in another order', async () => {
      const one = await started(store);
      const two = await started(store);
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          apply(store, ...(n % 2 === 0 ? [one, two] : [two, one]).map((session) => append(session, message(`${n}`)))),
        ),
      );
      expect((await read(one)).upto).toBe(20);
      expect((await read(two)).upto).toBe(20);
    });

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
        expect(texts(await read(session))).toEqual(['once']);
        expect((await read(other)).upto).toBe(0);
        await apply(store, append(session, message('next')));
        expect(seqs(await read(session))).toEqual([1, 2]);
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
        expect(texts(await read(session))).toEqual(['a', 'b', 'c']);
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
        expect(seqs(await read(session))).toEqual([1]);
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
        expect(texts(await read(session)).sort()).toEqual(['a', 'b']);
        expect(seqs(await read(session))).toEqual([1, 2]);
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

    describe('audiences', () => {
      it('give each reader the seq before, and how far the log is complete', async () => {
        const session = await started(store);
        const log = [message('1'), staffNote('2'), staffNote('3'), message('4'), message('5'), staffNote('6')];
        const appended = await apply(store, ...log.map((activity) => append(session, activity)));
        expect(appended.map(({ previousPublic }) => previousPublic)).toEqual([0, 1, 1, 1, 4, 5]);

        const staff = await read(session, 'staff');
        expect(staff.items.map(({ activity, prev }) => [activity.seq, prev])).toEqual([
          [1, 0],
          [2, 1],
          [3, 2],
          [4, 3],
          [5, 4],
          [6, 5],
        ]);
        expect(staff.upto).toBe(6);

        const customer = await read(session, 'all');
        expect(customer.items.map(({ activity, prev }) => [activity.seq, prev])).toEqual([
          [1, 0],
          [4, 1],
          [5, 4],
        ]);
        // What follows 5 is for staff alone: this reader lacks nothing.
        expect(customer.upto).toBe(6);
        expect(await fresh(session)).toMatchObject({ lastSeq: 6, lastPublicSeq: 5 });
      });

      it('are read in pages that join without a gap', async () => {
        const session = await started(store);
        const log = Array.from({ length: 300 }, (_, n) => (n % 7 < 4 ? staffNote(`${n}`) : message(`${n}`)));
        await apply(store, ...log.map((activity) => append(session, activity)));
        for (const audience of ['all', 'staff'] as const) {
          const whole = await read(session, audience);
          for (const limit of [1, 10, 64]) {
            const collected: ActivityPage['items'] = [];
            let after = 0;
            for (;;) {
              const page = await read(session, audience, after, limit);
              expect(page.items.length).toBeLessThanOrEqual(limit);
              collected.push(...page.items);
              if (page.upto === after) break;
              after = page.upto;
            }
            expect(after).toBe(300);
            expect(collected).toEqual(whole.items);
          }
          const newest = await store.sessions.newestActivities('acme', session.id, audience, 40);
          expect(newest).toEqual({ items: whole.items.slice(-40), upto: 300, receipts: [] });
          const everything = await store.sessions.newestActivities('acme', session.id, audience, 1_000);
          expect(everything.items).toEqual(whole.items);
        }
      });

      it('say that a log is complete when only staff wrote', async () => {
        const session = await started(store);
        await apply(store, ...Array.from({ length: 150 }, (_, n) => append(session, staffNote(`${n}`))));
        expect(await read(session, 'all', 0, 10)).toEqual({ items: [], upto: 150, receipts: [] });
        expect(await read(session, 'all', 150, 10)).toEqual({ items: [], upto: 150, receipts: [] });
        expect(await read(session, 'staff', 200, 10)).toMatchObject({ items: [], upto: 150 });
        expect(await store.sessions.newestActivities('acme', session.id, 'all', 5)).toMatchObject({
          items: [],
          upto: 150,
        });
      });

      it('are not read by another tenant', async () => {
        const session = await started(store);
        await apply(store, append(session, message('mine')));
        const nothing = { items: [], upto: 0, receipts: [] };
        expect(await store.sessions.activities('other', session.id, 'staff', 0, 10)).toEqual(nothing);
        expect(await store.sessions.newestActivities('other', session.id, 'staff', 10)).toEqual(nothing);
      });
    });

    it('keeps since when the customer waits, by the messages both may see', async () => {
      const session = await started(store);
      const ann = { id: 'acc_1', role: 'agent' } as const;
      const at = async (time: number, activity = message('x')) => {
        await apply(store, append(session, activity, { at: noon + time }));
        const { lastCustomerAt, lastAgentAt, waitingSince } = await fresh(session);
        return [lastCustomerAt, lastAgentAt, waitingSince].map((moment) => (moment === null ? null : moment - noon));
      };
      expect(await at(1)).toEqual([1, null, 1]);
      expect(await at(2)).toEqual([2, null, 1]);
      expect(await at(3, staffNote('note'))).toEqual([2, null, 1]);
      expect(await at(4, message('', { type: 'event', name: 'session:assigned', from: ann }))).toEqual([2, null, 1]);
      expect(await at(5, message('answer', { from: ann }))).toEqual([2, 5, null]);
      expect(await at(6, message('greeting', { from: { id: 'b', role: 'bot' } }))).toEqual([2, 5, null]);
      expect(await at(7)).toEqual([7, 5, 7]);
    });

    describe('receipts', () => {
      it('move only forward and never beyond the log', async () => {
        const session = await started(store);
        await apply(store, ...['a', 'b', 'c'].map((text) => append(session, message(text))));
        const reader = { participantId: 'acc_1', role: 'agent' } as const;
        const marks = async (change: { delivered?: number; read?: number }) => {
          const { id, tenantId } = session;
          await apply(store, { kind: 'receipt', tenantId, sessionId: id, ...reader, ...change, at: noon });
          const [receipt] = await store.sessions.receipts(id);
          return [receipt?.delivered, receipt?.read];
        };
        expect(await marks({ delivered: 2 })).toEqual([2, 0]);
        expect(await marks({ delivered: 1 })).toEqual([2, 0]);
        expect(await marks({ read: 1 })).toEqual([2, 1]);
        expect(await marks({ read: 3 })).toEqual([3, 3]);
        expect(await marks({ delivered: 99, read: 99 })).toEqual([3, 3]);
        await apply(store, append(session, message('d')));
        expect(await marks({ delivered: 99 })).toEqual([4, 3]);
        const page = await read(session);
        expect(page.receipts).toEqual([
          { sessionId: session.id, participant: { id: 'acc_1', role: 'agent' }, delivered: 4, read: 3 },
        ]);
      });

      it('of another tenant move nothing', async () => {
        const session = await started(store);
        await apply(store, append(session, message('a')), {
          kind: 'receipt',
          tenantId: 'other',
          sessionId: session.id,
          participantId: 'acc_1',
          role: 'agent',
          read: 1,
          at: noon,
        });
        expect(await store.sessions.receipts(session.id)).toEqual([]);
      });

      it('that name no seq are refused', async () => {
        const session = await started(store);
        const receipt = {
          kind: 'receipt',
          tenantId: 'acme',
          sessionId: session.id,
          participantId: 'a',
          at: noon,
        } as const;
        for (const read of [-1, 1.5, Number.NaN]) {
          await expect(store.unitOfWork.commit([{ ...receipt, role: 'agent', read }])).rejects.toMatchObject({
            code: 'REQUEST_INVALID',
          });
        }
      });
    });

    it('takes content away and keeps the facts and the dedupe key', async () => {
      const session = await started(store);
      const clientId = unique('client');
      const sent = append(session, message('secret', { clientId, channelData: { a: 1 } }), { keyScope: 'visitor:d' });
      await apply(store, sent, append(session, message('stays')));
      const redact = { kind: 'redact', tenantId: 'acme', sessionId: session.id, seq: 1, at: noon + 5 } as const;
      await apply(store, { ...redact, tenantId: 'other', reason: 'foreign' });
      expect(texts(await read(session))).toEqual(['secret', 'stays']);
      await apply(store, { ...redact, reason: 'erasure' });
      await apply(store, { ...redact, at: noon + 9, reason: 'again' });
      const [taken] = (await read(session)).items;
      expect(taken?.activity).toEqual({
        type: 'message',
        id: `${session.id}.1`,
        timestamp: '2026-11-21T12:00:00.000Z',
        channelId: 'web',
        channel: 'web',
        conversation: { id: session.id },
        from: { id: 'vis_1', name: 'Kim', role: 'user' },
        seq: 1,
        audience: 'all',
        clientId,
        redacted: { at: '2026-11-21T12:00:00.005Z', reason: 'erasure' },
      });
      const again = await store.unitOfWork.commit([sent]);
      expect(again).toMatchObject({ outcome: 'repeated', stored: { activity: { seq: 1 } } });
      expect(JSON.stringify(again)).not.toContain('secret');
    });
  });
}
