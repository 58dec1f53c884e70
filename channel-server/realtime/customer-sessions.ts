import type { CustomerSession } from '../../adapters/contract/index.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import type { StoredActivity } from '../session/changes.ts';
import type { SessionRepository } from '../session/ports.ts';
import type { Session } from '../session/session.ts';

/** A session remembered between its changes, so that messages are answered and told without reading. */
export interface RememberedSession {
  session: Session;
  agentName: string | undefined;
  position: number | undefined;
}

export interface CustomerSessions {
  /** What is remembered, or read now. Undefined when there is no such session. */
  get(tenantId: string, sessionId: string): Promise<RememberedSession | undefined>;
  peek(sessionId: string): RememberedSession | undefined;
  /** Make what a repository just read the remembered state. */
  remember(session: Session): Promise<RememberedSession>;
  /** The session changed: what is remembered is no longer true. */
  forget(sessionId: string): void;
  /** Remembered sessions that wait in a queue. */
  waiting(tenantId: string, queueId: string): RememberedSession[];
  /** A new activity: the newest public seq is one fact that changes without a session signal. */
  note(stored: StoredActivity): void;
}

/** Bounded memory of sessions; forgetting only costs a read. */
export function createCustomerSessions(
  {
    sessions,
    routing,
    service,
  }: {
    sessions: Pick<SessionRepository, 'session'>;
    routing: Pick<RoutingRepository, 'agent'>;
    service: Pick<RoutingService, 'position'>;
  },
  most = 20_000,
): CustomerSessions {
  const remembered = new Map<string, RememberedSession>();
  /** Remembered waiting sessions by queue. */
  const byQueue = new Map<string, Set<string>>();
  /** Reads under way; a change meanwhile marks them stale, and they are not kept. */
  const reading = new Map<string, Set<{ stale: boolean }>>();

  const complete = async (session: Session): Promise<RememberedSession> => {
    const [agent, position] = await Promise.all([
      session.agentId === null ? undefined : routing.agent(session.tenantId, session.agentId),
      waits(session) ? service.position(session) : undefined,
    ]);
    return { session, agentName: agent?.name, position };
  };

  const guarded = async (
    sessionId: string,
    read: () => Promise<RememberedSession | undefined>,
  ): Promise<RememberedSession | undefined> => {
    const token = { stale: false };
    const tokens = reading.get(sessionId) ?? new Set();
    reading.set(sessionId, tokens.add(token));
    try {
      const entry = await read();
      if (entry !== undefined && !token.stale) keep(sessionId, entry);
      return entry;
    } finally {
      tokens.delete(token);
      if (tokens.size === 0) reading.delete(sessionId);
    }
  };

  const keep = (sessionId: string, entry: RememberedSession) => {
    drop(sessionId);
    if (remembered.size >= most) {
      const oldest = remembered.keys().next();
      if (oldest.done !== true) drop(oldest.value);
    }
    remembered.set(sessionId, entry);
    if (!waits(entry.session)) return;
    const queue = queueKey(entry.session.tenantId, entry.session.queueId);
    const members = byQueue.get(queue);
    if (members === undefined) byQueue.set(queue, new Set([sessionId]));
    else members.add(sessionId);
  };

  const drop = (sessionId: string) => {
    const entry = remembered.get(sessionId);
    if (entry === undefined) return;
    remembered.delete(sessionId);
    const queue = queueKey(entry.session.tenantId, entry.session.queueId);
    const members = byQueue.get(queue);
    if (members?.delete(sessionId) === true && members.size === 0) byQueue.delete(queue);
  };

  const markStale = (sessionId: string) => {
    for (const token of reading.get(sessionId) ?? []) token.stale = true;
  };

  return {
    peek: (sessionId) => remembered.get(sessionId),
    async get(tenantId, sessionId) {
      const entry = remembered.get(sessionId);
      if (entry !== undefined) return entry.session.tenantId === tenantId ? entry : undefined;
      return guarded(sessionId, async () => {
        const session = await sessions.session(tenantId, sessionId);
        return session === undefined ? undefined : complete(session);
      });
    },
    async remember(session) {
      const entry = await guarded(session.id, () => complete(session));
      return entry ?? { session, agentName: undefined, position: undefined };
    },
    waiting(tenantId, queueId) {
      const entries: RememberedSession[] = [];
      for (const id of byQueue.get(queueKey(tenantId, queueId)) ?? []) {
        const entry = remembered.get(id);
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
    forget(sessionId) {
      drop(sessionId);
      markStale(sessionId);
    },
    note(stored) {
      const sessionId = stored.activity.conversation.id;
      const entry = remembered.get(sessionId);
      if (entry !== undefined) {
        const { session } = entry;
        session.lastSeq = Math.max(session.lastSeq, stored.activity.seq);
        if (stored.activity.audience === 'all') {
          session.lastPublicSeq = Math.max(session.lastPublicSeq, stored.activity.seq);
        }
      }
      if (reading.size > 0) markStale(sessionId);
    },
  };
}

function waits({ state }: Session): boolean {
  return state === 'queued' || state === 'offered';
}

function queueKey(tenantId: string, queueId: string): string {
  return `${tenantId}/${queueId}`;
}

/** A session as its customer may see it. */
export function customerView({ session, agentName, position }: RememberedSession): CustomerSession {
  const view: CustomerSession = {
    id: session.id,
    state: session.state,
    createdAt: new Date(session.createdAt).toISOString(),
    lastSeq: session.lastPublicSeq,
  };
  if (session.closedAt !== null) view.closedAt = new Date(session.closedAt).toISOString();
  if (session.closeReason !== null) view.closeReason = session.closeReason === 'spam' ? 'other' : session.closeReason;
  const has = session.state === 'active' || session.state === 'parked';
  if (has && session.agentId !== null && agentName !== undefined) view.agent = { id: session.agentId, name: agentName };
  if (position !== undefined && waits(session)) view.position = position;
  return view;
}
