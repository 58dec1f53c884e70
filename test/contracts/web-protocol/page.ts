import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type {
  FactName,
  Facts,
  Handshake,
  Hello,
  Refusal,
  RequestName,
  Requests,
} from '../../../adapters/web/protocol.ts';

/** The server a client of the protocol is tried against, or the other way round. */
export interface ServerUnderTest {
  readonly url: string;
  /** A channel that admits `origin` only, and takes identities signed with `secret` (HS256). */
  readonly channel: string;
  readonly origin: string;
  readonly secret: string;
  /** Another channel of the same server that admits `origin`. */
  readonly otherChannel: string;
  /** An agent takes the waiting session, if nobody has it, and writes in it. */
  answer(session: string, text: string): Promise<void>;
  /** An agent writes a note that customers must not see. */
  note(session: string, text: string): Promise<void>;
}

/** A refused handshake, as the wire told it. */
export class ConnectRefused extends Error {
  readonly code: string | undefined;
  constructor(message: string, data: Partial<Refusal> | undefined) {
    super(message);
    this.code = data?.error?.code;
  }
}

type Answer<Name extends RequestName> = Requests[Name]['answer'] | Refusal;

type Sent = Requests['message:send']['answer'];
export type Said = Sent & Required<Pick<Sent, 'session'>>;

/** A customer's page, by hand: every fact it was told, nothing applied. */
export interface Page {
  readonly hello: Hello;
  readonly facts: { name: FactName; payload: unknown }[];
  readonly socket: Socket;
  ask<Name extends RequestName>(name: Name, request: Requests[Name]['request']): Promise<Answer<Name>>;
  /** As `ask`, for what no client should send. */
  askAnything(name: string, ...args: unknown[]): Promise<Answer<RequestName>>;
  /** Send a text and expect it stored. A session that the answer leaves out must be one this page was told of. */
  say(text: string, clientId?: string): Promise<Said>;
  /** The first fact of this name, past or coming, that `wanted` accepts. */
  fact<Name extends FactName>(name: Name, wanted?: (payload: Facts[Name]) => boolean): Promise<Facts[Name]>;
  /** Resolves when the connection is gone. */
  gone(): Promise<void>;
  close(): void;
}

export interface PageOptions {
  channel?: string;
  origin?: string | null;
  token?: string;
  identity?: string;
  cursor?: Record<string, number>;
  /** Instead of a proper handshake. */
  auth?: unknown;
}

const patience = 8_000;

/** Open a page; rejects with {@link ConnectRefused} when the handshake is refused. */
export function openPage(server: ServerUnderTest, options: PageOptions = {}): Promise<Page> {
  const { channel = server.channel, origin = server.origin, token, identity, cursor } = options;
  const handshake: Handshake = { version: 1, channel };
  if (token !== undefined) handshake.token = token;
  if (identity !== undefined) handshake.identity = identity;
  if (cursor !== undefined) handshake.cursor = cursor;
  const socket = io(`${server.url}/customer`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: (options.auth ?? handshake) as Record<string, unknown>,
    ...(origin === null ? {} : { extraHeaders: { origin } }),
  });
  const facts: Page['facts'] = [];
  const listeners = new Set<() => void>();
  socket.onAny((name: FactName, payload: unknown) => {
    facts.push({ name, payload });
    for (const listener of listeners) listener();
  });

  const fact: Page['fact'] = (name, wanted = () => true) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = facts.find((one) => one.name === name && wanted(one.payload as never));
        if (found === undefined) return;
        listeners.delete(look);
        clearTimeout(timer);
        resolve(found.payload as never);
      };
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`no ${name} came; there came: ${facts.map((one) => one.name).join(', ')}`));
      }, patience);
      listeners.add(look);
      look();
    });

  return new Promise((resolve, reject) => {
    socket.on('connect_error', (error: Error & { data?: Partial<Refusal> }) => {
      socket.close();
      reject(new ConnectRefused(error.message, error.data));
    });
    socket.on('hello', (hello: Hello) => {
      const sessions = new Map(hello.sessions.map((session) => [session.id, session]));
      socket.on('session:changed', (session: Facts['session:changed']) => sessions.set(session.id, session));
      const askAnything: Page['askAnything'] = (name, ...args) => socket.timeout(patience).emitWithAck(name, ...args);
      resolve({
        hello,
        facts,
        socket,
        ask: (name, request) => askAnything(name, request) as never,
        askAnything,
        async say(text, clientId = randomUUID()) {
          const answer = (await askAnything('message:send', { clientId, text })) as Answer<'message:send'>;
          if (!answer.ok) throw new Error(`not stored: ${answer.error.code} ${answer.error.message}`);
          const id = answer.activity.conversation.id;
          const session = answer.session ?? sessions.get(id);
          if (session === undefined) throw new Error(`the answer leaves out ${id}, which this page does not know`);
          sessions.set(id, session);
          return { ...answer, session };
        },
        fact,
        gone: () =>
          new Promise((done, fail) => {
            if (!socket.connected) return done();
            const timer = setTimeout(() => fail(new Error('the connection is still there')), patience);
            socket.once('disconnect', () => {
              clearTimeout(timer);
              done();
            });
          }),
        close: () => void socket.close(),
      });
    });
  });
}

/** A WebSocket to the socket.io endpoint, for packets no client would send. */
export function openRaw(server: ServerUnderTest, origin = server.origin): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { origin });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    if (socket.readyState === socket.CLOSED) return resolve(0);
    const timer = setTimeout(() => reject(new Error('the connection is still open')), patience);
    socket.once('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
    socket.once('error', () => undefined);
  });
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
