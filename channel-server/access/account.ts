export const roles = ['administrator', 'supervisor', 'agent'] as const;
export type AccountRole = (typeof roles)[number];

export interface Tenant {
  id: string;
  name: string;
  /** Chats at once for agents whose capacity is 0. */
  defaultCapacity: number;
  passwordPolicy: 'length' | 'composition';
  /** Sites that may embed staff elements. */
  deskOrigins: string[];
  declared: boolean;
}

/** A person of the company who signs in. `login` is unique per installation. Times in ms since the epoch. */
export interface Account {
  id: string;
  tenantId: string;
  login: string;
  name: string;
  role: AccountRole;
  /** argon2id, PHC string. */
  passwordHash: string;
  mustChange: boolean;
  disabled: boolean;
  /** Tokens made before this are dead. */
  tokensValidFrom: number;
  /** Queues an agent serves and a supervisor supervises. */
  queueIds: string[];
  declared: boolean;
  createdAt: number;
}

/** A refresh token's family member; only its hash is kept. */
export interface RefreshToken {
  id: string;
  tenantId: string;
  accountId: string;
  /** One sign-in on one browser; reuse of a spent member kills the family. */
  family: string;
  hash: string;
  expiresAt: number;
  spentAt: number | null;
}

/** A visitor whose tokens are dead (logged out). */
export interface RevokedVisitor {
  id: string;
  tenantId: string;
  revokedAt: number;
}
