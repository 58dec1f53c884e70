import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type DatabaseIntrospector,
  type Dialect,
  type Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { FoyerError } from '../../errors.ts';

/** A statement that was prepared once. */
export interface Prepared {
  statement: StatementSync;
  /** Names of what it answers with; none when it answers with no rows. */
  columns: readonly string[];
}

/** Prepares each text once for a connection. `asLists`: rows come as lists of values, in the order of `columns`. */
export function statementCache(db: DatabaseSync, asLists = false): (text: string) => Prepared {
  const prepared = new Map<string, Prepared>();
  return (text) => {
    let entry = prepared.get(text);
    if (entry === undefined) {
      const statement = db.prepare(text);
      if (asLists) statement.setReturnArrays(true);
      entry = { statement, columns: statement.columns().map(({ name }) => name) };
      prepared.set(text, entry);
    }
    return entry;
  };
}

/** node:sqlite takes a leading object for named parameters and would shift all others silently. */
function scalars(parameters: readonly unknown[]): SQLInputValue[] {
  for (const value of parameters) {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
      throw new FoyerError('INTERNAL', `A parameter of a statement must be text, number or null, not ${typeof value}.`);
    }
  }
  return parameters as SQLInputValue[];
}

/** The slice of a driver that Kysely's SQLite dialect calls, over node:sqlite. */
function driverOf(db: DatabaseSync): SqliteDatabase {
  const prepare = statementCache(db);
  return {
    prepare(text) {
      const { statement, columns } = prepare(text);
      return {
        reader: columns.length > 0,
        all: (parameters) => statement.all(...scalars(parameters)),
        run: (parameters) => statement.run(...scalars(parameters)),
        iterate: (parameters) => statement.iterate(...scalars(parameters)),
      };
    },
    // Whoever opened the connection closes it.
    close() {},
  };
}

class EmbeddedAdapter extends SqliteAdapter {
  readonly #shared: boolean;

  constructor(shared: boolean) {
    super();
    this.#shared = shared;
  }

  /** Half a migration must never stay: SQLite does undo definitions. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** A connection that only reads, one statement at a time, needs no turn-taking. */
  override get supportsMultipleConnections(): boolean {
    return this.#shared;
  }
}

/** Kysely over one connection of node:sqlite. `shared`: no transactions are opened on it. */
export function embeddedDialect(db: DatabaseSync, shared: boolean): Dialect {
  return {
    createAdapter: () => new EmbeddedAdapter(shared),
    createDriver: () => new SqliteDriver({ database: driverOf(db) }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely: Kysely<unknown>): DatabaseIntrospector => new SqliteIntrospector(kysely),
  };
}
