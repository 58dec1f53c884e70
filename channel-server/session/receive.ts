import type { PageContext } from '../../adapters/contract/index.ts';
import { FoyerError, notFound } from '../errors.ts';
import { announceActivities, announceSession, announceWithdrawn } from './announce.ts';
import { contended, mostAttempts, throwIfFinal } from './attempts.ts';
import type { Change, StoredActivity } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import { begin, type Entry, reopen, resume } from './entry.ts';
import type { KnownSessions } from './known-sessions.ts';
import { openSessionOf } from './lookup.ts';
import { customerAppend, receivingStates } from './message-change.ts';
import type { CustomerMessage, ReceivedMessage } from './messages.ts';
import { samePage } from './page.ts';
import type { Serial } from './serial.ts';

/**
 * Store a customer's message. Into a session known to be open it is one commit and no read; everything else,
 * and everything that commit refuses, is looked up and put where it belongs.
 */
export function createReceive(
  d: SessionDependencies,
  known: KnownSessions,
  serial: Serial,
): (message: CustomerMessage) => Promise<ReceivedMessage> {
  const { unitOfWork, signals, clock } = d;

  async function receive(message: CustomerMessage): Promise<ReceivedMessage> {
    const session = known.find(message.channel.id, message.conversations);
    if (session !== undefined) {
      const changes: Change[] = [customerAppend(message, session.id, clock.now(), receivingStates)];
      const moved = link(changes, message, session);
      const result = await unitOfWork.commit(changes);
      if (result.outcome === 'applied') {
        const stored = result.appended[0];
        if (stored === undefined) throw new FoyerError('INTERNAL', 'The store answered without the activity.');
        const { conversation } = session;
        const channelId = message.channel.id;
        const { connectionId } = message;
        signals.publish(
          connectionId === undefined
            ? { kind: 'activity', stored, conversation, channelId }
            : { kind: 'activity', stored, conversation, channelId, connectionId },
        );
        if (moved) {
          session.page = message.page ?? session.page;
          announceSession(signals, { id: session.id, tenantId: message.tenantId });
        }
        return { stored, repeated: false, entered: false, began: false };
      }
      if (result.outcome === 'repeated') return repeatOf(result.stored);
      throwIfFinal(result.refusal);
      known.forget(message.channel.id, session.conversation);
    }
    const first = message.conversations[0];
    if (first === undefined) throw new FoyerError('REQUEST_INVALID', 'A message needs a conversation.');
    return serial.run(`${message.channel.id}\n${first}`, () => settle(message));
  }

  /** Files and page of a message and what else comes with it, in the same commit. Answers whether the session's page changes. */
  function link(
    changes: Change[],
    message: CustomerMessage,
    session: { id: string; page: PageContext | null },
  ): boolean {
    if (message.media !== undefined) changes.push(...message.media.changes(session.id));
    if (message.changes !== undefined) changes.push(...message.changes(session.id));
    if (message.page === undefined || samePage(message.page, session.page)) return false;
    changes.push({ kind: 'update', record: 'session', where: { id: session.id }, set: { page: message.page } });
    return true;
  }

  async function settle(message: CustomerMessage): Promise<ReceivedMessage> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const at = clock.now();
      const entry = await enter(message, at);
      const moved = link(entry.changes, message, entry.session);
      const result = await unitOfWork.commit(entry.changes);
      if (result.outcome === 'repeated') return repeatOf(result.stored);
      if (result.outcome === 'refused') {
        throwIfFinal(result.refusal);
        continue;
      }
      const stored = result.appended[entry.position];
      if (stored === undefined) throw new FoyerError('INTERNAL', 'The store answered without the activity.');
      const { id, conversation } = entry.session;
      known.keep(message.channel.id, { id, conversation, page: message.page ?? entry.session.page });
      announceActivities(signals, entry.session, result.appended, {
        activityId: stored.activity.id,
        connectionId: message.connectionId,
      });
      announceWithdrawn(signals, entry.session, result.appended);
      if (moved || entry.queueId !== undefined || entry.agentId !== undefined) {
        announceSession(signals, entry.session, entry);
      }
      if (entry.dueAt !== undefined) d.timers.wake(entry.dueAt);
      return { stored, repeated: false, entered: true, began: entry.began === true };
    }
    throw contended();
  }

  /** Where the message belongs now, and what that changes. */
  async function enter(message: CustomerMessage, at: number): Promise<Entry> {
    const { tenantId, conversations } = message;
    const channelId = message.channel.id;
    const open = await openSessionOf(d, tenantId, channelId, conversations);
    if (open?.state === 'parked') return resume(d, open, message, at);
    if (open !== undefined) {
      return { changes: [customerAppend(message, open.id, at, receivingStates)], session: open, position: 0 };
    }
    const lifecycle = d.channels.lifecycle(channelId);
    if (lifecycle === undefined) throw notFound('channel');
    const last = (await d.sessions.sessionsOfConversations(tenantId, channelId, conversations, 1))[0];
    if (last !== undefined && last.closedAt !== null && at - last.closedAt <= lifecycle.reopenWithin) {
      return reopen(last, message, lifecycle, at);
    }
    return begin(d, message, lifecycle, last, at);
  }

  return receive;
}

function repeatOf(stored: StoredActivity): ReceivedMessage {
  return { stored, repeated: true, entered: true, began: false };
}
