import type { CustomerClient } from '../client/customer-client.ts';
import type { Activity } from '../client/customer-protocol.ts';
import { type PendingMessage, type TranscriptEntry, transcriptEntries } from '../components/transcript-entries.ts';
import { text } from '../locales/customer/text.ts';
import { noticeOf } from './notices.ts';

/** All shown sessions as one transcript, oldest first, with what is on its way at the end. */
export function conversationEntries(client: CustomerClient): TranscriptEntry[] {
  const { sessions, outbox, connection, visitor } = client;
  const logs = sessions.sessions.flatMap(({ id }) => sessions.log(id) ?? []);
  const connected = connection.state === 'connected';
  const pending = outbox.list().map((message): PendingMessage => {
    const { clientId, at, attachments, failure } = message;
    return {
      clientId,
      at,
      delivery: failure !== undefined ? 'failed' : connected ? 'sending' : 'waiting',
      ...(message.text !== undefined && { text: message.text }),
      ...(attachments !== undefined && { attachments }),
      ...(failure !== undefined && { failure: failure.message }),
    };
  });
  const self = { id: visitor?.id ?? 'visitor', role: 'user' as const };
  const last = logs.length - 1;
  const entries = logs.flatMap((log, index) =>
    transcriptEntries({
      activities: log.activities,
      receipts: log.receipts.values(),
      side: 'customer',
      self,
      notice: noticeOf,
      ...(index === last && { pending }),
    }),
  );
  if (last < 0)
    return transcriptEntries({ activities: [], receipts: [], pending, side: 'customer', self, notice: noticeOf });
  return entries.filter((entry, index) => entry.kind !== 'date' || isFirstOfDay(entries, index));
}

const isFirstOfDay = (entries: readonly TranscriptEntry[], index: number): boolean =>
  entries.findIndex(({ key }) => key === entries[index]?.key) === index;

/** Under the name in the header: what is going on. */
export function statusLine(client: CustomerClient): string {
  const session = client.current;
  if (session === undefined) return text('status.welcome');
  if (session.state === 'closed') return text('status.closed');
  if (session.agent !== undefined) return text('status.active');
  if (session.position === 1) return text('status.next');
  if (session.position !== undefined) return text('status.position', { position: session.position });
  return text('status.waiting');
}

/** A line over the transcript while the connection is not as it should be. */
export function connectionLine(client: CustomerClient): string | undefined {
  const { state, refusal } = client.connection;
  if (state === 'connected' || state === 'idle') return undefined;
  if (state === 'refused') return refusal?.message || text('connection.refused');
  return text(`connection.${state}`);
}

/** The rating given to the newest session, if any. */
export function isRated(client: CustomerClient): boolean {
  const id = client.current?.id;
  const rated = (activity: Activity) => activity.name === 'session:rated';
  return id !== undefined && (client.sessions.log(id)?.activities.some(rated) ?? false);
}

/** Whether someone of the company ever answered in the newest session: only then a rating makes sense. */
export function wasServed(client: CustomerClient): boolean {
  const id = client.current?.id;
  const served = (activity: Activity) => activity.type === 'message' && activity.from.role === 'agent';
  return id !== undefined && (client.sessions.log(id)?.activities.some(served) ?? false);
}
