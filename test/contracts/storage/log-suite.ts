import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityPage, Audience } from '../../../adapters/contract/index.ts';
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

    it('finds its session as other changes left it, as undoing left it, and as a person repaired it', async () => {
      const session = await started(store);
      const states = ['active'];
      await apply(store, append(session, message('1'), { states }));
      // All at once, so that they share one commit: two go together, one is undone, one comes after.
      const [applied, undone, closed, late] = await Promise.all([
        store.unitOfWork.commit([append(session, message('2'), { states })]),
        store.unitOfWork.commit([
          append(session, message('never'), { states }),
          { kind: 'update', record: 'session', where: { id: unique('ses') }, set: { priority: 1 }, refusal: 'GONE' },
        ]),
        store.unitOfWork.commit([
          { kind: 'update', record: 'session', where: { id: session.id }, set: { state: 'parked' } },
          append(session, message('3')),
        ]),
        store.unitOfWork.commit([append(session, message('never either'), { states })]),
      ]);
      // On PostgreSQL each has a connection of its own, and any may come first.
      const ordered = kind.name === 'embedded';
      expect(applied.outcome).toMatch(ordered ? /^applied$/ : /^(applied|refused)$/);
      const refusal = ordered ? 'GONE' : expect.stringMatching(/^(GONE|SESSION_CLOSED)$/);
      expect(undone).toEqual({ outcome: 'refused', refusal });
      expect(closed.outcome).toBe('applied');
      const before = kind.name === 'embedded' ? 3 : (await fresh(session)).lastSeq;
      if (kind.name === 'embedded') expect(late).toEqual({ outcome: 'refused', refusal: 'SESSION_CLOSED' });
      const table = kind.name === 'embedded' ? 'session_facts' : 'sessions';
      await store.beside(`update ${table} set state = 'closed' where id = '${session.id}'`);
      expect(await store.unitOfWork.commit([append(session, message('x'), { states: ['active', 'parked'] })])).toEqual({
        outcome: 'refused',
        refusal: 'SESSION_CLOSED',
      });
      await apply(store, append(session, message('last')));
      expect(seqs(await read(session))).toEqual(Array.from({ length: before + 1 }, (_, n) => n + 1));
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
