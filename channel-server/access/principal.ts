import type { AccountRole } from './account.ts';

/** Who asks. Every right is decided on one of these. */
export type Principal = VisitorPrincipal | AccountPrincipal;

export interface VisitorPrincipal {
  kind: 'visitor';
  tenantId: string;
  channelId: string;
  visitorId: string;
  /** The signed-in subject, when there is one. */
  subject?: string;
}

export interface AccountPrincipal {
  kind: 'account';
  tenantId: string;
  accountId: string;
  role: AccountRole;
  name: string;
  /** Queues an agent serves and a supervisor supervises. Administrators supervise every queue. */
  queueIds: readonly string[];
  /** The sign-in (one browser) the token belongs to: ended by signing out there. */
  signIn?: string;
}

/** The conversations a visitor owns: its own, and its subject's when signed in. The newest right comes first. */
export function conversationsOf(visitor: { visitorId: string; subject?: string | undefined }): string[] {
  const own = `visitor:${visitor.visitorId}`;
  return visitor.subject === undefined ? [own] : [`subject:${visitor.subject}`, own];
}
