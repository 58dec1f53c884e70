import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** What is kept for platforms: where to write, what is on its way, how channels are, files still to be fetched. */
export function platforms({ text, integer, clustered }: ColumnTypes): (db: Kysely<unknown>) => Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();

  return async (db) => {
    await db.schema
      .createTable('conversations')
      .addColumn('channel_id', text, required)
      .addColumn('id', text, required)
      .addColumn('tenant_id', text, required)
      .addColumn('address', text)
      .addColumn('person_id', text, required)
      .addColumn('window_until', integer)
      .addColumn('window_left', integer)
      .addColumn('closed', text)
      .addColumn('heard_at', integer)
      .addColumn('due_at', integer)
      .addColumn('lease_until', integer)
      .addColumn('lease_owner', text)
      .addPrimaryKeyConstraint('conversations_key', ['channel_id', 'id'])
      .execute();
    await db.schema
      .createIndex('conversations_due')
      .on('conversations')
      .columns(['channel_id', 'due_at', 'id'])
      .where(sql.ref('due_at'), 'is not', sql.lit(null))
      .execute();
    await db.schema
      .createIndex('conversations_leased')
      .on('conversations')
      .columns(['channel_id', 'lease_until'])
      .where(sql.ref('lease_until'), 'is not', sql.lit(null))
      .execute();

    await db.schema
      .createTable('deliveries')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('channel_id', text, required)
      .addColumn('conversation', text, required)
      .addColumn('session_id', text, required)
      .addColumn('seq', integer, required)
      .addColumn('state', text, required)
      .addColumn('settled', integer, required)
      .addColumn('reason', text)
      .addColumn('failures', integer, required)
      .addColumn('failing_since', integer)
      .addColumn('created_at', integer, required)
      .addColumn('replaced_by', text)
      .execute();
    await db.schema.createIndex('deliveries_session').on('deliveries').columns(['session_id', 'seq', 'id']).execute();
    await db.schema
      .createIndex('deliveries_unsettled')
      .on('deliveries')
      .columns(['channel_id', 'conversation', 'session_id', 'seq', 'id'])
      .where(sql.ref('settled'), '=', sql.lit(0))
      .execute();
    // Those a watermark may still move; what was read, which most are in the end, is not among them.
    await db.schema
      .createIndex('deliveries_moving')
      .on('deliveries')
      .columns(['channel_id', 'conversation', 'id'])
      .where(sql.ref('state'), '<>', sql.lit('read'))
      .execute();
    for (const [name, first] of [
      ['deliveries_dead', 'tenant_id'],
      ['deliveries_dead_channel', 'channel_id'],
    ] as const) {
      await db.schema
        .createIndex(name)
        .on('deliveries')
        .columns([first, 'created_at', 'id'])
        .where(sql<boolean>`state in ('failed', 'unconfirmed')`)
        .execute();
    }

    await clustered(
      db.schema
        .createTable('delivery_parts')
        .addColumn('delivery_id', text, required)
        .addColumn('n', integer, required)
        .addColumn('part', text, required)
        .addColumn('state', text, required)
        .addColumn('ready', text)
        .addColumn('attempts', integer, required)
        .addColumn('attempted_at', integer)
        .addColumn('reason', text)
        .addPrimaryKeyConstraint('delivery_parts_key', ['delivery_id', 'n']),
    ).execute();
    await db.schema
      .createTable('part_names')
      .addColumn('channel_id', text, required)
      .addColumn('external_id', text, required)
      .addColumn('delivery_id', text, required)
      .addColumn('n', integer, required)
      .addColumn('at', integer, required)
      .addPrimaryKeyConstraint('part_names_key', ['channel_id', 'external_id'])
      .execute();
    await db.schema
      .createIndex('part_names_delivery')
      .on('part_names')
      .columns(['delivery_id', 'n', 'external_id'])
      .execute();
    await db.schema
      .createTable('held_statuses')
      .addColumn('channel_id', text, required)
      .addColumn('external_id', text, required)
      .addColumn('state', text, required)
      .addColumn('at', integer, required)
      .addColumn('reason', text)
      .addPrimaryKeyConstraint('held_statuses_key', ['channel_id', 'external_id', 'state'])
      .execute();
    await db.schema.createIndex('held_statuses_age').on('held_statuses').columns(['at']).execute();

    await db.schema
      .createTable('channel_statuses')
      .addColumn('channel_id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('report', text)
      .addColumn('circuit', text, required)
      .addColumn('paused_until', integer)
      .addColumn('problem', text)
      .addColumn('problem_at', integer)
      .addColumn('heard_at', integer)
      .addColumn('sent_at', integer)
      .addColumn('dropped', integer, required)
      .execute();
    await db.schema
      .createTable('credentials')
      .addColumn('channel_id', text, required)
      .addColumn('name', text, required)
      .addColumn('seed', text, required)
      .addColumn('value', text)
      .addColumn('expires_at', integer)
      .addColumn('lease_until', integer)
      .addPrimaryKeyConstraint('credentials_key', ['channel_id', 'name'])
      .execute();

    await db.schema
      .createTable('media_fetches')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('channel_id', text, required)
      .addColumn('session_id', text, required)
      .addColumn('reference', text)
      .addColumn('attempts', integer, required)
      .addColumn('due_at', integer, required)
      .addColumn('lease_until', integer)
      .addColumn('created_at', integer, required)
      .execute();
    await db.schema.createIndex('media_fetches_due').on('media_fetches').columns(['due_at', 'id']).execute();
    await db.schema
      .createIndex('media_fetches_leased')
      .on('media_fetches')
      .columns(['lease_until'])
      .where(sql.ref('lease_until'), 'is not', sql.lit(null))
      .execute();
  };
}
