import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { CustomerSession, Sequenced } from '../../adapters/contract/index.ts';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { serverLog } from '../../test/support/server-log.ts';
import { createSessionStore } from './session-store.ts';

const session = `ses_${'0'.repeat(32)}`;
const view = (lastSeq: number, facts: Partial<CustomerSession> = {}): CustomerSession => ({
  id: session,
  state: 'active',
  createdAt: '2026-11-21T09:00:00.000Z',
  lastSeq,
  ...facts,
});
const lastSeqOf = (all: readonly Sequenced[]) => all[all.length - 1]?.activity.seq ?? 0;

test('whatever happens to hints, reads and the connection, the page ends equal to the log', async () => {
  const run = fc.array(fc.boolean(), { minLength: 1, maxLength: 25 }).chain((visible) =>
    fc.tuple(
      fc.constant(visible),
      fc.array(fc.record({ hint: fc.nat({ max: 24 }), lost: fc.boolean(), failing: fc.boolean() }), {
        maxLength: 40,
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(run, async ([visible, steps]) => {
      const clock = fakeClock();
      const { all, page } = serverLog(visible);
      let failing = false;
      const store = createSessionStore({
        clock,
        read: async (_session, after) => {
          if (failing) throw new Error('not now');
          return page(after, 3);
        },
      });
      for (const { hint, lost, failing: fails } of steps) {
        failing = fails;
        const sequenced = all[hint];
        if (sequenced !== undefined && !lost) {
          store.applyFact({ name: 'session:changed', payload: view(sequenced.activity.seq) });
          store.applyFact({ name: 'activity:added', payload: sequenced });
        }
        await clock.advance(100);
      }
      failing = false;
      store.applyHello({
        sessions: [view(lastSeqOf(all))],
        pages: { [session]: page(store.log(session)?.upto ?? 0, 3) },
      });
      await clock.advance(20_000);
      expect(store.log(session)?.activities).toEqual(all.map(({ activity }) => activity));
    }),
    { numRuns: 60 },
  );
});

test('a gap is read once, however many hints show it', async () => {
  const clock = fakeClock();
  const { all, page } = serverLog([true, true, true, true]);
  const read = vi.fn(async (_session: string, after: number) => page(after, 200));
  const store = createSessionStore({ clock, read });
  store.applyFact({ name: 'session:changed', payload: view(4) });
  for (const sequenced of all.slice(2)) store.applyFact({ name: 'activity:added', payload: sequenced });
  await clock.advance(1_000);
  expect(store.log(session)?.upto).toBe(4);
  expect(read).toHaveBeenCalledTimes(1);
});

test('who writes is forgotten when they stop, send, or fall silent', async () => {
  const clock = fakeClock();
  const { all } = serverLog([true]);
  const store = createSessionStore({ clock, read: async () => ({ items: [], upto: 0, receipts: [] }) });
  const ann = { id: 'acc_1', role: 'agent' as const, name: 'Ann' };
  const writes = (typing: boolean) =>
    store.applyFact({ name: 'typing:changed', payload: { session, from: ann, typing } });
  writes(true);
  expect(store.typing(session)).toEqual([ann]);
  writes(false);
  expect(store.typing(session)).toEqual([]);
  writes(true);
  store.applyFact({ name: 'activity:added', payload: all[0] as Sequenced });
  expect(store.typing(session)).toEqual([]);
  writes(true);
  await clock.advance(8_001);
  expect(store.typing(session)).toEqual([]);
});

test('another visitor finds nothing of the first', () => {
  const clock = fakeClock();
  const { page } = serverLog([true, true]);
  const store = createSessionStore({ clock, read: async (_session, after) => page(after, 200) });
  store.applyHello({ sessions: [view(2)], pages: { [session]: page(0, 200) } });
  expect(store.cursor()).toEqual({ [session]: 2 });
  store.applyHello({ sessions: [], pages: {} });
  expect(store.sessions).toEqual([]);
  expect(store.log(session)).toBeUndefined();
  expect(store.cursor()).toEqual({});
});
