import type { Account, RefreshToken, RevokedVisitor, Tenant } from './account.ts';

declare module '../session/changes.ts' {
  interface Records {
    tenant: Tenant;
    account: Account;
    refreshToken: RefreshToken;
    revokedVisitor: RevokedVisitor;
  }
}

export interface AccountRepository {
  tenants(): Promise<Tenant[]>;
  account(tenantId: string, accountId: string): Promise<Account | undefined>;
  accountByLogin(login: string): Promise<Account | undefined>;
  accounts(tenantId: string): Promise<Account[]>;
  allAccounts(): Promise<Account[]>;
  refreshTokenByHash(hash: string): Promise<RefreshToken | undefined>;
  visitorRevoked(visitorId: string): Promise<boolean>;
}
