import { type Kysely, sql } from 'kysely';
import type { MediaRepository } from '../media/ports.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of media records. */
export function createMediaRepository(db: Kysely<Database>): MediaRepository {
  const media = (row: object) => toRecord('media', row);

  return {
    async media(tenantId, mediaId) {
      const row = await db
        .selectFrom('media')
        .selectAll()
        .where('id', '=', mediaId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : media(row);
    },

    async mediaById(mediaId) {
      const row = await db.selectFrom('media').selectAll().where('id', '=', mediaId).executeTakeFirst();
      return row === undefined ? undefined : media(row);
    },

    async several(tenantId, mediaIds) {
      if (mediaIds.length === 0) return [];
      const rows = await db
        .selectFrom('media')
        .selectAll()
        .where('id', 'in', mediaIds)
        .where('tenant_id', '=', tenantId)
        .orderBy('id')
        .execute();
      return rows.map(media);
    },

    async orphans(before, limit) {
      const rows = await db
        .selectFrom('media')
        .selectAll()
        .where('session_id', 'is', null)
        .where('created_at', '<', before)
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(media);
    },

    async expired(now, limit) {
      const rows = await db
        .selectFrom('media')
        .selectAll()
        .where('expires_at', 'is not', null)
        .where('expires_at', '<=', now)
        .where('session_id', 'is not', null)
        .where('hash', 'is not', null)
        .orderBy('expires_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(media);
    },

    async references(hash) {
      const row = await db
        .selectFrom('media')
        .select(({ fn }) => fn.countAll<number>().as('records'))
        .where((where) => where.or([where('hash', '=', hash), where('thumbnail_hash', '=', hash)]))
        .executeTakeFirstOrThrow();
      return row.records;
    },

    async usage(tenantId) {
      const row = await db
        .selectFrom('media')
        .select(sql<number>`cast(coalesce(sum(size), 0) as bigint)`.as('bytes'))
        .where('tenant_id', '=', tenantId)
        .executeTakeFirstOrThrow();
      return row.bytes;
    },
  };
}
