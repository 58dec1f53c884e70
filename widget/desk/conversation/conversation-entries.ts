import { html } from 'lit';
import type { SessionView } from '../../client/desk-protocol.ts';
import { type PendingMessage, type TranscriptEntry, transcriptEntries } from '../../components/transcript-entries.ts';
import '../quote-button/index.ts';
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
  const channel = state.channels.get(session.channel.id);
  const quotes = session.may.write && channel?.sends === true && channel.capabilities.quotes?.out === true;
  // A platform quotes what it knows by an id of its own.
  const quotable = new Set(log?.activities.filter(({ externalId }) => externalId !== undefined).map(({ id }) => id));
  for (const entry of entries) {
    // Visitors often have no name of their own in the log: the desk shows them as everywhere else.
    if (entry.kind !== 'message' || entry.from.role !== 'user') continue;
    entry.from = { ...entry.from, name };
    if (quotes && quotable.has(entry.key))
      entry.aside = html`<foyer-quote-button message=${entry.key}></foyer-quote-button>`;
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
  const attachments = [...(message.attachments ?? []), ...(message.facts ?? [])];
  if (attachments.length > 0) entry.attachments = attachments;
  if (message.actions !== undefined) entry.actions = message.actions.map(({ title }) => title);
  if (message.refused !== undefined) entry.failure = message.refused;
  return entry;
}
