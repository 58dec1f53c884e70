import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What a message changes of its session. `previous_public_seq` is none of the embedded store's. */
const moved = ['last_seq', 'last_public_seq', 'last_row', 'last_customer_at', 'last_agent_at', 'waiting_since'];

/**
 * The embedded store keeps what every message changes of a session in a narrow table of its own, so that a commit
 * writes few pages; `sessions` becomes a view of both. PostgreSQL, which writes rows and not pages, has no use for it.
 */
export function sessionHeads({
  text,
  integer,
  chained,
  clustered,
}: ColumnTypes): (db: Kysely<unknown>) => Promise<void> {
  return async (db) => {
    if (!chained) return;
    await db.schema.alterTable('sessions').renameTo('session_facts').execute();
    await clustered(
      db.schema
        .createTable('session_heads')
        .addColumn('session_id', text, (column) => column.notNull())
        .addColumn('last_seq', integer, (column) => column.notNull())
        .addColumn('last_public_seq', integer, (column) => column.notNull())
        .addColumn('last_row', integer, (column) => column.notNull().defaultTo(0))
        .addColumn('last_customer_at', integer)
        .addColumn('last_agent_at', integer)
        .addColumn('waiting_since', integer)
        .addPrimaryKeyConstraint('session_heads_key', ['session_id']),
    ).execute();
    const names = sql.join(moved.map((column) => sql.ref(column)));
    await sql`insert into session_heads (session_id, ${names}) select id, ${names} from session_facts`.execute(db);
    for (const column of [...moved, 'previous_public_seq']) {
      await db.schema.alterTable('session_facts').dropColumn(column).execute();
    }
    const heads = sql.join(moved.map((column) => sql.ref(`session_heads.${column}`)));
    // Joined from the left, heads that a query does not ask for are not looked up.
    await sql`create view sessions as select session_facts.*, ${heads} from session_facts
      left join session_heads on session_heads.session_id = session_facts.id`.execute(db);
  };
}
