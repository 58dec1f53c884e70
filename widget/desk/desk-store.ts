import type { DeskFact } from '../client/desk-link.ts';
import type {
  Activity,
  ActivityPage,
  AgentView,
  ChannelView,
  DeskSnapshot,
  OfferView,
  Participant,
  QueueView,
  Sequenced,
  SessionView,
} from '../client/desk-protocol.ts';
import { createSessionLog, type SessionLog } from '../client/session-log.ts';

export type ConnectionState = 'connecting' | 'online' | 'reconnecting';

/** What a desk knows. Replaced, never changed in place: comparing by identity tells what is new. */
export interface DeskState {
  connection: ConnectionState;
  /** Undefined until the first snapshot. */
  me: DeskSnapshot['me'] | undefined;
  version: number;
  /** Server time minus this page's time, in ms. */
  skew: number;
  queues: readonly QueueView[];
  agents: readonly AgentView[];
  offers: readonly OfferView[];
  sessions: ReadonlyMap<string, SessionView>;
  /** Channels whose settings are valid, by id. */
  channels: ReadonlyMap<string, ChannelView>;
  /** Logs of sessions that were opened on this page, or known whole; the map is replaced when one of them changed. */
  logs: ReadonlyMap<string, SessionLog>;
  /** Session id → who is typing in it, and until when that is believed (page time, ms). */
  typing: ReadonlyMap<string, { from: Participant; until: number }>;
  /** Session id → seq up to which this agent has read here, sooner than the server says. */
  readUpTo: ReadonlyMap<string, number>;
}

/** How long "is typing" is believed without being said again, in ms. */
export const typingLasts = 8_000;
const previewLength = 140;

const empty: DeskState = {
  connection: 'connecting',
  me: undefined,
  version: 0,
  skew: 0,
  queues: [],
  agents: [],
  offers: [],
  sessions: new Map(),
  channels: new Map(),
  logs: new Map(),
  typing: new Map(),
  readUpTo: new Map(),
};

/** The desk's whole state, without network, DOM or timers: facts in, state out, gaps asked for. */
export interface DeskStore {
  readonly state: DeskState;
  subscribe(listener: () => void): () => void;
  setConnection(connection: ConnectionState): void;
  /** A resume was asked for: facts wait until its answer, which may be older than they are. */
  awaitSnapshot(): void;
  /** The answer to the resume asked for last. `now` is page time. */
  applySnapshot(snapshot: DeskSnapshot, pages: Record<string, ActivityPage>, now: number): void;
  applyFact(fact: DeskFact, now: number): void;
  /** Start keeping a session's log: empty until a page arrives. */
  openLog(session: string): void;
  applyPage(session: string, page: ActivityPage): void;
  /** An activity of this desk's own, from its acknowledgement. */
  applyOwn(session: string, sequenced: Sequenced): void;
  applySession(view: SessionView): void;
  dropOffer(session: string): void;
  markRead(session: string, seq: number): void;
  expireTyping(now: number): void;
  /** For `desk:resume`: session id → seq up to which its log is complete. */
  cursors(): Record<string, number>;
  /** Sessions whose logs are known to lack something, with the seq to read after. */
  gaps(): { session: string; after: number }[];
  clear(): void;
}

export function createDeskStore(): DeskStore {
  let state = empty;
  let waiting: { fact: DeskFact; now: number }[] | undefined;
  /** Session id → seq its log must reach: something before it did not arrive. */
  const missing = new Map<string, number>();
  const listeners = new Set<() => void>();

  function update(change: Partial<DeskState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  function logsChanged(): void {
    update({ logs: new Map(state.logs) });
  }

  function readPage(session: string, page: ActivityPage): void {
    let log = state.logs.get(session);
    if (!log) {
      log = createSessionLog(session);
      state = { ...state, logs: new Map(state.logs).set(session, log) };
    }
    log.applyPage(page);
    if ((missing.get(session) ?? 0) <= log.upto) missing.delete(session);
    logsChanged();
  }

  function applySequenced(session: string, sequenced: Sequenced): void {
    const log = state.logs.get(session);
    if (log) {
      const { seq } = sequenced.activity;
      if (log.apply(sequenced) === 'gap') missing.set(session, Math.max(seq, missing.get(session) ?? 0));
      logsChanged();
    }
    const view = state.sessions.get(session);
    if (view) applySession(withActivity(view, sequenced.activity));
  }

  function applySession(view: SessionView): void {
    const known = state.sessions.get(view.id);
    if (known === view) return;
    // Facts from different nodes may overtake one another: an older view never replaces a newer one.
    if (known && known.lastSeq > view.lastSeq) return;
    update({ sessions: new Map(state.sessions).set(view.id, view) });
  }

  function applyNow({ name, payload }: DeskFact, now: number): void {
    switch (name) {
      case 'activities:added':
        for (const sequenced of payload.items) {
          const { activity } = sequenced;
          const session = activity.conversation.id;
          if (activity.type === 'message') stopTyping(session, activity.from.id);
          applySequenced(session, sequenced);
        }
        break;
      case 'receipt:advanced': {
        const log = state.logs.get(payload.sessionId);
        if (log?.applyReceipt(payload)) logsChanged();
        if (payload.participant.id === state.me?.id) markRead(payload.sessionId, payload.read);
        break;
      }
      case 'delivery:changed': {
        const log = state.logs.get(payload.session);
        log?.applyDelivery(payload.delivery);
        if (log) logsChanged();
        break;
      }
      case 'reach:changed': {
        const view = state.sessions.get(payload.session);
        if (view) update({ sessions: new Map(state.sessions).set(view.id, { ...view, reach: payload.reach }) });
        break;
      }
      case 'channels:changed':
        update({ channels: byId(payload.channels) });
        break;
      case 'typing:changed':
        if (payload.from.id === state.me?.id) break;
        if (payload.typing) {
          const typing = { from: payload.from, until: now + typingLasts };
          update({ typing: new Map(state.typing).set(payload.session, typing) });
        } else stopTyping(payload.session, payload.from.id);
        break;
      case 'session:changed':
        applySession(payload);
        break;
      case 'session:removed': {
        const sessions = new Map(state.sessions);
        const logs = new Map(state.logs);
        sessions.delete(payload.session);
        logs.delete(payload.session);
        missing.delete(payload.session);
        update({ sessions, logs });
        break;
      }
      case 'offer:made':
        update({ offers: [...state.offers.filter((offer) => offer.sessionId !== payload.sessionId), payload] });
        break;
      case 'offer:ended':
        update({ offers: state.offers.filter((offer) => offer.id !== payload.offer) });
        break;
      case 'agent:changed':
        if (payload.id === state.me?.id) update({ me: { ...state.me, ...payload } });
        update({ agents: replaced(state.agents, payload, false) });
        break;
      case 'queue:changed':
        update({ queues: replaced(state.queues, payload, true) });
        break;
      case 'media:changed':
      case 'access:revoked':
        // Not the store's: media addresses and sign-in have their own keepers.
        break;
    }
  }

  function stopTyping(session: string, participant: string): void {
    if (state.typing.get(session)?.from.id !== participant) return;
    const typing = new Map(state.typing);
    typing.delete(session);
    update({ typing });
  }

  function markRead(session: string, seq: number): void {
    if (seq <= (state.readUpTo.get(session) ?? 0)) return;
    update({ readUpTo: new Map(state.readUpTo).set(session, seq) });
  }

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setConnection(connection) {
      // Versions count within one connection: a restarted server may begin anew.
      if (connection !== state.connection) update({ connection, version: 0 });
      if (connection !== 'online') waiting = undefined;
    },
    awaitSnapshot() {
      waiting = [];
    },
    applySnapshot(snapshot, pages, now) {
      const behind = waiting ?? [];
      waiting = undefined;
      for (const [session, page] of Object.entries(pages)) {
        // Of a session it knows nothing of, a desk is given the newest part: kept only when that is all of it.
        const whole = (page.items[0]?.prev ?? 0) === 0;
        if (whole || state.logs.has(session)) readPage(session, page);
      }
      if (snapshot.version < state.version) {
        for (const { fact, now: then } of behind) applyNow(fact, then);
        return;
      }
      const sessions = new Map(snapshot.sessions.map((view) => [view.id, view]));
      // A log whose session is no longer this desk's to see is not kept.
      const logs = new Map([...state.logs].filter(([id]) => sessions.has(id) || pages[id] !== undefined));
      update({
        me: snapshot.me,
        version: snapshot.version,
        skew: Date.parse(snapshot.now) - now,
        queues: snapshot.queues,
        agents: snapshot.agents,
        offers: snapshot.offers,
        sessions,
        channels: byId(snapshot.channels),
        logs,
      });
      for (const { fact, now: then } of behind) applyNow(fact, then);
    },
    applyFact(fact, now) {
      if (waiting) waiting.push({ fact, now });
      else applyNow(fact, now);
    },
    openLog(session) {
      if (!state.logs.has(session)) update({ logs: new Map(state.logs).set(session, createSessionLog(session)) });
    },
    applyPage: readPage,
    applyOwn: applySequenced,
    applySession,
    dropOffer(session) {
      update({ offers: state.offers.filter((offer) => offer.sessionId !== session) });
    },
    markRead,
    expireTyping(now) {
      const typing = new Map([...state.typing].filter(([, entry]) => entry.until > now));
      if (typing.size !== state.typing.size) update({ typing });
    },
    cursors: () => Object.fromEntries([...state.logs].map(([session, log]) => [session, log.upto])),
    gaps() {
      const found: { session: string; after: number }[] = [];
      for (const [session, log] of state.logs) {
        const view = state.sessions.get(session);
        if (log.upto < Math.max(missing.get(session) ?? 0, view?.lastSeq ?? 0))
          found.push({ session, after: log.upto });
      }
      return found;
    },
    clear() {
      waiting = undefined;
      missing.clear();
      update({ ...empty });
    },
  };
}

/** Messages of the customer that this agent has not read yet. */
export function unreadOf(state: DeskState, view: SessionView): number {
  const read = state.readUpTo.get(view.id) ?? 0;
  if (view.lastSeq <= read) return 0;
  const log = state.logs.get(view.id);
  if (read === 0 || !log) return view.unread;
  return log.activities.filter(({ seq, type, from }) => seq > read && type === 'message' && from.role === 'user')
    .length;
}

/** A session's view as a new activity leaves it, until the server's own view arrives. */
function withActivity(view: SessionView, activity: Activity): SessionView {
  if (activity.seq <= view.lastSeq) return view;
  const next: SessionView = { ...view, lastSeq: activity.seq };
  if (activity.type !== 'message') return next;
  const [first] = activity.attachments ?? [];
  const said = (first?.content ?? {}) as { text?: string };
  const text = activity.text ?? first?.name ?? said.text ?? '';
  next.preview = { text: [...text].slice(0, previewLength).join(''), from: activity.from, at: activity.timestamp };
  if (activity.audience !== 'all') return next;
  if (activity.from.role === 'user') {
    next.unread = view.unread + 1;
    next.waitingSince = view.waitingSince ?? activity.timestamp;
  } else delete next.waitingSince;
  return next;
}

const byId = <T extends { id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((one) => [one.id, one]));

function replaced<T extends { id: string }>(list: readonly T[], item: T, add: boolean): readonly T[] {
  if (list.some(({ id }) => id === item.id)) return list.map((old) => (old.id === item.id ? item : old));
  return add ? [...list, item] : list;
}
