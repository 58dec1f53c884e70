import { type Kysely, sql } from 'kysely';
import type { AccountRepository } from '../access/ports.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of tenants, accounts and what was revoked. */
export function createAccountRepository(db: Kysely<Database>): AccountRepository {
  const account = (row: object) => toRecord('account', row);

  return {
    async tenants() {
      const rows = await db.selectFrom('tenants').selectAll().orderBy('id').execute();
      return rows.map((row) => toRecord('tenant', row));
    },

    async account(tenantId, accountId) {
      const row = await db
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', accountId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : account(row);
    },

    async accountByLogin(login) {
      const row = await db.selectFrom('accounts').selectAll().where('login', '=', login).executeTakeFirst();
      return row === undefined ? undefined : account(row);
    },

    async accounts(tenantId) {
      const rows = await db
        .selectFrom('accounts')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('id')
        .execute();
      return rows.map(account);
    },

    async allAccounts() {
      const rows = await db.selectFrom('accounts').selectAll().orderBy('id').execute();
      return rows.map(account);
    },

    async refreshTokenByHash(hash) {
      const row = await db.selectFrom('refresh_tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? undefined : toRecord('refreshToken', row);
    },

    async visitorRevoked(visitorId) {
      const row = await db
        .selectFrom('revoked_visitors')
        .select(sql.lit(1).as('one'))
        .where('id', '=', visitorId)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
