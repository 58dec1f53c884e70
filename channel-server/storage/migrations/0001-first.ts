import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { ColumnTypes } from './column-types.ts';

/** The first store: sessions and their logs, routing, media, accounts, channels. */
export function first({ text, integer, clustered, chained }: ColumnTypes): (db: Kysely<unknown>) => Promise<void> {
  const required = (column: ColumnDefinitionBuilder) => column.notNull();

  return async (db) => {
    await clustered(
      db.schema
        .createTable('sessions')
        .addColumn('id', text, required)
        .addColumn('tenant_id', text, required)
        .addColumn('channel_id', text, required)
        .addColumn('channel_type', text, required)
        .addColumn('identity_id', text, required)
        .addColumn('conversation', text, required)
        .addColumn('queue_id', text, required)
        .addColumn('agent_id', text)
        .addColumn('preferred_agent_id', text)
        .addColumn('media', text, required)
        .addColumn('priority', integer, required)
        .addColumn('subject', text)
        .addColumn('locale', text)
        .addColumn('page', text)
        .addColumn('state', text, required)
        .addColumn('last_seq', integer, required)
        .addColumn('last_public_seq', integer, required)
        .addColumn('previous_public_seq', integer, (column) => column.notNull().defaultTo(0))
        .addColumn('last_customer_at', integer)
        .addColumn('last_agent_at', integer)
        .addColumn('waiting_since', integer)
        .addColumn('gone_since', integer)
        .addColumn('created_at', integer, required)
        .addColumn('queued_at', integer)
        .addColumn('assigned_at', integer)
        .addColumn('parked_at', integer)
        .addColumn('closed_at', integer)
        .addColumn('close_reason', text)
        .addColumn('closed_by', text)
        .addPrimaryKeyConstraint('sessions_key', ['id']),
    ).execute();
    // None of these holds a column that a message changes: appending touches no index of sessions.
    await db.schema
      .createIndex('sessions_one_open')
      .unique()
      .on('sessions')
      .columns(['channel_id', 'conversation'])
      .where(sql.ref('state'), '<>', sql.lit('closed'))
      .execute();
    await db.schema
      .createIndex('sessions_conversation')
      .on('sessions')
      .columns(['channel_id', 'conversation', 'id'])
      .execute();
    await db.schema
      .createIndex('sessions_open')
      .on('sessions')
      .columns(['tenant_id', 'state', 'queue_id', 'priority desc', 'queued_at', 'id'])
      .where(sql.ref('state'), '<>', sql.lit('closed'))
      .execute();
    await db.schema.createIndex('sessions_tenant').on('sessions').columns(['tenant_id', 'id']).execute();
    await db.schema.createIndex('sessions_channel').on('sessions').columns(['channel_id', 'id']).execute();
    await db.schema.createIndex('sessions_queue').on('sessions').columns(['tenant_id', 'queue_id', 'id']).execute();
    await db.schema.createIndex('sessions_identity').on('sessions').columns(['identity_id', 'id']).execute();
    await db.schema
      .createIndex('sessions_agent')
      .on('sessions')
      .columns(['agent_id', 'state', 'id'])
      .where(sql.ref('agent_id'), 'is not', sql.lit(null))
      .execute();

    let activities: CreateTableBuilder<string, string> = db.schema.createTable('activities');
    if (chained) {
      activities = activities
        .addColumn('row', integer, (column) => column.primaryKey())
        .addColumn('previous_row', integer, required);
    }
    activities = activities
      .addColumn('session_id', text, required)
      .addColumn('seq', integer, required)
      .addColumn('tenant_id', text, required)
      .addColumn('type', text, required)
      .addColumn('name', text)
      .addColumn('audience', text, required)
      .addColumn('from_id', text, required)
      .addColumn('from_role', text, required)
      .addColumn('from_name', text)
      .addColumn('client_id', text)
      .addColumn('external_id', text)
      .addColumn('at', integer, required)
      .addColumn('previous_public', integer, required)
      .addColumn('content', text)
      .addColumn('redacted_at', integer)
      .addColumn('redacted_reason', text);
    if (!chained) activities = activities.addPrimaryKeyConstraint('activities_key', ['session_id', 'seq']);
    await activities.execute();
    if (chained) {
      await clustered(
        db.schema
          .createTable('activity_marks')
          .addColumn('session_id', text, required)
          .addColumn('seq', integer, required)
          .addColumn('row', integer, required)
          .addPrimaryKeyConstraint('activity_marks_key', ['session_id', 'seq']),
      ).execute();
      await db.schema
        .alterTable('sessions')
        .addColumn('last_row', integer, (definition) => definition.notNull().defaultTo(0))
        .execute();
    }
    // Keys that begin with their time, as UUIDv7 do, are stored side by side when the key comes first.
    await clustered(
      db.schema
        .createTable('activity_keys')
        .addColumn('key', text, required)
        .addColumn('scope', text, required)
        .addColumn('session_id', text, required)
        .addColumn('seq', integer, required)
        .addColumn('created_at', integer, required)
        .addPrimaryKeyConstraint('activity_keys_key', ['key', 'scope']),
    ).execute();
    await clustered(
      db.schema
        .createTable('receipts')
        .addColumn('session_id', text, required)
        .addColumn('participant_id', text, required)
        .addColumn('role', text, required)
        .addColumn('delivered', integer, required)
        .addColumn('read', integer, required)
        .addColumn('at', integer, required)
        .addPrimaryKeyConstraint('receipts_key', ['session_id', 'participant_id']),
    ).execute();
    await clustered(
      db.schema
        .createTable('participants')
        .addColumn('session_id', text, required)
        .addColumn('account_id', text, required)
        .addColumn('role', text, required)
        .addColumn('joined_at', integer, required)
        .addColumn('left_at', integer)
        .addPrimaryKeyConstraint('participants_key', ['session_id', 'account_id', 'role']),
    ).execute();
    await db.schema
      .createIndex('participants_account')
      .on('participants')
      .columns(['account_id', 'session_id'])
      .execute();
    await db.schema
      .createTable('timers')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('kind', text, required)
      .addColumn('subject', text, required)
      .addColumn('due_at', integer, required)
      .addColumn('claimed_until', integer)
      .execute();
    await db.schema.createIndex('timers_due').on('timers').columns(['due_at']).execute();
    await db.schema
      .createIndex('timers_claimed')
      .on('timers')
      .columns(['claimed_until'])
      .where(sql.ref('claimed_until'), 'is not', sql.lit(null))
      .execute();

    await db.schema
      .createTable('customers')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('created_at', integer, required)
      .addColumn('attributes', text, required)
      .execute();
    await db.schema
      .createTable('identities')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('channel_id', text, required)
      .addColumn('external_id', text, required)
      .addColumn('customer_id', text, required)
      .addColumn('created_at', integer, required)
      .addColumn('signed', text)
      .addColumn('typed', text)
      .addUniqueConstraint('identities_external', ['channel_id', 'external_id'])
      .execute();
    await db.schema
      .createIndex('identities_customer')
      .on('identities')
      .columns(['tenant_id', 'customer_id', 'id'])
      .execute();

    await db.schema
      .createTable('queues')
      .addColumn('id', text, required)
      .addColumn('tenant_id', text, required)
      .addColumn('name', text, required)
      .addColumn('type', text, required)
      .addColumn('ring_time', integer, required)
      .addColumn('grace_time', integer, required)
      .addColumn('picking', integer, required)
      .addColumn('skills', text, required)
      .addColumn('last_agent_wait', integer, required)
      .addColumn('wrap_up_time', integer, required)
      .addColumn('declared', integer, required)
      .addPrimaryKeyConstraint('queues_key', ['tenant_id', 'id'])
      .execute();
    await db.schema
      .createTable('agents')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('name', text, required)
      .addColumn('state', text, required)
      .addColumn('reason', text)
      .addColumn('state_since', integer, required)
      .addColumn('capacity', integer, required)
      .addColumn('load', integer, required)
      .addColumn('load_since', integer, required)
      .addColumn('skills', text, required)
      .addColumn('queue_ids', text, required)
      .addColumn('lost_since', integer)
      .execute();
    await db.schema.createIndex('agents_tenant').on('agents').columns(['tenant_id', 'id']).execute();
    await db.schema
      .createTable('offers')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('session_id', text, required)
      .addColumn('queue_id', text, required)
      .addColumn('agent_id', text, required)
      .addColumn('kind', text, required)
      .addColumn('from_agent_id', text)
      .addColumn('state', text, required)
      .addColumn('made_at', integer, required)
      .addColumn('expires_at', integer, required)
      .addColumn('ended_at', integer)
      .addColumn('reason', text)
      .execute();
    await db.schema
      .createIndex('offers_one_ringing')
      .unique()
      .on('offers')
      .columns(['session_id'])
      .where(sql.ref('state'), '=', sql.lit('ringing'))
      .execute();
    await db.schema.createIndex('offers_session').on('offers').columns(['session_id', 'made_at']).execute();
    await db.schema
      .createIndex('offers_agent_ringing')
      .on('offers')
      .columns(['agent_id', 'id'])
      .where(sql.ref('state'), '=', sql.lit('ringing'))
      .execute();

    await db.schema
      .createTable('media')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('channel_id', text)
      .addColumn('uploader', text, required)
      .addColumn('session_id', text)
      .addColumn('audience', text, required)
      .addColumn('name', text, required)
      .addColumn('content_type', text, required)
      .addColumn('size', integer, required)
      .addColumn('hash', text)
      .addColumn('thumbnail_hash', text)
      .addColumn('width', integer)
      .addColumn('height', integer)
      .addColumn('state', text, required)
      .addColumn('hint', text)
      .addColumn('created_at', integer, required)
      .addColumn('expires_at', integer)
      .execute();
    await db.schema.createIndex('media_hash').on('media').columns(['hash']).execute();
    await db.schema.createIndex('media_thumbnail').on('media').columns(['thumbnail_hash']).execute();
    await db.schema.createIndex('media_usage').on('media').columns(['tenant_id', 'size']).execute();
    await db.schema
      .createIndex('media_orphans')
      .on('media')
      .columns(['created_at'])
      .where(sql.ref('session_id'), 'is', sql.lit(null))
      .execute();
    await db.schema
      .createIndex('media_expiry')
      .on('media')
      .columns(['expires_at'])
      .where(sql.ref('expires_at'), 'is not', sql.lit(null))
      .execute();

    await db.schema
      .createTable('tenants')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('name', text, required)
      .addColumn('default_capacity', integer, required)
      .addColumn('password_policy', text, required)
      .addColumn('desk_origins', text, required)
      .addColumn('declared', integer, required)
      .execute();
    await db.schema
      .createTable('accounts')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('login', text, (column) => column.notNull().unique())
      .addColumn('name', text, required)
      .addColumn('role', text, required)
      .addColumn('password_hash', text, required)
      .addColumn('must_change', integer, required)
      .addColumn('disabled', integer, required)
      .addColumn('tokens_valid_from', integer, required)
      .addColumn('queue_ids', text, required)
      .addColumn('declared', integer, required)
      .addColumn('created_at', integer, required)
      .execute();
    await db.schema.createIndex('accounts_tenant').on('accounts').columns(['tenant_id', 'id']).execute();
    await db.schema
      .createTable('refresh_tokens')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('account_id', text, required)
      .addColumn('family', text, required)
      .addColumn('hash', text, (column) => column.notNull().unique())
      .addColumn('expires_at', integer, required)
      .addColumn('spent_at', integer)
      .execute();
    await db.schema.createIndex('refresh_tokens_family').on('refresh_tokens').columns(['family']).execute();
    await db.schema.createIndex('refresh_tokens_account').on('refresh_tokens').columns(['account_id']).execute();
    await db.schema
      .createTable('revoked_visitors')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('revoked_at', integer, required)
      .execute();
    await db.schema
      .createTable('channels')
      .addColumn('id', text, (column) => column.notNull().primaryKey())
      .addColumn('tenant_id', text, required)
      .addColumn('type', text, required)
      .addColumn('name', text, required)
      .addColumn('queue_id', text, required)
      .addColumn('settings', text, required)
      .addColumn('enabled', integer, required)
      .addColumn('declared', integer, required)
      .execute();
  };
}
