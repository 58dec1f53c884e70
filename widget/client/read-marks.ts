import type { Clock } from '../../adapters/contract/index.ts';
import type { Connection } from './connection.ts';
import type { PageStorage } from './page-storage.ts';
import type { SessionStore } from './session-store.ts';

/** How far this visitor has got in the newest session: received by this browser, and seen, on any tab. */
export interface ReadMarks {
  /** Messages of the company not seen yet. */
  unread(): number;
  /** The newest session's end is in sight. Answers whether anything changed. */
  seen(): boolean;
  /** Tell the server what it does not know yet. */
  report(): void;
  /** A new connection: the server may know less than was told. */
  reset(): void;
}

export function createReadMarks(options: {
  storage: PageStorage;
  /** Where the mark is kept, shared by the tabs. */
  key: string;
  clock: Clock;
  sessions: SessionStore;
  connection: Pick<Connection, 'state' | 'request'>;
}): ReadMarks {
  const { storage, key, sessions, connection } = options;
  let reported = { session: '', delivered: 0, read: 0 };

  function stored(session: string): number {
    try {
      const marks = JSON.parse(storage.get(key) ?? '{}') as Record<string, unknown>;
      const mark = Object.hasOwn(marks, session) ? marks[session] : 0;
      return typeof mark === 'number' ? mark : 0;
    } catch {
      return 0;
    }
  }

  function known(session: string): number {
    let mark = 0;
    for (const receipt of sessions.log(session)?.receipts.values() ?? []) {
      if (receipt.participant.role === 'user') mark = Math.max(mark, receipt.read);
    }
    return mark;
  }

  const newest = () => {
    const id = sessions.current?.id;
    const log = id === undefined ? undefined : sessions.log(id);
    return id === undefined || log === undefined ? undefined : { id, log };
  };

  function report(): void {
    const session = newest();
    if (session === undefined || connection.state !== 'connected') return;
    const before = reported.session === session.id ? reported : { session: session.id, delivered: 0, read: 0 };
    const delivered = session.log.upto;
    const read = stored(session.id);
    if (delivered <= before.delivered && read <= before.read) return;
    reported = { session: session.id, delivered, read };
    const marks = {
      ...(delivered > before.delivered && { delivered }),
      ...(read > Math.max(before.read, known(session.id)) && { read }),
    };
    if (Object.keys(marks).length === 0) return;
    // Told again with the next activity or connection.
    connection.request('receipt:send', { session: session.id, ...marks }).catch(() => reset());
  }

  function reset(): void {
    reported = { session: '', delivered: 0, read: 0 };
  }

  return {
    report,
    reset,
    unread() {
      const session = newest();
      if (session === undefined) return 0;
      const mark = Math.max(stored(session.id), known(session.id));
      return session.log.activities.filter(
        ({ type, from, seq }) => type === 'message' && from.role !== 'user' && seq > mark,
      ).length;
    },
    seen() {
      const session = newest();
      if (session === undefined || session.log.upto <= Math.max(stored(session.id), known(session.id))) return false;
      storage.set(key, JSON.stringify({ [session.id]: session.log.upto }));
      report();
      return true;
    },
  };
}
