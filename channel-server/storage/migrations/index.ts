import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { FoyerError } from '../../errors.ts';
import type { Database } from '../schema.ts';
import { first } from './0001-first.ts';
import { sessionHeads } from './0002-session-heads.ts';
import { platforms } from './0003-platforms.ts';
import type { ColumnTypes } from './column-types.ts';

/** Every migration, oldest first; the name's number is the store's version. */
function migrations(types: ColumnTypes): Record<string, Migration> {
  return {
    '0001-first': { up: first(types) },
    '0002-session-heads': { up: sessionHeads(types) },
    '0003-platforms': { up: platforms(types) },
  };
}

/**
 * Bring the store to the version this code knows. Throws STORAGE_NEWER, having changed nothing, when the
 * store has been in the hands of a newer Foyer. `place` says in messages which store is meant.
 */
export async function migrate(db: Kysely<Database>, types: ColumnTypes, place: string): Promise<void> {
  const known = migrations(types);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.some((table) => table.name === 'kysely_migration')) {
    const done = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
      .selectFrom('kysely_migration')
      .select('name')
      .orderBy('name')
      .execute();
    const unknown = done.map(({ name }) => name).filter((name) => !Object.hasOwn(known, name));
    if (unknown.length > 0) {
      const newest = Object.keys(known).at(-1);
      throw new FoyerError(
        'STORAGE_NEWER',
        `${place} is of version ${unknown.at(-1)}; this Foyer knows versions up to ${newest}. ` +
          'Start the newer Foyer that wrote it, or restore a backup made before the upgrade.',
        { details: { found: unknown, known: newest } },
      );
    }
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
