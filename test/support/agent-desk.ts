import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { Activity, Sequenced } from '../../adapters/contract/index.ts';
import type { DeskFacts, DeskRefusal, DeskRequests } from '../../channel-server/protocol/desk.ts';
import { signIn } from './server.ts';

type Answer<Name extends keyof DeskRequests> = DeskRequests[Name]['answer'] | DeskRefusal;

/** An agent's desk over a real socket: every fact it was told, nothing applied. */
export interface AgentDesk {
  readonly facts: { name: keyof DeskFacts; payload: unknown }[];
  readonly socket: Socket;
  readonly accessToken: string;
  ask<Name extends keyof DeskRequests>(name: Name, request: DeskRequests[Name]['request']): Promise<Answer<Name>>;
  askAnything(name: string, ...args: unknown[]): Promise<{ ok: boolean } & Record<string, unknown>>;
  /** Take the session if it rings here, and write in it; throws when refused. */
  say(session: string, text: string, audience?: 'all' | 'staff'): Promise<void>;
  /** The first fact of this name, past or coming, that `wanted` accepts. */
  fact<Name extends keyof DeskFacts>(
    name: Name,
    wanted?: (payload: DeskFacts[Name]) => boolean,
  ): Promise<DeskFacts[Name]>;
  /** The first activity told, past or coming, that `wanted` accepts. */
  activity(wanted: (activity: Activity) => boolean): Promise<Sequenced>;
  /** All activities told so far, in the order told. */
  activities(): Sequenced[];
  gone(): Promise<void>;
  close(): void;
}

const patience = 8_000;

/** Sign in over REST, connect and resume. */
export async function openDesk(
  server: { url: string },
  login: string,
  options: { accessToken?: string; headers?: Record<string, string>; resume?: boolean } = {},
): Promise<AgentDesk> {
  const accessToken = options.accessToken ?? (await signIn(server, login));
  const socket = io(`${server.url}/desk`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { accessToken },
    ...(options.headers === undefined ? {} : { extraHeaders: options.headers }),
  });
  const facts: AgentDesk['facts'] = [];
  const listeners = new Set<() => void>();
  socket.onAny((name: keyof DeskFacts, payload: unknown) => {
    facts.push({ name, payload });
    for (const listener of listeners) listener();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error: Error & { data?: DeskRefusal }) => {
      socket.close();
      reject(Object.assign(new Error(error.message), { code: error.data?.error?.code }));
    });
  });
  const fact: AgentDesk['fact'] = (name, wanted = () => true) =>
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
  const askAnything: AgentDesk['askAnything'] = (name, ...args) => socket.timeout(patience).emitWithAck(name, ...args);
  const taken = new Set<string>();
  const desk: AgentDesk = {
    facts,
    socket,
    accessToken,
    ask: (name, request) => askAnything(name, request) as never,
    askAnything,
    fact,
    async activity(wanted) {
      const accepts = ({ activity }: Sequenced) => wanted(activity);
      const { items } = await fact('activities:added', (told) => told.items.some(accepts));
      return items.find(accepts) as Sequenced;
    },
    activities: () =>
      facts.flatMap(({ name, payload }) =>
        name === 'activities:added' ? (payload as DeskFacts['activities:added']).items : [],
      ),
    async say(session, text, audience = 'all') {
      if (!taken.has(session)) {
        await fact('offer:made', (offer) => offer.sessionId === session);
        const accepted = await desk.ask('offer:accept', { session });
        if (!accepted.ok) throw new Error(`not accepted: ${accepted.error.code}`);
        taken.add(session);
      }
      const sent = await desk.ask('message:send', { session, clientId: randomUUID(), text, audience });
      if (!sent.ok) throw new Error(`not stored: ${sent.error.code} ${sent.error.message}`);
    },
    gone: () =>
      new Promise((done, fail) => {
        if (!socket.connected) return done();
        const timer = setTimeout(() => fail(new Error('the desk is still connected')), patience);
        socket.once('disconnect', () => {
          clearTimeout(timer);
          done();
        });
      }),
    close: () => void socket.close(),
  };
  if (options.resume !== false) {
    const resumed = await desk.ask('desk:resume', { sessions: {} });
    if (!resumed.ok) throw new Error(`not resumed: ${resumed.error.code}`);
  }
  return desk;
}
