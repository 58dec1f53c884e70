import { type DeskFact, type DeskLink, DeskRequestError } from '../client/desk-link.ts';
import type { AgentStateName, Clock, DeskRequests, Loss, Template } from '../client/desk-protocol.ts';
import { createMediaAddresses, type MediaAddresses } from '../client/media-addresses.ts';
import { createUploads, type Uploads } from '../client/uploads.ts';
import { bodyOf, written } from './compose/body.ts';
import type { PreviewView } from './compose/preview-asker.ts';
import { createDeskStore, type DeskStore } from './desk-store.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { errorWords } from './error-words.ts';
import { createOutbox, type Outbox, type OutgoingMessage, type PageMemory } from './outbox.ts';

export interface DeskOptions {
  link: DeskLink;
  /** Origin of the Foyer server. */
  server: string;
  token(): Promise<string | undefined>;
  /** A REST request as the signed-in person. Rejects with what `errorWords` understands. */
  rest<T>(method: string, path: string, body?: unknown): Promise<T>;
  memory: PageMemory;
  clock: Clock;
  /** A new `clientId`. */
  newId(): string;
  /** The signed-in account's id: another person on the same browser finds nothing of this one's. */
  account: string;
  /** The server ended this sign-in. */
  revoked(reason: string): void;
  /** The server did not take the access token when connecting: it may only be stale. */
  refused(code: string): void;
  /** Ask the server, by another way than the link, whether this sign-in still holds: it ends when not. */
  check(): Promise<void>;
}

/** A working desk: the store, kept in step with the server, and what an agent can do. Requests reject with DeskRequestError. */
export interface Desk {
  readonly store: DeskStore;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly media: MediaAddresses;
  /** Files being uploaded for one session's next message. */
  uploads(session: string): Uploads;
  readonly selected: string | undefined;
  subscribe(listener: () => void): () => void;
  start(): void;
  stop(): void;
  select(session: string | undefined): void;
  accept(session: string): Promise<void>;
  decline(session: string): Promise<void>;
  setState(state: Exclude<AgentStateName, 'wrap-up'>, reason?: string): Promise<void>;
  transfer(session: string, target: { agent?: string; queue?: string; note?: string }): Promise<void>;
  close(session: string, reason: string): Promise<void>;
  /** Never lost: kept until acknowledged or refused, whatever the connection does. */
  send(
    session: string,
    message: Pick<OutgoingMessage, 'text' | 'attachments' | 'facts' | 'actions' | 'replyTo'> & { note: boolean },
  ): void;
  /** Why the channel refused the last message of a session, which stands in its draft again. */
  refusal(session: string): readonly Loss[] | undefined;
  /** What a message will become on its channel. */
  preview(session: string, body: object): Promise<PreviewView>;
  /** Messages the channel's platform approved beforehand. */
  templates(channel: string): Promise<Template[]>;
  retry(clientId: string): void;
  discard(clientId: string): void;
  typing(session: string, typing: boolean): void;
  /** The agent looks at the conversation up to `seq`. */
  read(session: string, seq: number): void;
}

const retryDelays = [1_000, 2_000, 5_000, 10_000];
/** A desk that is not connected asks so often whether it is still signed in, ms: a revocation must be seen within 5 s. */
const checkEvery = 2_000;
const pageSize = 200;
/** Bytes. */
const largestFile = 1_000_000_000;

export function createDesk(options: DeskOptions): Desk {
  const { link, clock, memory } = options;
  const store = createDeskStore();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const outbox = createOutbox(memory, `foyer-desk:${options.account}:outbox`, changed);
  const drafts = createDrafts(memory, `foyer-desk:${options.account}:draft:`);
  const selectedKey = `foyer-desk:${options.account}:selected`;
  const media = createMediaAddresses({
    clock,
    server: options.server,
    resolve: async (ids) => (await link.request('media:resolve', { ids })).media,
  });
  media.subscribe(changed);
  const uploads = new Map<string, Uploads>();
  const refusals = new Map<string, readonly Loss[]>();
  let selected = memory.getItem(selectedKey) ?? undefined;
  /** Counts connections: answers that belong to an earlier one are not believed. */
  let epoch = 0;
  const flushing = new Set<string>();
  const typingSent = new Map<string, number>();
  /** Watermarks the server has not confirmed: said again after a reconnection. */
  const readToSay = new Map<string, number>();
  let cancelGaps: (() => void) | undefined;
  let cancelTyping: (() => void) | undefined;
  let cancelCheck: (() => void) | undefined;
  let failures = 0;

  store.subscribe(() => {
    scheduleGaps();
    scheduleTypingEnd();
    changed();
  });

  async function resume(): Promise<void> {
    const mine = ++epoch;
    if (selected && !store.state.logs.has(selected)) store.openLog(selected);
    store.awaitSnapshot();
    try {
      const answer = await link.request('desk:resume', { sessions: store.cursors() });
      if (mine !== epoch) return;
      failures = 0;
      store.applySnapshot(answer.snapshot, answer.pages, clock.now());
      store.setConnection('online');
      media.refresh();
      settleSelection();
      for (const session of outbox.sessions()) void flush(session);
      for (const [session, seq] of readToSay) void sayRead(session, seq);
    } catch (error) {
      if (mine !== epoch) return;
      if (error instanceof DeskRequestError && !error.retryable && error.code.startsWith('ACCESS_')) {
        options.revoked(error.code);
        return;
      }
      const delay = retryDelays[Math.min(failures++, retryDelays.length - 1)] ?? 10_000;
      clock.after(delay, () => mine === epoch && void resume());
    }
  }

  /** The line may wait long before it is tried again, or hang in a try: what became of the sign-in is asked meanwhile. */
  function checkUntilOnline(): void {
    cancelCheck?.();
    cancelCheck = clock.after(checkEvery, () => {
      if (store.state.connection === 'online') return;
      void options.check();
      checkUntilOnline();
    });
  }

  function settleSelection(): void {
    if (selected && !store.state.sessions.has(selected) && !store.state.logs.get(selected)?.activities.length) {
      select(undefined);
    }
  }

  /** Facts can announce a session before its activity: wait a moment before reading what may be on its way. */
  function scheduleGaps(): void {
    if (cancelGaps || store.state.connection !== 'online') return;
    if (store.gaps().length === 0) return;
    cancelGaps = clock.after(120, () => void closeGaps());
  }

  async function closeGaps(): Promise<void> {
    const mine = epoch;
    let wait = 0;
    for (const { session, after } of store.gaps()) {
      if (mine !== epoch) break;
      try {
        const { ok: _, ...page } = await link.request('activities:read', { session, after, limit: pageSize });
        if (mine !== epoch) break;
        store.applyPage(session, page);
        // An answer that brings nothing new (an overtaken read) must not be asked again in a tight loop.
        if (store.state.logs.get(session)?.upto === after) wait = 2_000;
      } catch (error) {
        wait = 2_000;
        if (error instanceof DeskRequestError && error.code === 'SESSION_NOT_FOUND') {
          applyFact({ name: 'session:removed', payload: { session } });
        }
      }
    }
    if (wait === 0) {
      cancelGaps = undefined;
      scheduleGaps();
    } else {
      cancelGaps = clock.after(wait, () => {
        cancelGaps = undefined;
        scheduleGaps();
      });
    }
  }

  function scheduleTypingEnd(): void {
    if (cancelTyping || store.state.typing.size === 0) return;
    const next = Math.min(...[...store.state.typing.values()].map(({ until }) => until));
    cancelTyping = clock.after(Math.max(50, next - clock.now()), () => {
      cancelTyping = undefined;
      store.expireTyping(clock.now());
      scheduleTypingEnd();
    });
  }

  /** Send a session's messages one after another: the next only when the server has the one before. */
  async function flush(session: string): Promise<void> {
    if (flushing.has(session)) return;
    flushing.add(session);
    try {
      let attempt = 0;
      for (;;) {
        const message = outbox.next(session);
        if (!message || store.state.connection !== 'online') return;
        const done = await attemptSend(message);
        if (done === 'later') {
          const delay = retryDelays[Math.min(attempt++, retryDelays.length - 1)] ?? 10_000;
          await new Promise<void>((resolve) => clock.after(delay, resolve));
        } else attempt = 0;
      }
    } finally {
      flushing.delete(session);
    }
  }

  async function attemptSend(message: OutgoingMessage): Promise<'done' | 'later'> {
    const { session, clientId, audience } = message;
    const request: DeskRequests['message:send']['request'] = { session, clientId, audience, ...bodyOf(message) };
    try {
      const { activity, prev } = await link.request('message:send', request);
      store.applyOwn(session, { activity, prev });
      outbox.remove(clientId);
      return 'done';
    } catch (error) {
      if (error instanceof DeskRequestError && !error.retryable) {
        if (!takeBack(message, error)) outbox.refuse(clientId, errorWords(error));
        return 'done';
      }
      return 'later';
    }
  }

  /** Words that a channel refused stand where they were written, unless something else does already. */
  function takeBack(message: OutgoingMessage, { code, losses }: DeskRequestError): boolean {
    const { session, clientId, text = '', attachments, facts, actions, replyTo } = message;
    const draft = drafts.get(session);
    const refused = code === 'CHANNEL_REFUSES' && losses.length > 0;
    if (!refused || attachments !== undefined || facts !== undefined || draft.text !== '' || draft.note) return false;
    refusals.set(session, losses);
    drafts.set(session, { ...draft, text, replies: actions?.map(({ title }) => title), replyTo });
    outbox.remove(clientId);
    return true;
  }

  function applyFact(fact: DeskFact): void {
    if (fact.name === 'access:revoked') {
      options.revoked(fact.payload.reason);
      return;
    }
    if (fact.name === 'media:changed') media.update(fact.payload.media);
    store.applyFact(fact, clock.now());
    if (fact.name === 'activities:added') {
      for (const { activity } of fact.payload.items) {
        const { clientId, from } = activity;
        if (clientId && from.id === options.account) outbox.remove(clientId);
      }
    }
    if (fact.name === 'session:removed' && fact.payload.session === selected) select(undefined);
  }

  function select(session: string | undefined): void {
    selected = session;
    if (session === undefined) memory.removeItem(selectedKey);
    else {
      memory.setItem(selectedKey, session);
      if (!store.state.logs.has(session)) store.openLog(session);
    }
    changed();
  }

  async function sayRead(session: string, seq: number): Promise<void> {
    readToSay.set(session, seq);
    try {
      await link.request('receipt:send', { session, delivered: seq, read: seq });
    } catch (error) {
      if (error instanceof DeskRequestError && error.retryable) return;
    }
    if (readToSay.get(session) === seq) readToSay.delete(session);
  }

  function uploadsOf(session: string): Uploads {
    let found = uploads.get(session);
    if (!found) {
      found = createUploads({
        endpoint: new URL('/api/v1/media', options.server).href,
        token: options.token,
        clock,
        limits: () => limitsOf(session),
      });
      found.subscribe(changed);
      uploads.set(session, found);
    }
    return found;
  }

  function limitsOf(session: string): { maxBytes: number; types: readonly string[]; maxFiles: number } {
    const { sessions, channels } = store.state;
    const channel = channels.get(sessions.get(session)?.channel.id ?? '');
    // Of a channel that is not known the server says it.
    if (channel === undefined) return { maxBytes: largestFile, types: ['*'], maxFiles: 10 };
    const { max, maxBytes, types } = channel.capabilities.attachments;
    return { maxBytes, types, maxFiles: max };
  }

  async function setState(state: Exclude<AgentStateName, 'wrap-up'>, reason?: string): Promise<void> {
    await link.request('state:set', reason ? { state, reason } : { state });
  }

  return {
    store,
    outbox,
    drafts,
    media,
    uploads: uploadsOf,
    get selected() {
      return selected;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      link.start({
        opened: () => void resume(),
        closed: () => {
          epoch++;
          cancelGaps?.();
          cancelGaps = undefined;
          store.setConnection('reconnecting');
          checkUntilOnline();
        },
        refused: options.refused,
        fact: applyFact,
      });
      checkUntilOnline();
    },
    stop() {
      epoch++;
      cancelGaps?.();
      cancelTyping?.();
      cancelCheck?.();
      link.stop();
    },
    select,
    async accept(session) {
      const answer = await link.request('offer:accept', { session });
      store.dropOffer(session);
      store.applySession(answer.session);
      select(session);
    },
    async decline(session) {
      await link.request('offer:decline', { session });
      store.dropOffer(session);
    },
    setState,
    async transfer(session, target) {
      await link.request('session:transfer', { session, ...target });
    },
    async close(session, reason) {
      await link.request('session:close', { session, reason });
    },
    send(session, { note, ...said }) {
      const message: OutgoingMessage = {
        clientId: options.newId(),
        session,
        audience: note ? 'staff' : 'all',
        at: clock.now(),
        ...written(said),
      };
      refusals.delete(session);
      outbox.add(message);
      typingSent.delete(session);
      void flush(session);
    },
    retry(clientId) {
      const message = outbox.items.find((item) => item.clientId === clientId);
      outbox.retry(clientId);
      if (message) void flush(message.session);
    },
    discard: (clientId) => outbox.remove(clientId),
    refusal: (session) => refusals.get(session),
    preview: (session, body) => options.rest('POST', `/api/v1/sessions/${session}/preview`, body),
    templates: async (channel) =>
      (await options.rest<{ items: Template[] }>('GET', `/api/v1/channels/${channel}/templates`)).items,
    typing(session, typing) {
      const last = typingSent.get(session);
      if (typing && last !== undefined && clock.now() - last < 3_000) return;
      if (!typing && last === undefined) return;
      if (typing) typingSent.set(session, clock.now());
      else typingSent.delete(session);
      if (store.state.connection !== 'online') return;
      void link.request('typing:send', { session, typing }).catch(ignoreUnreachable);
    },
    read(session, seq) {
      if (seq <= (store.state.readUpTo.get(session) ?? 0) || store.state.connection !== 'online') return;
      store.markRead(session, seq);
      void sayRead(session, seq);
    },
  };
}

/** Typing is said again by what comes next; a refusal of it changes nothing shown. */
function ignoreUnreachable(error: unknown): void {
  if (!(error instanceof DeskRequestError)) throw error;
}
