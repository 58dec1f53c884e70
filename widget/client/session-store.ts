import type {
  ActivityPage,
  Clock,
  Cursor,
  CustomerSession,
  Participant,
  Sequenced,
} from '../../adapters/contract/index.ts';
import type { Hello, MessageSent } from '../../adapters/web/protocol.ts';
import { createChanges } from './change.ts';
import type { Fact } from './connection.ts';
import { createSessionLog, type SessionLog } from './session-log.ts';

/** What a customer's page knows of its sessions. Sockets hint; what does not fit is read from the log. */
export interface SessionStore {
  /** Oldest first. */
  readonly sessions: readonly CustomerSession[];
  /** The newest session. */
  readonly current: CustomerSession | undefined;
  log(sessionId: string): SessionLog | undefined;
  /** Who writes just now. */
  typing(sessionId: string): readonly Participant[];
  /** What to ask for at the next connection. */
  cursor(): Cursor;
  applyHello(hello: Pick<Hello, 'sessions' | 'pages'>): void;
  applyFact(fact: Fact): void;
  applySent(sent: Pick<MessageSent, 'activity' | 'prev' | 'session'>): void;
  /** Read a session's log up to its end. Rejects when it cannot be read now. */
  complete(sessionId: string): Promise<void>;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

export interface SessionStoreOptions {
  clock: Clock;
  /** One page of a session's log after `after`. */
  read(sessionId: string, after: number): Promise<ActivityPage>;
  /** An activity came that was not there before. */
  onActivity?(sequenced: Sequenced): void;
}

/** Someone who has not been heard for this long has stopped writing, ms. */
const typingEnds = 8_000;
/** After a failed read, ms. */
const readAgainAfter = 2_000;
/** Sessions named in a cursor. */
const cursorSize = 20;

export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const { clock } = options;
  const changes = createChanges();
  let sessions: CustomerSession[] = [];
  const logs = new Map<string, SessionLog>();
  const writers = new Map<string, Map<string, { who: Participant; end: () => void }>>();
  const reading = new Map<string, Promise<void>>();
  let generation = 0;

  function logOf(sessionId: string): SessionLog {
    const found = logs.get(sessionId) ?? createSessionLog(sessionId);
    logs.set(sessionId, found);
    return found;
  }

  function put(session: CustomerSession): void {
    const index = sessions.findIndex(({ id }) => id === session.id);
    const known = sessions[index];
    const lastSeq = Math.max(session.lastSeq, known?.lastSeq ?? 0);
    if (index < 0) sessions = [...sessions, { ...session, lastSeq }];
    else sessions = sessions.map((old) => (old.id === session.id ? { ...session, lastSeq } : old));
  }

  function take(sequenced: Sequenced): void {
    const sessionId = sequenced.activity.conversation.id;
    const outcome = logOf(sessionId).apply(sequenced);
    if (outcome === 'applied') options.onActivity?.(sequenced);
    if (outcome === 'gap') readInTheBackground(sessionId);
    if (outcome !== 'known') stopTyping(sessionId, sequenced.activity.from.id);
  }

  function takePage(sessionId: string, page: ActivityPage): boolean {
    const log = logOf(sessionId);
    const before = log.activities.length;
    const changed = log.applyPage(page);
    for (const activity of log.activities.slice(before)) options.onActivity?.({ activity, prev: 0 });
    return changed;
  }

  /** Read until the end; one reader for each session at a time. */
  function complete(sessionId: string): Promise<void> {
    const running = reading.get(sessionId);
    if (running !== undefined) return running;
    const started = generation;
    const run = (async () => {
      for (;;) {
        const { upto } = logOf(sessionId);
        const page = await options.read(sessionId, upto);
        if (started !== generation) return;
        takePage(sessionId, page);
        changes.announce();
        if (page.items.length === 0 || logOf(sessionId).upto === upto || !behind(sessionId)) return;
      }
    })().finally(() => {
      if (started === generation) reading.delete(sessionId);
    });
    reading.set(sessionId, run);
    return run;
  }

  const behind = (sessionId: string) =>
    logOf(sessionId).upto < (sessions.find(({ id }) => id === sessionId)?.lastSeq ?? 0);

  function readInTheBackground(sessionId: string): void {
    const started = generation;
    complete(sessionId).then(
      () => {
        // A hint that came during the read may have been left out of it.
        if (started === generation && behind(sessionId)) clock.after(readAgainAfter, () => again(sessionId, started));
      },
      () => void clock.after(readAgainAfter, () => again(sessionId, started)),
    );
  }

  function again(sessionId: string, started: number): void {
    if (started === generation && behind(sessionId)) readInTheBackground(sessionId);
  }

  function startTyping(sessionId: string, who: Participant): void {
    const present = writers.get(sessionId) ?? new Map();
    writers.set(sessionId, present);
    present.get(who.id)?.end();
    const end = clock.after(typingEnds, () => {
      stopTyping(sessionId, who.id);
      changes.announce();
    });
    present.set(who.id, { who, end });
  }

  function stopTyping(sessionId: string, who: string): void {
    writers.get(sessionId)?.get(who)?.end();
    writers.get(sessionId)?.delete(who);
  }

  function clear(): void {
    generation += 1;
    sessions = [];
    logs.clear();
    writers.clear();
    reading.clear();
  }

  return {
    subscribe: changes.subscribe,
    complete,
    get sessions() {
      return sessions;
    },
    get current() {
      return sessions[sessions.length - 1];
    },
    log: (sessionId) => logs.get(sessionId),
    typing: (sessionId) => [...(writers.get(sessionId)?.values() ?? [])].map(({ who }) => who),
    cursor() {
      const named = [...logs.values()].filter(({ upto }) => upto > 0).slice(-cursorSize);
      return Object.fromEntries(named.map(({ sessionId, upto }) => [sessionId, upto]));
    },
    applyHello({ sessions: told, pages }) {
      // Reads of the connection before are dead; what they were for is looked at again below.
      generation += 1;
      reading.clear();
      writers.clear();
      const own = new Set(told.map(({ id }) => id));
      for (const id of [...logs.keys()]) if (!own.has(id) && pages[id] === undefined) logs.delete(id);
      sessions = sessions.filter(({ id }) => own.has(id));
      for (const session of told) put(session);
      sessions.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
      for (const [sessionId, page] of Object.entries(pages)) {
        if (own.has(sessionId)) takePage(sessionId, page);
      }
      for (const { id } of sessions) if (logs.has(id) && behind(id)) readInTheBackground(id);
      changes.announce();
    },
    applyFact(fact) {
      switch (fact.name) {
        case 'activity:added':
          take(fact.payload);
          break;
        case 'receipt:advanced':
          logOf(fact.payload.sessionId).applyReceipt(fact.payload);
          break;
        case 'typing:changed': {
          const { session, from, typing } = fact.payload;
          if (typing) startTyping(session, from);
          else stopTyping(session, from.id);
          break;
        }
        case 'session:changed':
          put(fact.payload);
          if (behind(fact.payload.id)) clock.after(500, () => again(fact.payload.id, generation));
          break;
        default:
          return;
      }
      changes.announce();
    },
    applySent({ activity, prev, session }) {
      if (session !== undefined) put(session);
      take({ activity, prev });
      changes.announce();
    },
    clear() {
      clear();
      changes.announce();
    },
  };
}
