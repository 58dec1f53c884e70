import { io, type Socket } from 'socket.io-client';
import type { Clock } from '../../adapters/contract/index.ts';
import type { FactName, Facts, Handshake, Hello, Refusal, RequestName, Requests } from '../../adapters/web/protocol.ts';
import { createChanges } from './change.ts';

/**
 * `idle`: not asked for. `connecting`: for the first time. `reconnecting`: it was there before.
 * `offline`: the browser says that it has no network; tried all the same. `refused`: the server will not have us.
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused';

/** The server answered a request with a refusal. */
export class RequestRefused extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** Milliseconds to wait first, when known. */
  readonly retryAfter: number | undefined;

  constructor({ code, message, retryable, retryAfter }: Refusal['error']) {
    super(message);
    this.name = 'RequestRefused';
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** A request has no answer: not connected, or the connection went. It may have been done. */
export class ConnectionLost extends Error {
  constructor() {
    super('There is no connection.');
    this.name = 'ConnectionLost';
  }
}

export type Fact = { [Name in FactName]: { name: Name; payload: Facts[Name] } }[FactName];

/** A line to the server that comes back by itself. */
export interface Connection {
  readonly state: ConnectionState;
  /** Why, while `refused`. */
  readonly refusal: Refusal['error'] | undefined;
  start(): void;
  stop(): void;
  /** Leave the present connection, if any, and connect anew now: a token changed. */
  restart(): void;
  /** Rejects with RequestRefused or ConnectionLost. */
  request<Name extends RequestName>(name: Name, request: Requests[Name]['request']): Promise<Requests[Name]['answer']>;
  subscribe(listener: () => void): () => void;
}

export interface ConnectionOptions {
  /** Address of the namespace: `https://host/customer`. */
  address: string;
  clock: Clock;
  /** From 0 to 1, for spreading reconnections. */
  random(): number;
  handshake(): Handshake;
  onHello(hello: Hello): void;
  onFact(fact: Exclude<Fact, { name: 'hello' }>): void;
  /** The handshake was refused; `retry` after changing what it says, or `stop`. */
  onRefused(error: Refusal['error']): 'retry' | 'stop';
}

/** No hello, or no answer, for this long: the connection is as good as gone, ms. */
const patience = 12_000;
const firstDelay = 500;
const longestDelay = 20_000;
/** A page nobody looks at tries less often, ms. */
const hiddenDelay = 60_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { clock } = options;
  const changes = createChanges();
  let state: ConnectionState = 'idle';
  let refusal: Refusal['error'] | undefined;
  let socket: Socket | undefined;
  let attempts = 0;
  let known = false;
  let cancelWait = () => {};
  let cancelHello = () => {};

  function become(next: ConnectionState): void {
    if (state === next) return;
    state = next;
    changes.announce();
  }

  function leave(): void {
    cancelWait();
    cancelHello();
    const left = socket;
    socket = undefined;
    left?.off();
    left?.offAny();
    left?.disconnect();
  }

  function connect(): void {
    leave();
    become(navigatorOffline() ? 'offline' : known ? 'reconnecting' : 'connecting');
    const opened = io(options.address, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: patience,
      auth: (give) => give(options.handshake()),
    });
    socket = opened;
    cancelHello = clock.after(patience, lost);
    opened.on('connect_error', (error: Error & { data?: Partial<Refusal> }) => {
      if (error.data?.error !== undefined) refused(error.data.error);
      else lost();
    });
    opened.on('disconnect', lost);
    opened.onAny((name: string, payload: unknown) => {
      if (socket !== opened) return;
      const fact = { name, payload } as Fact;
      if (fact.name === 'hello') greeted(fact.payload);
      else options.onFact(fact);
    });
  }

  function greeted(hello: Hello): void {
    cancelHello();
    attempts = 0;
    known = true;
    refusal = undefined;
    options.onHello(hello);
    become('connected');
  }

  function lost(): void {
    if (state === 'idle' || state === 'refused') return;
    leave();
    become(navigatorOffline() ? 'offline' : known ? 'reconnecting' : 'connecting');
    const spread = 0.5 + options.random() / 2;
    const delay = Math.min(firstDelay * 2 ** Math.min(attempts++, 10), longestDelay) * spread;
    cancelWait = clock.after(pageHidden() ? Math.max(delay, attempts > 3 ? hiddenDelay : 0) : delay, connect);
  }

  function refused(error: Refusal['error']): void {
    if (error.retryable) {
      const wait = error.retryAfter ?? 0;
      lost();
      if (wait > 0) {
        cancelWait();
        cancelWait = clock.after(wait * (1 + options.random() / 2), connect);
      }
      return;
    }
    leave();
    refusal = error;
    // A second refusal in a row is not argued with at full speed.
    if (options.onRefused(error) === 'retry' && attempts < 5) {
      attempts += 1;
      cancelWait = clock.after(attempts > 1 ? firstDelay * attempts : 0, connect);
    } else become('refused');
  }

  /** The network came back, or someone looks again: no more waiting. */
  const hurry = () => {
    if (socket !== undefined || state === 'idle' || state === 'refused' || pageHidden()) return;
    attempts = 0;
    connect();
  };
  const wentOffline = () => {
    if (state === 'reconnecting' || state === 'connecting') become('offline');
  };

  return {
    subscribe: changes.subscribe,
    get state() {
      return state;
    },
    get refusal() {
      return refusal;
    },
    start() {
      if (state !== 'idle') return;
      globalThis.addEventListener?.('online', hurry);
      globalThis.addEventListener?.('offline', wentOffline);
      globalThis.document?.addEventListener('visibilitychange', hurry);
      connect();
    },
    stop() {
      globalThis.removeEventListener?.('online', hurry);
      globalThis.removeEventListener?.('offline', wentOffline);
      globalThis.document?.removeEventListener('visibilitychange', hurry);
      leave();
      known = false;
      attempts = 0;
      become('idle');
    },
    restart() {
      if (state === 'idle') return;
      attempts = 0;
      connect();
    },
    async request(name, request) {
      const asked = socket;
      if (asked === undefined || state !== 'connected') throw new ConnectionLost();
      let answer: Requests[typeof name]['answer'] | Refusal;
      try {
        answer = await asked.timeout(patience).emitWithAck(name, request);
      } catch {
        if (asked === socket) lost();
        throw new ConnectionLost();
      }
      if (!answer.ok) throw new RequestRefused(answer.error);
      return answer;
    },
  };
}

const navigatorOffline = () => globalThis.navigator?.onLine === false;
const pageHidden = () => globalThis.document?.visibilityState === 'hidden';
