import { describe, expect, it } from 'vitest';
import { aChannel, append, apply, insert, message, started } from './samples.ts';
import type { StoreKind } from './stores.ts';

/** Opening, reopening and closing. */
export function openingSuite(kind: StoreKind): void {
  describe('opening', () => {
    it('again gives what was stored', async () => {
      const store = await kind.open();
      await store.ready();
      const session = await started(store);
      const channel = aChannel();
      const appended = await apply(store, insert('channel', channel), append(session, message('kept')));
      const again = await store.reopen();
      await again.ready();
      const page = await again.sessions.activities('acme', session.id, 'staff', 0, 10);
      expect(page.items.map(({ activity }) => activity)).toEqual(appended.map(({ activity }) => activity));
      expect(await again.channels.channels()).toEqual([channel]);
      await again.remove();
    });

    it('a store that a newer Foyer wrote is refused, naming both versions, and changes nothing', async () => {
      const store = await kind.open();
      const session = await started(store);
      await store.beside(`insert into kysely_migration (name, timestamp) values ('0099-future', '2030')`);
      await expect(store.reopen()).rejects.toMatchObject({
        code: 'STORAGE_NEWER',
        message: expect.stringMatching(/0099-future.*0003-platforms.*newer Foyer/),
      });
      await store.beside(`delete from kysely_migration where name = '0099-future'`);
      const again = await store.reopen();
      expect(await again.sessions.session('acme', session.id)).toEqual(session);
      await again.remove();
    });

    it('is over when the store is closed: what was accepted is kept, what comes later is refused', async () => {
      const store = await kind.open();
      const session = await started(store);
      const accepted = Array.from({ length: 50 }, (_, n) => apply(store, append(session, message(`${n}`))));
      const again = await store.reopen();
      const stored = await Promise.all(accepted);
      expect(stored.flat()).toHaveLength(50);
      expect((await again.sessions.session('acme', session.id))?.lastSeq).toBe(50);
      await again.remove();
      for (const call of [() => again.unitOfWork.commit([]), again.ready, () => again.channels.channels()]) {
        await expect(call()).rejects.toMatchObject({ name: 'FoyerError', code: 'STORAGE_UNAVAILABLE' });
      }
    });
  });
}
