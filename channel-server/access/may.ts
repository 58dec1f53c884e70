import type { SessionState } from '../session/session.ts';
import { conversationsOf, type Principal } from './principal.ts';

/** What one can do with a session. `read-staff` adds notes and other `staff` activities. */
export const sessionActions = ['read', 'read-staff', 'write', 'note', 'accept', 'transfer', 'close', 'rate'] as const;
export type SessionAction = (typeof sessionActions)[number];

/** A company person's part in a session, as far as rights go. */
export interface ParticipantFact {
  accountId: string;
  /** `agent` has or had it; `invited` was asked in; `offered` holds its offer until `leftAt`. */
  role: 'agent' | 'invited' | 'offered';
  leftAt: number | null;
}

/** What must be known of a session to decide a right. More participants or `servesSameCustomer` only widen rights. */
export interface SessionFacts {
  tenantId: string;
  channelId: string;
  conversation: string;
  state: SessionState;
  agentId: string | null;
  queueId: string;
  participants: readonly ParticipantFact[];
  /** The asking account has another open session of the same customer. */
  servesSameCustomer: boolean;
}

/** Whether `principal` may do `action` on the session these facts describe. Pure; the one place where it is decided. */
export function may(principal: Principal | null | undefined, action: SessionAction, facts: SessionFacts): boolean {
  if (principal === null || principal === undefined || principal.tenantId !== facts.tenantId) return false;
  if (principal.kind === 'visitor') {
    if (principal.channelId !== facts.channelId) return false;
    if (!conversationsOf(principal).includes(facts.conversation)) return false;
    return visitorMay(action, facts);
  }
  return accountMay(principal, action, facts);
}

function visitorMay(action: SessionAction, facts: SessionFacts): boolean {
  switch (action) {
    case 'read':
    case 'close':
    case 'rate':
      return true;
    case 'write':
      return facts.state !== 'closed';
    default:
      return false;
  }
}

function accountMay(
  account: Extract<Principal, { kind: 'account' }>,
  action: SessionAction,
  facts: SessionFacts,
): boolean {
  const open = facts.state !== 'closed';
  const mine = facts.participants.filter((one) => one.accountId === account.accountId);
  const has = facts.agentId === account.accountId;
  const had = mine.some((one) => one.role === 'agent');
  const invited = mine.some((one) => one.role === 'invited');
  const offered = mine.some((one) => one.role === 'offered' && one.leftAt === null);
  const serves = account.queueIds.includes(facts.queueId);
  const supervises = account.role === 'administrator' || (account.role === 'supervisor' && serves);
  switch (action) {
    case 'read':
    case 'read-staff':
      return has || had || invited || offered || supervises || facts.servesSameCustomer;
    case 'write':
      return open && has;
    case 'note':
      return has || had || invited || supervises;
    case 'accept':
      // Whoever serves the queue may try: the commit decides who wins, and the loser is told so.
      return open && (has || offered || serves);
    case 'transfer':
      return open && (has || supervises);
    case 'close':
      return has || supervises || (!open && had);
    case 'rate':
      return false;
  }
}
