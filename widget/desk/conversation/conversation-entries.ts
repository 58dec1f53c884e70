import type { SessionView } from '../../client/desk-protocol.ts';
import { type PendingMessage, type TranscriptEntry, transcriptEntries } from '../../components/transcript-entries.ts';
import type { DeskState } from '../desk-store.ts';
import { notice } from '../notices.ts';
import type { OutgoingMessage } from '../outbox.ts';
import { customerName } from '../people.ts';

/** What a conversation shows: its log, then this agent's messages on their way. Pure but for the locale. */
export function conversationEntries(
  session: SessionView,
  state: DeskState,
  outbox: readonly OutgoingMessage[],
): TranscriptEntry[] {
  const log = state.logs.get(session.id);
  const { me } = state;
  const entries = transcriptEntries({
    activities: log?.activities ?? [],
    receipts: log?.receipts.values() ?? [],
    ...(log && { deliveries: log.deliveries }),
    pending: outbox.filter((message) => message.session === session.id).map((message) => pending(message, state)),
    side: 'staff',
    self: { id: me?.id ?? '', role: 'agent', ...(me && { name: me.name }) },
    notice: (activity) => notice(activity, me?.id),
  });
  const name = customerName(session.customer);
  for (const entry of entries) {
    // Visitors often have no name of their own in the log: the desk shows them as everywhere else.
    if (entry.kind === 'message' && entry.from.role === 'user') entry.from = { ...entry.from, name };
  }
  return entries;
}

function pending(message: OutgoingMessage, state: DeskState): PendingMessage {
  const waiting = state.connection === 'online' ? 'sending' : 'waiting';
  const entry: PendingMessage = {
    clientId: message.clientId,
    at: message.at + state.skew,
    delivery: message.refused === undefined ? waiting : 'failed',
    note: message.audience === 'staff',
  };
  if (message.text !== undefined) entry.text = message.text;
  if (message.attachments !== undefined) entry.attachments = message.attachments;
  if (message.refused !== undefined) entry.failure = message.refused;
  return entry;
}
