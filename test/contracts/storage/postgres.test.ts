import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../../channel-server/storage/open-storage.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { append, apply, message, started } from './samples.ts';
import { postgresStores, type TestStore } from './stores.ts';

/** What only PostgreSQL brings: other processes, and a connection that can be lost. */
describe('PostgreSQL', () => {
  const kind = postgresStores();
  let store: TestStore;
  beforeAll(async () => {
    store = await kind.open();
  });
  afterAll(async () => {
    await store.remove();
    await kind.stop();
  });
  const open = (databaseUrl: string) => openStorage({ dataDir: '', databaseUrl, clock: fakeClock(), log: silentLog() });

  it('that ends every connection disturbs nobody for long', async () => {
    const session = await started(store);
    await apply(store, append(session, message('before')));
    await store.beside(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'foyer'`);
    await expect
      .poll(() =>
        store.ready().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await apply(store, append(session, message('after')));
    expect((await store.sessions.session('acme', session.id))?.lastSeq).toBe(2);
  });

  it('that does not answer is named without its password', async () => {
    const refused = open('postgresql://foyer:s3cret@127.0.0.1:9/foyer');
    await expect(refused).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('127.0.0.1:9, database foyer'),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') });
    await expect(open('mysql://foyer:s3cret@db/foyer')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('serves two nodes at once', async () => {
    const first = await kind.open();
    const other = await first.another();
    const session = await started(first);
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => apply(n % 2 === 0 ? first : other, append(session, message(`${n}`)))),
    );
    const page = await other.sessions.activities('acme', session.id, 'staff', 0, 100);
    expect(page.items.map(({ activity }) => activity.seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    await other.close();
    await first.remove();
  });
});
