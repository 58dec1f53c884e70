import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Activity,
  type Capabilities,
  type Clock,
  defineAdapter,
  type Ids,
  messagingLifecycle,
  type OutboundActivity,
  type Part,
  type Participant,
  SendFailure,
} from '../../adapters/contract/index.ts';
import { callApi, failureOfStatus } from '../../adapters/kit/index.ts';
import { createChannelService } from '../../channel-server/channels/channel-service.ts';
import { createChannelStatusKeeper } from '../../channel-server/channels/channel-status-keeper.ts';
import { createClients } from '../../channel-server/channels/clients.ts';
import type { ConversationRecord } from '../../channel-server/channels/conversation.ts';
import type { Delivery } from '../../channel-server/channels/delivery.ts';
import { createEncoding } from '../../channel-server/channels/encoding.ts';
import { createConnections } from '../../channel-server/channels/guarded-fetch-dispatch.ts';
import { createOutbox } from '../../channel-server/channels/outbox.ts';
import { createOutboxEntry } from '../../channel-server/channels/outbox-entry.ts';
import { tellMarks } from '../../channel-server/channels/outbox-marks.ts';
import { createReplay } from '../../channel-server/channels/outbox-replay.ts';
import { createPreviews } from '../../channel-server/channels/preview.ts';
import { createSealing } from '../../channel-server/channels/sealing.ts';
import { createStatuses } from '../../channel-server/channels/statuses.ts';
import { createSessionService } from '../../channel-server/session/create-session-service.ts';
import type { Signal } from '../../channel-server/session/ports.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { openStorage, type Storage } from '../../channel-server/storage/open-storage.ts';
import { aChannel, apply, aSession, insert } from '../contracts/storage/samples.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { fakeIds } from '../support/fake-ids.ts';
import { silentLog } from '../support/silent-log.ts';

/** What a platform was asked, in order. */
export interface Asked {
  text: string;
  to: string;
  key: string | undefined;
}

/** A platform that takes messages over HTTP, real but for what it thinks of them. */
export interface Platform {
  url: string;
  /** What it took, in order. */
  taken: Asked[];
  /** Every request, taken or not. */
  asked: Asked[];
  /** What happens to the next requests, first come first served; then they are taken. */
  next: ((asked: Asked, response: ServerResponse) => void | Promise<void>)[];
  /** What happens to all requests that nothing else is said of. */
  always: ((asked: Asked, response: ServerResponse) => void) | undefined;
  /** Takes a message and says so. */
  take(asked: Asked, response: ServerResponse): void;
  close(): Promise<void>;
}

export async function platform(): Promise<Platform> {
  const server = createServer(async (request, response) => {
    const asked = await read(request);
    self.asked.push(asked);
    const how = self.next.shift() ?? self.always ?? self.take;
    await how(asked, response);
  });
  const self: Platform = {
    url: '',
    taken: [],
    asked: [],
    next: [],
    always: undefined,
    take,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  const byKey = new Map<string, string>();
  function take(asked: Asked, response: ServerResponse): void {
    const known = asked.key === undefined ? undefined : byKey.get(asked.key);
    const id = known ?? `m${self.taken.length + 1}`;
    if (known === undefined) self.taken.push(asked);
    if (asked.key !== undefined) byKey.set(asked.key, id);
    answer(response, 200, { id, repeated: known !== undefined });
  }
  await once(server.listen(0, '127.0.0.1'), 'listening');
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return self;
}

const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Ways a platform answers. */
export const answering = {
  status:
    (status: number, headers: Record<string, string> = {}) =>
    (_asked: Asked, response: ServerResponse) =>
      void answer(response, status, {}, headers),
  code: (code: string) => (_asked: Asked, response: ServerResponse) => void answer(response, 400, { code }),
  /** The message is taken, and the answer never arrives. */
  lost: (of: Platform) => (asked: Asked, response: ServerResponse) => {
    const thrown = { writeHead: () => ({ end: () => response.socket?.destroy() }) };
    of.take(asked, thrown as unknown as ServerResponse);
  },
  silent: () => undefined,
};

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { text, to } = JSON.parse(body === '' ? '{}' : body) as { text: string; to: string };
  return { text, to, key: request.headers['x-key']?.toString() };
}

const capabilities: Capabilities = {
  text: { max: 100, unit: 'graphemes' },
  splits: true,
  attachments: { max: 0, maxBytes: 0, types: [] },
  typing: { in: false, out: true },
  receipts: { delivered: false, read: true },
  presence: 'none',
  lifecycle: messagingLifecycle,
};

/** What the client of the example channel was told beside messages. */
export interface Told {
  typing: { conversation: string; typing: boolean }[];
  read: { conversation: string; externalIds: readonly string[] }[];
  ready: string[];
}

/** A channel type of the tests: lines become parts; it has a key, needs a preparation and a window, as its settings say. */
export function postAdapter(told: Told, underWay: { count: number }) {
  return defineAdapter({
    type: 'post',
    title: 'Post',
    settings: z.strictObject({
      apiBaseUrl: z.string(),
      keyed: z.boolean().default(false),
      prepares: z.boolean().default(false),
    }),
    capabilities: () => capabilities,
    prepare(activity: OutboundActivity, { conversation, settings, now, key }) {
      if (conversation.closed !== undefined) {
        return {
          parts: [],
          losses: [{ code: 'conversation-closed', values: { closed: conversation.closed }, blocks: true }],
        };
      }
      if (conversation.window !== undefined && conversation.window.until <= now) {
        return { parts: [], losses: [{ code: 'window-closed', blocks: true }] };
      }
      const lines = (activity.text ?? '').split('\n').filter((line) => line !== '');
      const parts = lines.map(
        (text, n): Part => ({
          request: { text, to: conversation.address },
          ...(settings.keyed ? { key: key(n) } : {}),
          shows: { kind: 'text', text },
        }),
      );
      return { parts, losses: lines.length > 1 ? [{ code: 'text-split', values: { parts: lines.length } }] : [] };
    },
    create({ fetch, clock, channel: { settings } }) {
      return {
        ...(settings.prepares
          ? {
              async ready(part: Part) {
                told.ready.push((part.request as { text: string }).text);
                return { ticket: told.ready.length };
              },
            }
          : {}),
        async send({ part, signal }) {
          underWay.count += 1;
          try {
            const { body } = await callApi(
              fetch,
              {
                url: 'https://post.example/messages',
                method: 'POST',
                json: part.request,
                ...(part.key === undefined ? {} : { headers: { 'x-key': part.key } }),
                timeout: 60_000,
                signal,
              },
              (said) => {
                const { code } = (said.body ?? {}) as { code?: string };
                if (code === 'blocked') return new SendFailure('blocked', 'This customer blocked us.', { code });
                if (code === 'window') return new SendFailure('window-closed', 'The window is closed.', { code });
                return failureOfStatus(said, clock.now());
              },
            );
            const { id, repeated } = body as { id: string; repeated: boolean };
            return { externalIds: [id], repeated };
          } finally {
            underWay.count -= 1;
          }
        },
        async typing({ id: conversation }, typing) {
          told.typing.push({ conversation, typing });
        },
        async read({ id: conversation }, externalIds) {
          told.read.push({ conversation, externalIds });
        },
        test: async () => [{ ok: true, what: 'Access token', detail: 'It works.' }],
      };
    },
  });
}

/** The outbox on a real store, with channels of type `post`. Time stands still unless told. */
export interface OutboxHouse {
  storage: Storage;
  clock: FakeClock;
  signals: Signal[];
  told: Told;
  log: ReturnType<typeof silentLog>;
  outbox: ReturnType<typeof createOutbox>;
  channels: ReturnType<typeof createChannelService>;
  replay: ReturnType<typeof createReplay>;
  previews: ReturnType<typeof createPreviews>;
  sessions: ReturnType<typeof createSessionService>;
  publish(signal: Signal): void;
  addChannel(id: string, to: Pick<Platform, 'url'>, settings?: Record<string, unknown>): Promise<void>;
  /** An active session of agent `acc_1` in a conversation of a channel. */
  open(channelId: string, conversation: string, more?: Partial<ConversationRecord>): Promise<string>;
  /** The agent writes; answers the activity's id. */
  write(sessionId: string, text: string): Promise<string>;
  /** Messages of the customer, by the platform's ids. */
  hear(sessionId: string, externalIds: readonly string[], from: Participant): Promise<void>;
  delivery(id: string): Promise<Delivery>;
  /** `n:state` of each part. */
  parts(id: string): Promise<string[]>;
  conversation(channelId: string, id: string): Promise<ConversationRecord>;
  story(sessionId: string): Promise<Activity[]>;
  /** Until it is so, letting nothing but real time pass. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Let time pass in steps, with requests answered in between. */
  pass(ms: number, step?: number): Promise<void>;
  /** As if the process had been killed: nothing is let go. What is under way stays so. */
  die(): void;
  /** Killed once it has committed this many times more. */
  dieAfter(commits: number): void;
  dead(): boolean;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** A store that others use, too: another node. */
  storage?: Storage;
  clock?: FakeClock;
  /** Instead of a clock that stands still: for a process that is really killed. */
  time?: Clock;
  ids?: Ids;
  owner?: string;
  alone?: boolean;
}

let houses = 0;

export async function outboxHouse(options: HouseOptions = {}): Promise<OutboxHouse> {
  const standing = options.clock ?? fakeClock();
  const clock = options.time ?? standing;
  const ids = options.ids ?? fakeIds();
  const log = silentLog();
  const folder = await mkdtemp(join(tmpdir(), 'foyer-outbox-'));
  const storage = options.storage ?? (await openStorage({ dataDir: folder, clock, log }));
  const { unitOfWork, sessions, customers, channels: channelRepository, deliveries } = storage;
  const bus = createSignalBus(log);
  const heard: Signal[] = [];
  bus.subscribe((signal) => heard.push(signal));
  const told: Told = { typing: [], read: [], ready: [] };
  const underWay = { count: 0 };
  const shared = { unitOfWork, signals: bus, clock, ids, log };
  const adapters = { post: postAdapter(told, underWay) };
  const channels = createChannelService({ ...shared, channels: channelRepository, adapters, secretKey: 'key' });
  await channels.start();
  const status = createChannelStatusKeeper({ ...shared, channels: channelRepository });
  const connections = createConnections({ connectTimeout: 2_000 });
  const mediaCache = {
    platformAddress: (id: string) => `/media/${id}`,
    find: async () => undefined,
    open: async () => undefined,
  };
  const clients = createClients({
    ...shared,
    channelService: channels,
    channels: channelRepository,
    status,
    connections,
    sealing: createSealing('key'),
    mediaCache,
    transcoder: { convert: () => Promise.reject(new Error('not used')) },
    receive: async () => undefined,
    folder: join(folder, 'channels'),
  });
  clients.start();
  const encoding = createEncoding({ ...shared, sessions, deliveries, mediaCache, publicBase: () => undefined });
  const previews = createPreviews(channels, deliveries, encoding);
  const service = createSessionService({
    ...shared,
    sessions,
    customers,
    channels,
    outgoing: createOutboxEntry(channels, previews),
    slots: { take: async () => [], free: () => [], withdraw: async () => [] },
    timers: { wake: () => undefined },
  });
  let dead = false;
  let left = Number.POSITIVE_INFINITY;
  houses += 1;
  /** After its death nothing reaches the store any more. */
  const mortal: Storage['unitOfWork'] = {
    commit(changes) {
      if (left === 0) dead = true;
      left -= 1;
      return dead ? new Promise(() => undefined) : unitOfWork.commit(changes);
    },
  };
  const outbox = createOutbox({
    ...shared,
    unitOfWork: mortal,
    channelService: channels,
    clientOf: clients.clientOf,
    deliveries: { ...deliveries, claim: async (...given) => (dead ? [] : deliveries.claim(...given)) },
    statuses: createStatuses({ ...shared, deliveries, sessions }),
    status,
    encoding,
    owner: options.owner ?? `node ${houses}`,
    alone: options.alone ?? false,
    random: () => 0.5,
  });
  const silence = tellMarks({ ...shared, channelService: channels, sessions, deliveries, clientOf: clients.clientOf });
  const delivery = async (id: string) => {
    const found = await deliveries.delivery('acme', id);
    if (found === undefined) throw new Error(`there is no delivery ${id}`);
    return found;
  };
  return {
    storage,
    clock: standing,
    signals: heard,
    told,
    log,
    outbox,
    channels,
    previews,
    sessions: service,
    replay: createReplay({ ...shared, deliveries }),
    publish: (signal) => bus.publish(signal),
    delivery,
    async hear(sessionId, externalIds, from) {
      for (const externalId of externalIds) {
        const activity = { type: 'message', text: externalId, externalId, from, audience: 'all' } as const;
        const at = clock.now();
        await apply(storage, { kind: 'append', tenantId: 'acme', sessionId, at, activity });
      }
    },
    async addChannel(id, to, settings = {}) {
      await channels.save({
        ...aChannel({ id }),
        tenantId: 'acme',
        type: 'post',
        settings: { apiBaseUrl: to.url, ...settings },
        enabled: true,
      });
    },
    async open(channelId, conversation, more = {}) {
      const session = aSession({
        id: ids.next('ses'),
        channelId,
        channelType: 'post',
        conversation,
        state: 'active',
        agentId: 'acc_1',
      });
      const record: ConversationRecord = {
        channelId,
        id: conversation,
        tenantId: 'acme',
        address: { to: conversation },
        personId: conversation,
        windowUntil: null,
        windowLeft: null,
        closed: null,
        heardAt: clock.now(),
        dueAt: null,
        leaseUntil: null,
        leaseOwner: null,
        ...more,
      };
      await apply(storage, insert('session', session), insert('conversation', { ...record, address: conversation }));
      return session.id;
    },
    async write(sessionId, text) {
      const session = await sessions.session('acme', sessionId);
      if (session === undefined) throw new Error(`there is no session ${sessionId}`);
      const { stored } = await service.send({
        session,
        from: { id: 'acc_1', name: 'Ann', role: 'agent' },
        accountId: 'acc_1',
        clientId: ids.secret(9),
        audience: 'all',
        content: { text },
      });
      return stored.activity.id;
    },
    async parts(id) {
      return (await deliveries.parts(id)).map(({ n, state }) => `${n}:${state}`);
    },
    async conversation(channelId, id) {
      const found = await deliveries.conversation(channelId, id);
      if (found === undefined) throw new Error(`there is no conversation ${id}`);
      return found;
    },
    async story(sessionId) {
      const { items } = await sessions.activities('acme', sessionId, 'staff', 0, 200);
      return items.map(({ activity }) => activity);
    },
    async until(what, isSo) {
      for (let tries = 0; tries < 1_000; tries += 1) {
        if (await isSo()) return;
        await wait(5);
      }
      throw new Error(`never: ${what}`);
    },
    async pass(ms, step = 1_000) {
      for (let passed = 0; passed < ms; passed += step) {
        await standing.advance(Math.min(step, ms - passed));
        do await wait(4);
        while (underWay.count > 0);
      }
      await wait(20);
    },
    die() {
      dead = true;
    },
    dead: () => dead,
    dieAfter(commits) {
      left = commits;
    },
    async close() {
      silence();
      if (!dead) await outbox.stop(0);
      await clients.stop();
      await connections.close();
      if (options.storage === undefined) await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
