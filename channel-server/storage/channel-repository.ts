import type { Kysely } from 'kysely';
import type { ChannelRepository } from '../channels/ports.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of configured channels. */
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
  };
}
