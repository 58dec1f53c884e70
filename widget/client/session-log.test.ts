import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sequenced } from '../../adapters/contract/index.ts';
import { serverLog } from '../../test/support/server-log.ts';
import { createSessionLog } from './session-log.ts';

const session = `ses_${'0'.repeat(32)}`;

test('an activity whose predecessor is missing is a gap, one that is there already is known', () => {
  const { all } = serverLog([true, false, true, true]);
  const log = createSessionLog(session);
  expect(all.map((sequenced) => sequenced.prev)).toEqual([0, 1, 3]);
  expect(log.apply(all[1] as Sequenced)).toBe('gap');
  expect(log.apply(all[0] as Sequenced)).toBe('applied');
  expect(log.apply(all[1] as Sequenced)).toBe('applied');
  expect(log.apply(all[0] as Sequenced)).toBe('known');
  expect(log.upto).toBe(3);
});

test('a page that does not continue the log is not taken in', () => {
  const { all, page } = serverLog([true, true, true]);
  const log = createSessionLog(session);
  expect(log.applyPage({ items: all.slice(1), upto: 3, receipts: [] })).toBe(false);
  expect(log.upto).toBe(0);
  expect(log.applyPage(page(0, 10))).toBe(true);
  expect(log.upto).toBe(3);
});

test('hints in any order, twice or lost, then reading to the end: exactly the log', () => {
  const hints = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }).chain((visible) => {
    const { all } = serverLog(visible);
    return fc.tuple(
      fc.constant(visible),
      fc.array(fc.nat({ max: Math.max(0, all.length - 1) }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 7 }),
    );
  });
  fc.assert(
    fc.property(hints, ([visible, order, limit]) => {
      const { all, page } = serverLog(visible);
      const log = createSessionLog(session);
      for (const index of order) {
        const sequenced = all[index];
        if (sequenced === undefined) continue;
        if (log.apply(sequenced) === 'gap') log.applyPage(page(log.upto, limit));
        // At every moment the log is a beginning of the server's, in order and each once.
        expect(log.activities).toEqual(all.slice(0, log.activities.length).map(({ activity }) => activity));
      }
      while (log.applyPage(page(log.upto, limit)));
      expect(log.activities).toEqual(all.map(({ activity }) => activity));
      expect(log.upto).toBe(visible.length);
    }),
  );
});

test('watermarks only go forward', () => {
  const log = createSessionLog(session);
  const participant = { id: 'acc_1', role: 'agent' as const };
  expect(log.applyReceipt({ sessionId: session, participant, delivered: 5, read: 2 })).toBe(true);
  expect(log.applyReceipt({ sessionId: session, participant, delivered: 3, read: 4 })).toBe(true);
  expect(log.receipts.get('acc_1')).toMatchObject({ delivered: 5, read: 4 });
  expect(log.applyReceipt({ sessionId: session, participant, delivered: 5, read: 1 })).toBe(false);
});
