import { FoyerError, notFound } from '../errors.ts';
import { announceActivities } from './announce.ts';
import { contended, mostAttempts, throwIfFinal } from './attempts.ts';
import type { AppendActivity, Change } from './changes.ts';
import { checkText, noteLimit } from './check-text.ts';
import type { SessionDependencies } from './dependencies.ts';
import { messageDraft } from './message-change.ts';
import type { StaffMessage, StoredMessage } from './messages.ts';
import type { Session } from './session.ts';
import { armTimer } from './timer-changes.ts';

/** States in which the agent who has a session may write to its customer. */
const answeringStates = ['active', 'parked'] as const;

/** Store a message of the company's people. Who has the session is decided in the commit. */
export function createSend(d: SessionDependencies): (message: StaffMessage) => Promise<StoredMessage> {
  return async function send(message) {
    let session = message.session;
    checkContent(d, message);
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const entry = await outgoing(d, session, message);
      if (entry !== undefined && 'stored' in entry) return entry;
      const at = d.clock.now();
      const append = staffAppend(message, at);
      const changes: Change[] = entry === undefined ? [append] : [append, ...entry.changes(at)];
      if (message.media !== undefined) changes.push(...message.media.changes(session.id));
      const dueAt = message.audience === 'all' ? armAfterAnswer(d, changes, session, at) : undefined;
      const result = await d.unitOfWork.commit(changes);
      if (result.outcome === 'repeated') return { stored: result.stored, repeated: true };
      if (result.outcome === 'applied') {
        const stored = result.appended[0];
        if (stored === undefined) throw new FoyerError('INTERNAL', 'The store answered without the activity.');
        const own = { activityId: stored.activity.id, connectionId: message.connectionId };
        announceActivities(d.signals, session, result.appended, own);
        if (dueAt !== undefined) d.timers.wake(dueAt);
        if (entry !== undefined) {
          const { channelId, conversation } = session;
          d.signals.publish({ kind: 'outbox', channelId, conversation });
        }
        return { stored, repeated: false };
      }
      throwIfFinal(result.refusal);
      const now = await d.sessions.session(session.tenantId, session.id);
      if (now === undefined) throw notFound('session');
      throwIfNotAnswering(now, message);
      session = now;
    }
    throw contended();
  };
}

/** What the message's platform needs in the same commit. What was stored before its channel ceased to take it is a repeat. */
async function outgoing(
  d: SessionDependencies,
  session: Session,
  message: StaffMessage,
): Promise<{ changes(at: number): readonly Change[] } | StoredMessage | undefined> {
  if (message.audience === 'staff') return undefined;
  const { content, media, from } = message;
  const entry = d.outgoing?.entry(
    session,
    media === undefined ? content : { ...content, attachments: media.attachments },
    from,
  );
  if (entry === undefined) return undefined;
  try {
    return { changes: await entry };
  } catch (error) {
    const stored = await d.sessions.activityByKey(keyScopeOf(message), message.clientId);
    if (stored === undefined) throw error;
    return { stored, repeated: true };
  }
}

/** Before anything is stored: what the channel cannot carry, and quotes of other conversations. */
function checkContent(d: SessionDependencies, { session, audience, content }: StaffMessage): void {
  const limit = audience === 'staff' ? noteLimit : d.channels.textLimit(session.channelId);
  if (limit !== undefined) checkText(content.text ?? '', limit);
  if (content.replyToId !== undefined && !content.replyToId.startsWith(`${session.id}.`)) {
    throw new FoyerError('REQUEST_INVALID', 'replyToId: name an activity of this session.');
  }
}

const keyScopeOf = ({ accountId }: StaffMessage) => `account:${accountId}`;

function staffAppend(message: StaffMessage, at: number): AppendActivity {
  const { session, accountId, audience } = message;
  const activity = messageDraft(message.from, audience, message.content, message.media);
  activity.clientId = message.clientId;
  const append: AppendActivity = {
    kind: 'append',
    tenantId: session.tenantId,
    sessionId: session.id,
    at,
    activity,
    keyScope: keyScopeOf(message),
  };
  if (audience === 'all') {
    append.states = answeringStates;
    append.agentId = accountId;
  }
  return append;
}

/** After the append, which holds the session: a timer that just fired is then removed before or after, never between. */
function armAfterAnswer(d: SessionDependencies, changes: Change[], session: Session, at: number): number | undefined {
  const lifecycle = d.channels.lifecycle(session.channelId);
  if (lifecycle === undefined) return undefined;
  const { parkAfter, closeAfter } = lifecycle;
  if (parkAfter !== null) changes.push(armTimer('session:park', session, at + parkAfter));
  if (closeAfter !== null) changes.push(armTimer('session:inactive', session, at + closeAfter));
  if (parkAfter === null && closeAfter === null) return undefined;
  return at + Math.min(parkAfter ?? Number.POSITIVE_INFINITY, closeAfter ?? Number.POSITIVE_INFINITY);
}

/** Why an agent's message was refused, in the order a person would ask. */
function throwIfNotAnswering(session: Session, message: StaffMessage): void {
  if (message.audience === 'staff') return;
  if (session.state === 'closed') throw new FoyerError('SESSION_CLOSED', 'This session is closed.');
  if (session.agentId !== message.accountId) {
    throw new FoyerError('SESSION_NOT_YOURS', 'Only the agent who has this session can write to the customer.');
  }
  if (session.state !== 'active' && session.state !== 'parked') {
    throw new FoyerError('SESSION_CHANGED', 'This session is not with you at the moment. Look at it again.');
  }
}
