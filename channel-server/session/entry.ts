import type { DraftActivity, Participant } from '../../adapters/contract/index.ts';
import { newIdentity } from '../customers/identity.ts';
import type { Change } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import { appendEvent, systemParticipant } from './events.ts';
import { customerAppend } from './message-change.ts';
import type { CustomerMessage } from './messages.ts';
import type { SessionLifecycle } from './ports.ts';
import type { Session } from './session.ts';
import { armTimer } from './timer-changes.ts';

/** How a message gets into a session that it starts, reopens or wakes: one list of changes, and what to tell after. */
export interface Entry {
  changes: Change[];
  session: Pick<Session, 'id' | 'tenantId' | 'channelId' | 'conversation' | 'page'>;
  /** Which of the stored activities is the message. */
  position: number;
  /** The queue the session came into. */
  queueId?: string;
  /** The agent whose slot it took. */
  agentId?: string;
  /** The earliest timer set. */
  dueAt?: number;
  /** The message begins the session. */
  began?: boolean;
}

/** A parked session: back to its agent when they have room, else to the front of its queue, that agent preferred. */
export async function resume(
  d: SessionDependencies,
  session: Session,
  message: CustomerMessage,
  at: number,
): Promise<Entry> {
  const { agentId } = session;
  const append = customerAppend(message, session.id, at, ['parked']);
  const taken = agentId === null ? undefined : await d.slots.take(session.tenantId, agentId, at);
  const unchanged = { state: 'parked', agentId } as const;
  if (agentId !== null && taken !== undefined) {
    const changes: Change[] = [
      append,
      {
        kind: 'update',
        record: 'session',
        where: { id: session.id },
        expect: unchanged,
        set: { state: 'active', parkedAt: null },
        refusal: 'SESSION_CHANGED',
      },
      appendEvent(session, at, 'session:resumed', systemParticipant, { agentId }),
      ...taken,
    ];
    return { changes, session, position: 0, agentId };
  }
  const changes: Change[] = [
    append,
    {
      kind: 'update',
      record: 'session',
      where: { id: session.id },
      expect: unchanged,
      set: {
        state: 'queued',
        agentId: null,
        preferredAgentId: agentId ?? session.preferredAgentId,
        parkedAt: null,
        queuedAt: session.queuedAt ?? at,
      },
      refusal: 'SESSION_CHANGED',
    },
    // Handed to somebody while it rested: it waits for whoever is free now.
    ...(await d.slots.withdraw(session, at, 'requeued')),
    appendEvent(session, at, 'session:queued', systemParticipant, { queueId: session.queueId, reason: 'returned' }),
    ...leaving(session, at),
  ];
  return { changes, session, position: 0, queueId: session.queueId };
}

/** A session closed a short while ago: open again in its queue, its last agent preferred. */
export function reopen(session: Session, message: CustomerMessage, lifecycle: SessionLifecycle, at: number): Entry {
  const changes: Change[] = [
    {
      kind: 'update',
      record: 'session',
      where: { id: session.id },
      expect: { state: 'closed', closedAt: session.closedAt },
      set: {
        state: 'queued',
        agentId: null,
        preferredAgentId: lastAgentOf(session),
        queuedAt: at,
        assignedAt: null,
        parkedAt: null,
        goneSince: null,
        closedAt: null,
        closeReason: null,
        closedBy: null,
      },
      refusal: 'SESSION_CHANGED',
    },
    appendEvent(session, at, 'session:reopened', message.from),
    customerAppend(message, session.id, at, ['queued']),
    appendEvent(session, at, 'session:queued', systemParticipant, { queueId: session.queueId, reason: 'reopened' }),
  ];
  const entry: Entry = { changes, session, position: 1, queueId: session.queueId };
  armInactivity(entry, lifecycle, at);
  return entry;
}

/** A new session in the customer's first conversation, with the identity it belongs to. `last` is their latest session. */
export async function begin(
  d: SessionDependencies,
  message: CustomerMessage,
  lifecycle: SessionLifecycle,
  last: Session | undefined,
  at: number,
): Promise<Entry> {
  const { tenantId } = message;
  const channelId = message.channel.id;
  const conversation = message.conversations[0] as string;
  const changes: Change[] = [];
  const { externalId, facts } = message.identity ?? { externalId: conversation, facts: null };
  const known = await d.customers.identityByExternalId(tenantId, channelId, externalId);
  const identity = known ?? { ...newIdentity(d.ids, { tenantId, channelId, externalId }, at), signed: facts };
  if (known === undefined) {
    const { customerId } = identity;
    changes.push(
      { kind: 'insert', record: 'customer', values: { id: customerId, tenantId, createdAt: at, attributes: {} } },
      { kind: 'insert', record: 'identity', values: identity, refusal: 'IDENTITY_EXISTS' },
    );
  }
  const session: Session = {
    id: d.ids.next('ses'),
    tenantId,
    channelId,
    channelType: message.channel.type,
    identityId: identity.id,
    conversation,
    queueId: lifecycle.queueId,
    agentId: null,
    preferredAgentId: last === undefined ? null : lastAgentOf(last),
    media: ['chat'],
    priority: 0,
    subject: null,
    locale: message.locale ?? message.page?.locale ?? null,
    page: message.page ?? null,
    state: 'queued',
    lastSeq: 0,
    lastPublicSeq: 0,
    lastCustomerAt: null,
    lastAgentAt: null,
    waitingSince: null,
    goneSince: null,
    createdAt: at,
    queuedAt: at,
    assignedAt: null,
    parkedAt: null,
    closedAt: null,
    closeReason: null,
    closedBy: null,
  };
  changes.push(
    { kind: 'insert', record: 'session', values: session, refusal: 'SESSION_EXISTS' },
    customerAppend(message, session.id, at),
    appendEvent(session, at, 'session:queued', systemParticipant, { queueId: session.queueId, reason: 'started' }),
  );
  if (message.greeting !== undefined) changes.push(greeting(session, message.greeting, at));
  const entry: Entry = { changes, session, position: 0, queueId: session.queueId, began: true };
  armInactivity(entry, lifecycle, at);
  return entry;
}

/** Who says the greeting that a platform lets us send with its answer. */
export const greetingParticipant: Participant = { id: 'greeting', role: 'bot' };

function greeting(session: Pick<Session, 'id' | 'tenantId'>, text: string, at: number): Change {
  const activity: DraftActivity = { type: 'message', text, from: greetingParticipant, audience: 'all' };
  return { kind: 'append', tenantId: session.tenantId, sessionId: session.id, at, activity };
}

/** Who had it last: a closed session keeps its agent as the preferred one. */
function lastAgentOf(session: Session): string | null {
  return session.agentId ?? session.preferredAgentId;
}

function armInactivity(entry: Entry, lifecycle: SessionLifecycle, at: number): void {
  if (lifecycle.closeAfter === null) return;
  entry.dueAt = at + lifecycle.closeAfter;
  entry.changes.push(armTimer('session:inactive', entry.session, entry.dueAt));
}

/** The agent no longer has the session. */
export function leaving(session: Session, at: number): Change[] {
  if (session.agentId === null) return [];
  return [
    {
      kind: 'update',
      record: 'participant',
      where: { sessionId: session.id, accountId: session.agentId, role: 'agent' },
      set: { leftAt: at },
    },
  ];
}
