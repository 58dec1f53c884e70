import type { Kysely } from 'kysely';
import type { CustomerRepository } from '../customers/ports.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of customers and the identities by which channels know them. */
export function createCustomerRepository(db: Kysely<Database>): CustomerRepository {
  return {
    async identity(tenantId, identityId) {
      const row = await db
        .selectFrom('identities')
        .selectAll()
        .where('id', '=', identityId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('identity', row);
    },

    async identityByExternalId(tenantId, channelId, externalId) {
      const row = await db
        .selectFrom('identities')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('external_id', '=', externalId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('identity', row);
    },

    async identitiesOf(tenantId, customerId) {
      const rows = await db
        .selectFrom('identities')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('customer_id', '=', customerId)
        .orderBy('id')
        .execute();
      return rows.map((row) => toRecord('identity', row));
    },

    async customer(tenantId, customerId) {
      const row = await db
        .selectFrom('customers')
        .selectAll()
        .where('id', '=', customerId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('customer', row);
    },
  };
}
