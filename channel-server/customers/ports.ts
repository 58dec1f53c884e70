import type { Customer, Identity } from './customer.ts';

export interface CustomerRepository {
  identity(tenantId: string, identityId: string): Promise<Identity | undefined>;
  identityByExternalId(tenantId: string, channelId: string, externalId: string): Promise<Identity | undefined>;
  identitiesOf(tenantId: string, customerId: string): Promise<Identity[]>;
  customer(tenantId: string, customerId: string): Promise<Customer | undefined>;
}
