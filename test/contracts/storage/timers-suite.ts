import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Timer, timerId } from '../../../channel-server/session/timer.ts';
import { apply, insert } from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** Timers: due rows are claimed by one, for as long as its lease lasts. */
export function timersSuite(kind: StoreKind): void {
  describe('timers', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());

    const timer = (subject: string, dueAt: number): Timer => ({
      id: timerId('session:park', subject),
      tenantId: 'acme',
      kind: 'session:park',
      subject,
      dueAt,
      claimedUntil: null,
    });

    it('are claimed when due, by one claimer, and free again when the lease has run out', async () => {
      expect(await store.timers.nextDue()).toBeUndefined();
      await apply(store, ...[30, 10, 20].map((due) => insert('timer', timer(`s${due}`, due))));
      expect(await store.timers.nextDue()).toBe(10);
      expect(await store.timers.claimDue(9, 10, 100)).toEqual([]);

      const claimed = await store.timers.claimDue(20, 10, 100);
      expect(claimed.map(({ subject, claimedUntil }) => [subject, claimedUntil])).toEqual([
        ['s10', 120],
        ['s20', 120],
      ]);
      expect(await store.timers.claimDue(25, 10, 100)).toEqual([]);
      expect(await store.timers.nextDue()).toBe(30);

      await apply(store, { kind: 'remove', record: 'timer', where: { id: timerId('session:park', 's10') } });
      expect((await store.timers.claimDue(119, 10, 100)).map(({ subject }) => subject)).toEqual(['s30']);
      // The rest belongs to claimers: the earliest lease ends at 120.
      expect(await store.timers.nextDue()).toBe(120);
      expect((await store.timers.claimDue(120, 10, 100)).map(({ subject }) => subject)).toEqual(['s20']);
    });

    it('are set again by removing and inserting in one list', async () => {
      const set = (dueAt: number) =>
        apply(
          store,
          { kind: 'remove', record: 'timer', where: { id: timerId('session:park', 'again') } },
          insert('timer', timer('again', dueAt)),
        );
      await set(1_000);
      await set(2_000);
      expect(await store.timers.claimDue(1_500, 10, 1)).not.toContainEqual(
        expect.objectContaining({ subject: 'again' }),
      );
      const due = await store.timers.claimDue(2_000, 10, 1);
      expect(due).toContainEqual(expect.objectContaining({ subject: 'again' }));
    });

    it('are each claimed once by many claimers at once', async () => {
      await apply(store, ...Array.from({ length: 40 }, (_, n) => insert('timer', timer(`many${n}`, 5_000 + n))));
      const claims = await Promise.all(Array.from({ length: 8 }, () => store.timers.claimDue(6_000, 10, 100_000)));
      const subjects = claims.flat().filter(({ subject }) => subject.startsWith('many'));
      expect(new Set(subjects.map(({ subject }) => subject)).size).toBe(subjects.length);
      for (;;) {
        const more = await store.timers.claimDue(6_000, 10, 100_000);
        if (more.length === 0) break;
        subjects.push(...more.filter(({ subject }) => subject.startsWith('many')));
      }
      expect(subjects).toHaveLength(40);
    });
  });
}
