import type { Activity, Clock, CustomerSession, PageContext } from '../../adapters/contract/index.ts';
import {
  type Handshake,
  limits,
  namespace,
  protocolVersion,
  type Refusal,
  type WidgetSettings,
} from '../../adapters/web/protocol.ts';
import { browserClock } from './browser-clock.ts';
import { createChanges } from './change.ts';
import { type Connection, type ConnectionState, createConnection, type Fact, RequestRefused } from './connection.ts';
import { createMediaAddresses, type MediaAddresses } from './media-addresses.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { pageContext } from './page-context.ts';
import { createPageStorage, type PageStorage, storagePrefix } from './page-storage.ts';
import { createReadMarks } from './read-marks.ts';
import { revokeToken } from './revoke.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';
import { createTabLock, type TabLock } from './tab-lock.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { createVisitorStore, type StoredVisitor } from './visitor-store.ts';

export interface CustomerClientOptions {
  /** Origin of the Foyer server. */
  server: string;
  channel: string;
  clock?: Clock;
  random?(): number;
  storage?: PageStorage;
  lock?: TabLock;
  page?(): PageContext | undefined;
  onMessage?(activity: Activity): void;
  onIdentityRefused?(error: Pick<Refusal['error'], 'code' | 'message'>): void;
}

/** One customer's side of a web channel: connection, sessions, outbox, uploads, media. Without any page elements. */
export interface CustomerClient {
  readonly connection: Pick<Connection, 'state' | 'refusal'>;
  readonly sessions: SessionStore;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly media: MediaAddresses;
  /** Known after the first hello. */
  readonly settings: WidgetSettings | undefined;
  readonly visitor: StoredVisitor | undefined;
  /** The session the next message goes to, or that is shown last; undefined before the first. */
  readonly current: CustomerSession | undefined;
  /** Messages of the company this visitor has not seen, on any tab. */
  readonly unread: number;
  /** The text not sent yet, kept over a reload. */
  draft: string;
  start(): void;
  stop(): void;
  /** Kept until the server has it, whatever the connection does. */
  send(text: string): void;
  typing(typing: boolean): void;
  /** The visitor sees the newest session's end. */
  seen(): void;
  close(sessionId: string): Promise<void>;
  rate(sessionId: string, score: number, comment?: string): Promise<void>;
  /** Read the whole log of the session before those that are shown; false when there is none. */
  earlier(): Promise<boolean>;
  /** Whether {@link earlier} has something to give. */
  readonly hasEarlier: boolean;
  /** Sign in with a token made by the company's server. */
  identify(token: string): void;
  /** Forget the visitor on this browser, and revoke the token. */
  logout(): Promise<void>;
  subscribe(listener: () => void): () => void;
}

/** Hints of one person writing are sent at most this often, ms. */
const typingEvery = 3_000;

export function createCustomerClient(options: CustomerClientOptions): CustomerClient {
  const clock = options.clock ?? browserClock;
  const random = options.random ?? Math.random;
  const storage = options.storage ?? createPageStorage();
  const prefix = storagePrefix(options.server, options.channel);
  const page = options.page ?? pageContext;
  const lock = options.lock ?? createTabLock(storage, clock, random().toString(36).slice(2));
  const address = new URL(namespace, options.server).href;
  const visitors = createVisitorStore(storage, prefix);
  const changes = createChanges();
  const endings: (() => void)[] = [];
  let settings: WidgetSettings | undefined;
  let identity: string | undefined;
  let sentPage: string | undefined;
  let typingSent = 0;
  let announced = false;
  let connectedAs: string | undefined;

  /** Many things change together; those who show them hear it once. */
  const changed = () => {
    if (announced) return;
    announced = true;
    queueMicrotask(() => {
      announced = false;
      noteForLoader();
      changes.announce();
    });
  };

  const connection = createConnection({
    address,
    clock,
    random,
    handshake() {
      const visitor = visitors.get();
      const context = page();
      sentPage = context?.url;
      return {
        version: protocolVersion,
        channel: options.channel,
        ...(visitor !== undefined && { token: visitor.token, cursor: sessions.cursor() }),
        ...(identity !== undefined && { identity }),
        ...(context !== undefined && { page: context }),
      };
    },
    onHello(hello) {
      const before = visitors.get();
      const { id, token, subject } = hello.visitor;
      if (before !== undefined && before.id !== id) forgetContent();
      connectedAs = id;
      visitors.set({ id, token, ...(subject !== undefined && { subject }) });
      settings = hello.settings;
      // The visitor's token now carries who they are; the company's own token would only grow old.
      identity = undefined;
      outbox.belongTo(id);
      sessions.applyHello(hello);
      media.refresh();
      marks.reset();
      clock.after(0, () => {
        marks.report();
        void outbox.flush();
      });
      changed();
    },
    onFact,
    onRefused(error) {
      if (error.code === 'CHANNEL_IDENTITY_INVALID' && identity !== undefined) {
        identity = undefined;
        options.onIdentityRefused?.(error);
        return 'retry';
      }
      if (error.code === 'CHANNEL_TOKEN_INVALID' && visitors.get() !== undefined) {
        forgetContent();
        visitors.clear();
        return 'retry';
      }
      return 'stop';
    },
  });

  const sessions = createSessionStore({
    clock,
    async read(session, after) {
      const { items, upto, receipts } = await connection.request('activities:read', { session, after });
      return { items, upto, receipts };
    },
    onActivity({ activity }) {
      if (activity.clientId !== undefined && activity.from.role === 'user') outbox.stored(activity.clientId);
      if (activity.type === 'message') options.onMessage?.(activity);
      clock.after(50, marks.report);
    },
  });

  const outbox = createOutbox({
    storage,
    prefix,
    lock,
    clock,
    random,
    ready: () => connection.state === 'connected',
    async send({ clientId, text, attachments }) {
      const context = page();
      const moved = context !== undefined && context.url !== sentPage;
      const sent = await connection.request('message:send', {
        clientId,
        ...(text !== undefined && { text }),
        ...(attachments !== undefined && { attachments: attachments.map(({ contentUrl }) => ({ contentUrl })) }),
        ...(moved && { page: context }),
      });
      if (moved) sentPage = context.url;
      sessions.applySent(sent);
    },
  });

  const media = createMediaAddresses({
    clock,
    server: options.server,
    resolve: async (ids) => (await connection.request('media:resolve', { ids })).media,
  });

  const uploads = createUploads({
    endpoint: new URL('/api/v1/media', options.server).href,
    token: () => visitors.get()?.token,
    clock,
    limits: () => ({
      maxBytes: settings?.maxUploadBytes ?? 0,
      types: settings?.uploadTypes ?? [],
      maxFiles: limits.attachments,
    }),
  });

  const marks = createReadMarks({ storage, key: `${prefix}read`, clock, sessions, connection });

  function onFact(fact: Exclude<Fact, { name: 'hello' }>): void {
    if (fact.name === 'ended') ended(fact.payload.reason);
    else if (fact.name === 'media:changed') media.update(fact.payload.media);
    else sessions.applyFact(fact);
    changed();
  }

  function ended(reason: 'logged-out' | 'signed-in' | 'channel-disabled' | 'shutting-down'): void {
    if (reason === 'logged-out') signedOut();
    // Another tab signed in; by now it has stored the token that replaces ours.
    if (reason === 'signed-in') clock.after(300, () => connection.restart());
    changed();
  }

  /** Here or in another tab. Whoever writes next is somebody new. */
  function signedOut(): void {
    connection.stop();
    forget();
  }

  /** What this browser shows and keeps of the visitor's conversations. */
  function forgetContent(): void {
    outbox.clear();
    uploads.clear();
    media.clear();
    sessions.clear();
    for (const name of ['draft', 'read', 'open']) storage.remove(prefix + name);
  }

  function forget(): void {
    forgetContent();
    visitors.clear();
    connectedAs = undefined;
    identity = undefined;
    changed();
  }

  /** The loader fetches the widget by itself only for a visitor with something going on. */
  function noteForLoader(): void {
    const busy = sessions.sessions.some(({ state }) => state !== 'closed') || outbox.list().length > 0;
    if (busy !== (storage.get(`${prefix}open`) === '1')) {
      if (busy) storage.set(`${prefix}open`, '1');
      else storage.remove(`${prefix}open`);
    }
  }

  const shown = () => sessions.sessions.filter(({ id }) => sessions.log(id) !== undefined);
  const previous = () => {
    const oldest = shown()[0];
    const index = sessions.sessions.findIndex(({ id }) => id === oldest?.id);
    return index > 0 ? sessions.sessions[index - 1] : undefined;
  };

  function foreignChange(key: string | undefined): void {
    if (key !== undefined && !key.startsWith(prefix)) return;
    const now = visitors.get();
    if (now === undefined && sessions.sessions.length > 0) signedOut();
    // Another tab is somebody else by now: so are we.
    else if (now !== undefined && connectedAs !== undefined && now.id !== connectedAs) connection.restart();
    changed();
  }

  return {
    connection: {
      get state(): ConnectionState {
        return connection.state;
      },
      get refusal() {
        return connection.refusal;
      },
    },
    sessions,
    outbox,
    uploads,
    media,
    get settings() {
      return settings;
    },
    get visitor() {
      return visitors.get();
    },
    get current() {
      return sessions.current;
    },
    get unread() {
      return marks.unread();
    },
    get draft() {
      return storage.get(`${prefix}draft`) ?? '';
    },
    set draft(text) {
      if (text === '') storage.remove(`${prefix}draft`);
      else storage.set(`${prefix}draft`, text);
    },
    start() {
      if (endings.length > 0) {
        connection.start();
        return;
      }
      const known = visitors.get();
      if (known !== undefined) outbox.belongTo(known.id);
      for (const part of [connection, sessions, outbox, uploads, media]) endings.push(part.subscribe(changed));
      endings.push(storage.onForeignChange(foreignChange));
      const moved = () => {
        const context = page();
        if (context === undefined || context.url === sentPage || connection.state !== 'connected') return;
        sentPage = context.url;
        connection.request('page:send', context).catch(() => {});
      };
      globalThis.addEventListener?.('popstate', moved);
      endings.push(() => globalThis.removeEventListener?.('popstate', moved));
      connection.start();
    },
    stop() {
      for (const end of endings.splice(0)) end();
      connection.stop();
    },
    send(text) {
      const files = uploads.list().filter(({ state }) => state === 'ready');
      const attachments = files.map(({ mediaId, name, contentType }) => ({
        contentUrl: `media:${mediaId}`,
        name,
        contentType,
      }));
      uploads.take();
      outbox.add({ ...(text !== '' && { text }), ...(attachments.length > 0 && { attachments }) });
      typingSent = 0;
      connection.start();
      void outbox.flush();
    },
    typing(typing) {
      const session = sessions.current;
      if (session === undefined || session.state === 'closed' || connection.state !== 'connected') return;
      if (typing && clock.now() - typingSent < typingEvery) return;
      typingSent = typing ? clock.now() : 0;
      connection.request('typing:send', { session: session.id, typing }).catch(() => {});
    },
    seen() {
      if (marks.seen()) changed();
    },
    async close(sessionId) {
      const { session } = await connection.request('session:close', { session: sessionId });
      sessions.applyFact({ name: 'session:changed', payload: session });
    },
    async rate(session, score, comment) {
      await connection.request('session:rate', { session, score, ...(comment !== undefined && { comment }) });
    },
    get hasEarlier() {
      return previous() !== undefined;
    },
    async earlier() {
      const session = previous();
      if (session === undefined) return false;
      await sessions.complete(session.id);
      return true;
    },
    identify(token) {
      identity = token;
      if (connection.state === 'connected') {
        connection.request('identity:send', { token }).then(
          ({ visitor }) => {
            if (visitor.id !== visitors.get()?.id) forgetContent();
            visitors.set({ ...visitor });
            outbox.belongTo(visitor.id);
            connection.restart();
          },
          (error: unknown) => {
            if (!(error instanceof RequestRefused)) return;
            identity = undefined;
            const { code, message } = error;
            options.onIdentityRefused?.({ code, message });
          },
        );
      } else connection.restart();
    },
    async logout() {
      const token = visitors.get()?.token;
      // On the line that stands, for the page may be left now; then on one of its own, for this line may be dead.
      connection.request('visitor:logout', {}).catch(() => {});
      connection.stop();
      forget();
      if (token === undefined) return;
      const handshake: Handshake = { version: protocolVersion, channel: options.channel, token };
      await revokeToken({ address, clock, random, handshake });
    },
    subscribe: changes.subscribe,
  };
}
