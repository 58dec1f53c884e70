import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { openStorage, type Storage } from '../../../channel-server/storage/open-storage.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { silentLog } from '../../support/silent-log.ts';

/** A kind of store that the suites run on. */
export interface StoreKind {
  name: string;
  /** A new, empty store. */
  open(): Promise<TestStore>;
  /** Everything that was started for these stores. */
  stop(): Promise<void>;
}

export interface TestStore extends Storage {
  /** Run a statement beside the store. */
  beside(text: string): Promise<void>;
  /** Close and open again on the same data. */
  reopen(): Promise<TestStore>;
  /** Open a second time on the same data: another node. */
  another(): Promise<TestStore>;
  /** Close and remove. */
  remove(): Promise<void>;
}

const outside = { clock: fakeClock(), log: silentLog() };

export function embeddedStores(): StoreKind {
  const opened = async (dataDir: string): Promise<TestStore> => {
    const storage = await openStorage({ dataDir, ...outside });
    return {
      ...storage,
      async beside(text) {
        const db = new DatabaseSync(join(dataDir, 'foyer.db'));
        db.exec(text);
        db.close();
      },
      async reopen() {
        await storage.close();
        return opened(dataDir);
      },
      another: () => opened(dataDir),
      async remove() {
        await storage.close();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  };
  return {
    name: 'embedded',
    open: async () => opened(await mkdtemp(join(tmpdir(), 'foyer-store-'))),
    async stop() {},
  };
}

export function postgresStores(): StoreKind {
  let server: Promise<PostgresServer> | undefined;
  const opened = async (databaseUrl: string): Promise<TestStore> => {
    const storage = await openStorage({ dataDir: '', databaseUrl, ...outside });
    return {
      ...storage,
      async beside(text) {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        await client.query(text);
        await client.end();
      },
      async reopen() {
        await storage.close();
        return opened(databaseUrl);
      },
      another: () => opened(databaseUrl),
      remove: () => storage.close(),
    };
  };
  return {
    name: 'postgres',
    async open() {
      server ??= startPostgres();
      return opened(await (await server).createDatabase());
    },
    async stop() {
      await (await server)?.stop();
      server = undefined;
    },
  };
}
