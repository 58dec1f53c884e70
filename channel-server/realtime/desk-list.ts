import type { Clock } from '../../adapters/contract/index.ts';
import type { AccountPrincipal } from '../access/principal.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { SessionRepository } from '../session/ports.ts';
import type { Session } from '../session/session.ts';

/** Which sessions stand in a desk's list. Rights say what may be read; this says what one works with. */
export interface DeskList {
  /** All of them, newest last. */
  of(principal: AccountPrincipal): Promise<Session[]>;
  /** Whether one session belongs in it. `ringingAt`: the account it rings at. */
  belongs(principal: AccountPrincipal, session: Session, ringingAt: string | undefined): boolean;
}

/** Closed sessions stay in the list this long, in ms, and at most so many. */
const recently = 24 * 3_600_000;
const mostClosed = 10;
/** Waiting sessions a supervisor watches at once. */
const mostWatched = 50;

export function supervises(principal: AccountPrincipal, queueId: string): boolean {
  if (principal.role === 'administrator') return true;
  return principal.role === 'supervisor' && principal.queueIds.includes(queueId);
}

export function createDeskList({
  sessions,
  routing,
  clock,
}: {
  sessions: Pick<SessionRepository, 'list'>;
  routing: Pick<RoutingRepository, 'sessionsOf'>;
  clock: Clock;
}): DeskList {
  /** Of a closed session it is kept who had it last. */
  const closedBy = ({ accountId }: AccountPrincipal, session: Session) =>
    session.state === 'closed' &&
    session.preferredAgentId === accountId &&
    session.closedAt !== null &&
    session.closedAt > clock.now() - recently;

  return {
    async of(principal) {
      const { tenantId, accountId } = principal;
      const watches = principal.role !== 'agent';
      const [mine, closed, watched] = await Promise.all([
        routing.sessionsOf(tenantId, accountId),
        sessions.list(
          tenantId,
          { states: ['closed'], visibleTo: { accountId, supervisedQueueIds: [] } },
          { limit: mostClosed * 4 },
        ),
        watches
          ? sessions.list(
              tenantId,
              {
                states: ['queued', 'offered'],
                ...(principal.role === 'administrator' ? {} : { queueIds: principal.queueIds }),
              },
              { limit: mostWatched },
            )
          : { items: [] },
      ]);
      const all = new Map<string, Session>();
      for (const session of closed.items.filter((one) => closedBy(principal, one)).slice(0, mostClosed)) {
        all.set(session.id, session);
      }
      for (const session of [...watched.items, ...mine]) all.set(session.id, session);
      return [...all.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },

    belongs(principal, session, ringingAt) {
      if (session.tenantId !== principal.tenantId) return false;
      if (session.agentId === principal.accountId || ringingAt === principal.accountId) return true;
      if (session.state === 'closed') return closedBy(principal, session);
      const waits = session.state === 'queued' || session.state === 'offered';
      return waits && supervises(principal, session.queueId);
    },
  };
}
