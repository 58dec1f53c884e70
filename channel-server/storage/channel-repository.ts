import type { Kysely } from 'kysely';
import type { ChannelRepository } from '../channels/ports.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of configured channels, of how they are, and of what they keep. */
export function createChannelRepository(db: Kysely<Database>): ChannelRepository {
  return {
    async channels() {
      const rows = await db.selectFrom('channels').selectAll().orderBy('id').execute();
      return rows.map((row) => toRecord('channel', row));
    },

    async channel(channelId) {
      const row = await db.selectFrom('channels').selectAll().where('id', '=', channelId).executeTakeFirst();
      return row === undefined ? undefined : toRecord('channel', row);
    },

    async statuses(tenantId) {
      const rows = await db
        .selectFrom('channel_statuses')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('channel_id')
        .execute();
      return rows.map((row) => toRecord('channelStatus', row));
    },

    async status(channelId) {
      const row = await db
        .selectFrom('channel_statuses')
        .selectAll()
        .where('channel_id', '=', channelId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('channelStatus', row);
    },

    async credential(channelId, name) {
      const row = await db
        .selectFrom('credentials')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('credential', row);
    },
  };
}
