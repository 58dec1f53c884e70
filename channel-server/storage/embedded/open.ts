import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import type { Connections } from '../connections.ts';
import { migrate } from '../migrations/index.ts';
import type { Database } from '../schema.ts';
import { createSessionMemory } from '../session-memory.ts';
import type { ObserveCommit } from '../writer.ts';
import { embeddedDialect } from './dialect.ts';
import { embeddedFailure } from './failures.ts';
import { lockFolder } from './folder-lock.ts';
import { teachPlanner } from './statistics.ts';
import { createEmbeddedWriter, sqliteFlavour } from './writer.ts';

/** How long a statement waits for another program (a backup, a person's sqlite3) that holds the file, in ms. */
const patience = 1_000;

/**
 * Full durability; pages of 8 kB, for a commit of many sessions then writes half as often; pages that changed often
 * are written back once for many commits; what is taken away is overwritten. The size limit gives the room of a long
 * log of commits back to the disk.
 */
const settings = `
  pragma page_size = 8192;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma wal_autocheckpoint = 4000;
  pragma journal_size_limit = 67108864;
  pragma cache_size = -65536;
  pragma secure_delete = on;
`;

/**
 * Open the store in a data folder, making both when they are missing. Throws STORAGE_LOCKED, STORAGE_NEWER,
 * STORAGE_FULL or STORAGE_UNAVAILABLE with a message that says what to do.
 */
export async function openEmbedded(dataDir: string, observe?: ObserveCommit): Promise<Connections> {
  const place = resolve(dataDir);
  const opened: { close(): void }[] = [];
  const closeAll = () => {
    for (const each of opened.reverse()) each.close();
  };
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const lock = lockFolder(join(place, 'foyer.lock'), place);
    opened.push({ close: () => lock.release() });
    const file = join(place, 'foyer.db');
    const db = new DatabaseSync(file, { timeout: patience });
    opened.push(db);
    db.exec(settings);
    await migrate(
      new Kysely<Database>({ dialect: embeddedDialect(db, false) }),
      {
        text: 'text',
        integer: 'integer',
        chained: true,
        clustered: (table) => table.modifyEnd(sql`without rowid`),
      },
      `The store in ${place}`,
    );
    teachPlanner(db);
    const reader = new DatabaseSync(file, { readOnly: true, timeout: patience });
    opened.push(reader);
    const memory = createSessionMemory();
    const writer = createEmbeddedWriter(db, place, memory, observe);
    return {
      flavour: sqliteFlavour(memory),
      reads: new Kysely<Database>({ dialect: embeddedDialect(reader, true) }),
      writer,
      failure: (error) => embeddedFailure(error, place),
      async close() {
        await writer.close();
        closeAll();
      },
    };
  } catch (error) {
    closeAll();
    throw embeddedFailure(error, place);
  }
}
