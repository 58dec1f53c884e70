import type {
  Activity,
  Attachment,
  DeliveryView,
  MediaAddress,
  Participant,
  Receipt,
} from '../../adapters/contract/index.ts';
import { amendmentsOf } from './amendments.ts';

/** How far an own message has got. `waiting`: for the network. */
export type Delivery = 'waiting' | 'sending' | 'unconfirmed' | 'sent' | 'delivered' | 'read' | 'failed';

/** What the transcript shows, in order. */
export type TranscriptEntry = DateEntry | NoticeEntry | MessageEntry;

export interface DateEntry {
  kind: 'date';
  key: string;
  at: Date;
}

/** A line about the conversation itself: who joined, what happened. */
export interface NoticeEntry {
  kind: 'notice';
  key: string;
  at: Date;
  text: string;
}

export interface MessageEntry {
  kind: 'message';
  key: string;
  at: Date;
  from: Participant;
  /** Written by this reader's side: shown at the end of the line. */
  own: boolean;
  /** Only staff sees it. */
  note: boolean;
  text: string;
  attachments: readonly Pick<Attachment, 'contentType' | 'contentUrl' | 'name' | 'content'>[];
  /** Whether it begins, and ends, a run of messages by one sender. */
  first: boolean;
  last: boolean;
  /** Own messages only. */
  delivery?: Delivery;
  /** Why it failed, in words that may be shown. */
  failure?: string;
  /** Of one still on its way or failed. */
  clientId?: string;
  removed?: boolean;
  /** Its writer changed it afterwards. */
  edited?: boolean;
  reactions?: readonly { emoji: string; count: number }[];
  /** The message it answers, when it quotes one. */
  quote?: { from: Participant; text: string };
  /** Answers and buttons that were offered with it. */
  actions?: readonly string[];
  /** What a reader can do with it: drawn beside its time. */
  aside?: unknown;
}

/** A message that is not in the log yet. */
export interface PendingMessage {
  clientId: string;
  text?: string;
  attachments?: readonly {
    contentUrl?: string;
    name?: string;
    contentType?: string;
    content?: NonNullable<Attachment['content']>;
  }[];
  /** Titles of the answers offered with it. */
  actions?: readonly string[];
  /** Ms since the epoch. */
  at: number;
  delivery: 'waiting' | 'sending' | 'failed';
  failure?: string;
  /** Only for staff. */
  note?: boolean;
}

export interface TranscriptSource {
  activities: readonly Activity[];
  pending?: readonly PendingMessage[];
  receipts: Iterable<Receipt>;
  /** How messages got on with their platform, by seq; they count more than watermarks. */
  deliveries?: ReadonlyMap<number, DeliveryView>;
  /** Whose side this reader is on: their messages are `own`, the other side's watermarks count for them. */
  side: 'customer' | 'staff';
  self: Participant;
  /** Words for an event, or undefined when it is not shown. */
  notice(activity: Activity): string | undefined;
}

/** Messages of one sender this close together, in ms, stand as one run. */
const runLength = 5 * 60_000;

export function isOwn(from: Participant, side: TranscriptSource['side']): boolean {
  return side === 'customer' ? from.role === 'user' : from.role === 'agent' || from.role === 'bot';
}

/** From a log and what is on its way to what is shown. Pure. */
export function transcriptEntries(source: TranscriptSource): TranscriptEntry[] {
  const entries: TranscriptEntry[] = [];
  const mark = { delivered: 0, read: 0 };
  for (const receipt of source.receipts) {
    const otherSide = (receipt.participant.role === 'user') === (source.side === 'staff');
    if (!otherSide) continue;
    mark.read = Math.max(mark.read, receipt.read);
    mark.delivered = Math.max(mark.delivered, receipt.delivered, receipt.read);
  }
  const stored = new Set<string>();
  const amendments = amendmentsOf(source.activities);
  const quotable = new Map<string, Activity>();
  for (const activity of source.activities) {
    if (activity.clientId !== undefined) stored.add(activity.clientId);
    const at = new Date(activity.timestamp);
    if (activity.type !== 'message') {
      const text = source.notice(activity);
      if (text !== undefined) entries.push({ kind: 'notice', key: activity.id, at, text });
      continue;
    }
    const own = isOwn(activity.from, source.side);
    const note = activity.audience === 'staff';
    const amendment = amendments.get(activity.id);
    const quoted = activity.replyToId === undefined ? undefined : quotable.get(activity.replyToId);
    const actions = activity.suggestedActions?.actions;
    const delivery = source.deliveries?.get(activity.seq);
    quotable.set(activity.id, activity);
    entries.push({
      kind: 'message',
      // The key stays when a message on its way is stored, so that its element stays too.
      key: (own && activity.clientId) || activity.id,
      at,
      from: activity.from,
      own,
      note,
      text: amendment?.text ?? activity.text ?? '',
      attachments: activity.attachments ?? [],
      first: true,
      last: true,
      ...(own && !note && { delivery: progressOf(activity.seq, mark, delivery) }),
      ...(delivery?.reason !== undefined && { failure: delivery.reason.text }),
      ...((activity.redacted !== undefined || amendment?.removed) && { removed: true }),
      ...(amendment?.text !== undefined && { edited: true }),
      ...(amendment?.reactions?.length && { reactions: amendment.reactions }),
      ...(quoted !== undefined && {
        quote: { from: quoted.from, text: quoted.text ?? quoted.attachments?.[0]?.name ?? '' },
      }),
      ...(actions !== undefined && { actions: actions.map(({ title }) => title) }),
    });
  }
  for (const message of source.pending ?? []) {
    if (stored.has(message.clientId)) continue;
    entries.push({
      kind: 'message',
      key: message.clientId,
      at: new Date(message.at),
      from: source.self,
      own: true,
      note: message.note === true,
      text: message.text ?? '',
      attachments: (message.attachments ?? []).map((file) => ({ contentType: 'application/octet-stream', ...file })),
      first: true,
      last: true,
      delivery: message.delivery,
      clientId: message.clientId,
      ...(message.actions && { actions: message.actions }),
      ...(message.failure !== undefined && { failure: message.failure }),
    });
  }
  return withDates(withRuns(entries));
}

function progressOf(
  seq: number,
  mark: { delivered: number; read: number },
  platform: DeliveryView | undefined,
): Delivery {
  if (platform !== undefined) return platform.state === 'queued' ? 'waiting' : platform.state;
  return seq <= mark.read ? 'read' : seq <= mark.delivered ? 'delivered' : 'sent';
}

function withRuns(entries: TranscriptEntry[]): TranscriptEntry[] {
  entries.forEach((entry, index) => {
    const next = entries[index + 1];
    if (entry.kind !== 'message' || next?.kind !== 'message') return;
    const together =
      entry.from.id === next.from.id &&
      entry.own === next.own &&
      entry.note === next.note &&
      next.at.getTime() - entry.at.getTime() < runLength &&
      next.at.toDateString() === entry.at.toDateString();
    if (together) {
      entry.last = false;
      next.first = false;
    }
  });
  return entries;
}

function withDates(entries: TranscriptEntry[]): TranscriptEntry[] {
  const dated: TranscriptEntry[] = [];
  let day = '';
  for (const entry of entries) {
    const next = entry.at.toDateString();
    if (next !== day) dated.push({ kind: 'date', key: `date-${next}`, at: entry.at });
    day = next;
    dated.push(entry);
  }
  return dated;
}

/** Gives the address of `media:<id>` when it is known. Pass a new function when addresses changed. */
export type MediaLookup = (contentUrl: string) => MediaAddress | undefined;
