import { io, type Socket } from 'socket.io-client';
import type { DeskFacts, DeskHandshake, DeskRefusal, DeskRequests, Loss } from './desk-protocol.ts';

/** The namespace of `channel-server/protocol/desk.ts`, repeated because only its types may be imported here. */
const namespace = '/desk';

export type DeskRequestName = keyof DeskRequests;
export type DeskAnswer<N extends DeskRequestName> = DeskRequests[N]['answer'];
export type DeskFact = { [N in keyof DeskFacts]: { name: N; payload: DeskFacts[N] } }[keyof DeskFacts];

/** A request the server refused, or that never reached it (`DESK_UNREACHABLE`). `message` may be shown. */
export class DeskRequestError extends Error {
  readonly code: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  /** Milliseconds to wait first, when known. */
  readonly retryAfter: number | undefined;
  /** What the channel cannot carry, with CHANNEL_REFUSES. */
  readonly losses: readonly Loss[];

  constructor(code: string, message: string, retryable: boolean, retryAfter?: number, losses: readonly Loss[] = []) {
    super(message);
    this.name = 'DeskRequestError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.losses = losses;
  }
}

export interface DeskLinkEvents {
  /** The connection stands: resume now. */
  opened(): void;
  /** It is gone; it comes back by itself. */
  closed(): void;
  /** The server does not accept the access token: renew it or stop. The next try comes by itself. */
  refused(code: string): void;
  fact(fact: DeskFact): void;
}

/** One desk's line to the server. Requests fail at once while it is down: callers keep what must not be lost. */
export interface DeskLink {
  start(events: DeskLinkEvents): void;
  stop(): void;
  request<N extends DeskRequestName>(name: N, request: DeskRequests[N]['request']): Promise<DeskAnswer<N>>;
}

export interface DeskLinkOptions {
  /** Origin of the Foyer server. */
  server: string;
  /** A fresh access token, asked for at every (re)connection; undefined when signed out. */
  token(): Promise<string | undefined>;
  /** Milliseconds to wait for an answer. Default 15 s. */
  timeout?: number;
}

const factNames = [
  'activities:added',
  'receipt:advanced',
  'delivery:changed',
  'typing:changed',
  'session:changed',
  'session:removed',
  'offer:made',
  'offer:ended',
  'agent:changed',
  'queue:changed',
  'media:changed',
  'channels:changed',
  'reach:changed',
  'access:revoked',
] as const satisfies readonly (keyof DeskFacts)[];

/** The line over socket.io, WebSocket only. */
export function createDeskLink(options: DeskLinkOptions): DeskLink {
  const timeout = options.timeout ?? 15_000;
  let socket: Socket | undefined;

  function start(events: DeskLinkEvents): void {
    stop();
    const opened = io(new URL(namespace, options.server).href, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      timeout: 10_000,
      auth: (give) => {
        options.token().then(
          (accessToken) => give({ accessToken: accessToken ?? '' } satisfies DeskHandshake),
          () => give({ accessToken: '' } satisfies DeskHandshake),
        );
      },
    });
    socket = opened;
    let refusals = 0;
    opened.on('connect', () => {
      refusals = 0;
      events.opened();
    });
    opened.on('disconnect', (reason) => {
      events.closed();
      // The server hung up on purpose: socket.io would not come back, but a restarting server is worth another try.
      if (reason === 'io server disconnect') setTimeout(() => socket === opened && opened.connect(), 1_000);
    });
    opened.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      const code = error.data?.code ?? '';
      if (code.startsWith('ACCESS_')) events.refused(code);
      // A refusal by the server's middleware ends socket.io's own retries; any other failure does not.
      if (opened.active) return;
      const wait = Math.min(2_000 * 2 ** refusals++, 30_000);
      setTimeout(() => socket === opened && opened.connect(), wait);
    });
    for (const name of factNames) {
      opened.on(name, (payload: unknown) => events.fact({ name, payload } as DeskFact));
    }
  }

  function stop(): void {
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = undefined;
  }

  async function request<N extends DeskRequestName>(
    name: N,
    payload: DeskRequests[N]['request'],
  ): Promise<DeskAnswer<N>> {
    const asked = socket;
    if (!asked?.connected) throw unreachable();
    let answer: DeskAnswer<N> | DeskRefusal;
    try {
      answer = await asked.timeout(timeout).emitWithAck(name, payload);
    } catch {
      // A line that brings no answer is dead, though it may not know it for long: the next one is begun now.
      if (asked === socket && asked.connected) asked.io.engine.close();
      throw unreachable();
    }
    if (!answer.ok) {
      const { code, message, retryable, retryAfter, losses } = answer.error;
      throw new DeskRequestError(code, message, retryable, retryAfter, losses);
    }
    return answer;
  }

  return { start, stop, request };
}

function unreachable(): DeskRequestError {
  return new DeskRequestError('DESK_UNREACHABLE', 'The server cannot be reached right now.', true);
}
