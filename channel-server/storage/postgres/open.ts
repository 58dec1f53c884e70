import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../../../adapters/contract/index.ts';
import { FoyerError } from '../../errors.ts';
import type { Connections } from '../connections.ts';
import { migrate } from '../migrations/index.ts';
import type { Database } from '../schema.ts';
import type { ObserveCommit } from '../writer.ts';
import { postgresFailure } from './failures.ts';
import { createPostgresWriter, postgresFlavour } from './writer.ts';

/** How long a connection may take, and a statement may run, in ms. */
const connectionTimeout = 10_000;
const statementTimeout = 30_000;
const bigint = 20;
const parsed: readonly number[] = [114, 3802];

/** Types arrive as the embedded store gives them: 64-bit integers as numbers, JSON as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === bigint) return Number;
    if (parsed.includes(oid)) return (value: string) => value;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** Which server is meant, without user or password. */
function placeOf(databaseUrl: string): string {
  // The address is never shown, in no cause either: it holds the password.
  const wrong = new FoyerError(
    'CONFIG_INVALID',
    'FOYER_DATABASE_URL must be of the form postgresql://user:password@host/database.',
  );
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw wrong;
  try {
    const { host, port, database } = new pg.Client({ connectionString: databaseUrl });
    return host.startsWith('/') ? `${host}, database ${database}` : `${host}:${port}, database ${database}`;
  } catch {
    throw wrong;
  }
}

/** Open the store in PostgreSQL. Throws STORAGE_NEWER or STORAGE_UNAVAILABLE with a message that says what to do. */
export async function openPostgres(databaseUrl: string, log: Log, observe?: ObserveCommit): Promise<Connections> {
  const place = placeOf(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    types,
    max: 10,
    connectionTimeoutMillis: connectionTimeout,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: statementTimeout,
    application_name: 'foyer',
  });
  // An idle connection that breaks is replaced when one is needed; without a listener it would end the process.
  pool.on('error', (error) =>
    log.warn({ code: (error as { code?: string }).code, place }, 'a connection to PostgreSQL broke'),
  );
  const reads = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const writer = createPostgresWriter(pool, place, observe);
  const close = async () => {
    await writer.close();
    await reads.destroy();
  };
  try {
    await migrate(
      reads,
      { text: sql`text collate "C"`, integer: 'bigint', chained: false, clustered: (table) => table },
      `The store in PostgreSQL at ${place}`,
    );
  } catch (error) {
    await close();
    throw postgresFailure(error, place);
  }
  return { flavour: postgresFlavour, reads, writer, failure: (error) => postgresFailure(error, place), close };
}
