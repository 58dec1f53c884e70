import { FoyerError } from '../errors.ts';
import { announceActivities } from './announce.ts';
import { contended, mostAttempts, throwIfFinal } from './attempts.ts';
import type { Change } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { KnownSessions } from './known-sessions.ts';
import { openSessionOf } from './lookup.ts';
import { customerAppend } from './message-change.ts';
import type { CustomerMessage, ReceivedMessage } from './messages.ts';
import { openStates } from './session.ts';

/** Store what goes along with a conversation but is no reason to open one, nor to wake a parked session. */
export function createAdd(
  d: Pick<SessionDependencies, 'unitOfWork' | 'sessions' | 'signals' | 'clock'>,
  known: KnownSessions,
): (message: CustomerMessage) => Promise<ReceivedMessage | undefined> {
  return async function add(message) {
    const { tenantId, conversations } = message;
    const channelId = message.channel.id;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const session =
        known.find(channelId, conversations) ?? (await openSessionOf(d, tenantId, channelId, conversations));
      if (session === undefined) return undefined;
      const { id, conversation } = session;
      const changes: Change[] = [customerAppend(message, id, d.clock.now(), openStates)];
      if (message.media !== undefined) changes.push(...message.media.changes(id));
      if (message.changes !== undefined) changes.push(...message.changes(id));
      const result = await d.unitOfWork.commit(changes);
      if (result.outcome === 'repeated') return { stored: result.stored, repeated: true, entered: false, began: false };
      if (result.outcome === 'applied') {
        const stored = result.appended[0];
        if (stored === undefined) throw new FoyerError('INTERNAL', 'The store answered without the activity.');
        announceActivities(d.signals, { channelId, conversation }, result.appended);
        return { stored, repeated: false, entered: false, began: false };
      }
      throwIfFinal(result.refusal);
      known.forget(channelId, conversation);
    }
    throw contended();
  };
}
