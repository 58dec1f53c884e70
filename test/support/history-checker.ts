import type { Activity } from '../../adapters/contract/index.ts';

/**
 * Compares everything that was sent, acknowledged and displayed with what the log says in the end.
 * Answers a list of contradictions; an empty list is a history as it must be.
 */
export interface HistoryChecker {
  sent(sender: string, clientId: string): void;
  acknowledged(clientId: string, sessionId: string, seq: number): void;
  /** A reader put an activity on its screen. */
  displayed(reader: string, activity: Activity): void;
  /** The log as staff read it at the end. */
  log(sessionId: string, activities: readonly Activity[]): void;
  /** Which sessions a reader must have shown whole, and whether it sees `staff` activities. */
  reads(reader: string, sessionId: string, staff: boolean): void;
  contradictions(): string[];
  counts(): { sent: number; acknowledged: number; displayed: number; stored: number };
}

export function createHistoryChecker(): HistoryChecker {
  const sends = new Map<string, string[]>();
  const acks = new Map<string, { sessionId: string; seq: number }[]>();
  const displays = new Map<string, Activity[]>();
  const logs = new Map<string, readonly Activity[]>();
  const readings: { reader: string; sessionId: string; staff: boolean }[] = [];

  const add = <K, V>(map: Map<K, V[]>, key: K, value: V) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };

  return {
    sent: (sender, clientId) => add(sends, sender, clientId),
    acknowledged: (clientId, sessionId, seq) => add(acks, clientId, { sessionId, seq }),
    displayed: (reader, activity) => add(displays, reader, activity),
    log: (sessionId, activities) => void logs.set(sessionId, activities),
    reads: (reader, sessionId, staff) => void readings.push({ reader, sessionId, staff }),
    counts: () => ({
      sent: sum([...sends.values()].map((list) => list.length)),
      acknowledged: acks.size,
      displayed: sum([...displays.values()].map((list) => list.length)),
      stored: sum([...logs.values()].map((list) => list.length)),
    }),
    contradictions() {
      return [
        ...gaps(logs),
        ...lostOrDoubled(acks, logs),
        ...neverStored(sends, logs),
        ...disordered(sends, logs),
        ...misshown(readings, displays, logs),
      ];
    },
  };
}

function* gaps(logs: Map<string, readonly Activity[]>): Generator<string> {
  for (const [session, activities] of logs) {
    for (const [index, { seq }] of activities.entries()) {
      if (seq !== index + 1) {
        yield `${session}: position ${index + 1} of the log holds seq ${seq}`;
        break;
      }
    }
  }
}

function* lostOrDoubled(
  acks: Map<string, { sessionId: string; seq: number }[]>,
  logs: Map<string, readonly Activity[]>,
): Generator<string> {
  const stored = places(logs);
  for (const [clientId, answers] of acks) {
    const found = stored.get(clientId) ?? [];
    if (found.length === 0) yield `${clientId} was acknowledged and is not in any log`;
    if (found.length > 1) yield `${clientId} is in the logs ${found.length} times`;
    for (const { sessionId, seq } of answers) {
      if (found.length === 1 && found[0] !== `${sessionId}/${seq}`) {
        yield `${clientId} was acknowledged as ${sessionId}/${seq} and lies at ${found[0]}`;
      }
    }
  }
}

function* neverStored(sends: Map<string, string[]>, logs: Map<string, readonly Activity[]>): Generator<string> {
  const stored = places(logs);
  for (const [sender, clientIds] of sends) {
    for (const clientId of clientIds) {
      const count = stored.get(clientId)?.length ?? 0;
      if (count !== 1) yield `${sender} sent ${clientId}, which is stored ${count} times`;
    }
  }
}

/** What one sender sent one after the other stands in the logs in that order. */
function* disordered(sends: Map<string, string[]>, logs: Map<string, readonly Activity[]>): Generator<string> {
  for (const [sender, clientIds] of sends) {
    const order = new Map(clientIds.map((clientId, index) => [clientId, index]));
    for (const [session, activities] of logs) {
      const own = activities.map(({ clientId }) => order.get(clientId ?? '')).filter((index) => index !== undefined);
      if (own.some((index, position) => position > 0 && index < (own[position - 1] ?? 0))) {
        yield `${session}: messages of ${sender} stand in another order than they were sent in`;
      }
    }
  }
}

function* misshown(
  readings: readonly { reader: string; sessionId: string; staff: boolean }[],
  displays: Map<string, Activity[]>,
  logs: Map<string, readonly Activity[]>,
): Generator<string> {
  for (const { reader, sessionId, staff } of readings) {
    const visible = (logs.get(sessionId) ?? []).filter(({ audience }) => staff || audience === 'all');
    const shown = (displays.get(reader) ?? []).filter(({ conversation }) => conversation.id === sessionId);
    const want = visible.map(({ seq }) => seq).join(',');
    const have = shown.map(({ seq }) => seq).join(',');
    if (want !== have) yield `${reader} shows ${sessionId} as ${have}; the log has ${want}`;
    for (const activity of shown) {
      const stored = visible.find(({ seq }) => seq === activity.seq);
      if (stored !== undefined && stored.text !== activity.text) yield `${reader} shows another text at ${activity.id}`;
    }
  }
}

function places(logs: Map<string, readonly Activity[]>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [session, activities] of logs) {
    for (const { clientId, seq } of activities) {
      if (clientId === undefined) continue;
      found.set(clientId, [...(found.get(clientId) ?? []), `${session}/${seq}`]);
    }
  }
  return found;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
