import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { Adapter } from '../../adapters/contract/index.ts';
import * as own from '../../adapters/index.ts';
import { type AccessService, createAccessService } from '../../channel-server/access/access-service.ts';
import type { Account } from '../../channel-server/access/account.ts';
import { createAccounts } from '../../channel-server/access/accounts.ts';
import { hashPassword } from '../../channel-server/access/passwords.ts';
import { createSessionAccess } from '../../channel-server/access/session-access.ts';
import { createVisitorTokens } from '../../channel-server/access/visitor-tokens.ts';
import { createChannelService } from '../../channel-server/channels/channel-service.ts';
import type { ClientOf } from '../../channel-server/channels/clients-of.ts';
import { createReceiving, type Receiving } from '../../channel-server/channels/receiving.ts';
import { createSealing } from '../../channel-server/channels/sealing.ts';
import { createSending } from '../../channel-server/channels/sending.ts';
import type { HttpDependencies, Readiness } from '../../channel-server/http/dependencies.ts';
import { createHttpServer } from '../../channel-server/http/http-server.ts';
import { createMediaCache } from '../../channel-server/media/media-cache.ts';
import { createFilesystemMediaStore } from '../../channel-server/media/stores/filesystem.ts';
import { createTranscoder } from '../../channel-server/media/transcoder.ts';
import { createRoutingService } from '../../channel-server/routing/create-routing-service.ts';
import { queueDefaults } from '../../channel-server/routing/queue.ts';
import { createAgentSlots } from '../../channel-server/routing/slots.ts';
import { systemClock, systemIds } from '../../channel-server/runtime.ts';
import type { Change } from '../../channel-server/session/changes.ts';
import { createSessionService } from '../../channel-server/session/create-session-service.ts';
import type { Session } from '../../channel-server/session/session.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { createTimerRunner } from '../../channel-server/session/timer-runner.ts';
import { openStorage, type Storage } from '../../channel-server/storage/open-storage.ts';
import { silentLog } from './silent-log.ts';

export const password = 'correct horse battery staple';

/**
 * The HTTP server over real services and the embedded store, without sockets. Two tenants, `one` and `two`, each with
 * queue `support`, a web channel `<tenant>-web` and people `<tenant>-ann`, `-bo` (agents), `-sue` (supervisor) and
 * `-ada` (administrator).
 */
export interface HttpHouse {
  url: string;
  server: FastifyInstance;
  storage: Storage;
  access: AccessService;
  dependencies: HttpDependencies;
  receiving: Receiving;
  log: ReturnType<typeof silentLog>;
  distFolder: string;
  readiness: { now: Readiness };
  /** A fresh access token of an account. */
  tokenOf(login: string): Promise<string>;
  visitorToken(tenant: string, visitorId: string): Promise<string>;
  /** A visitor of `<tenant>-web` writes; answers the session. */
  visitorSays(tenant: string, visitorId: string, text: string): Promise<Session>;
  /** The agent is idle, gets the offer and accepts; answers the session. */
  assign(session: Session, login: string): Promise<Session>;
  session(session: Pick<Session, 'id' | 'tenantId'>): Promise<Session>;
  /** A request; a string body is sent as it is. */
  request(
    method: string,
    path: string,
    options?: { token?: string | undefined; body?: unknown; headers?: Record<string, string> },
  ): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  json: any;
}

/** What else a house may be given. */
export interface HouseExtras {
  /** Channel types besides those of the product. */
  adapters?: Readonly<Record<string, Adapter>>;
  clientOf?: ClientOf;
}

export async function httpHouse(
  more: Partial<HttpDependencies> = {},
  { adapters: further = {}, clientOf }: HouseExtras = {},
): Promise<HttpHouse> {
  const adapters: Readonly<Record<string, Adapter>> = { ...own, ...further };
  const folder = await mkdtemp(join(tmpdir(), 'foyer-http-'));
  const log = silentLog();
  const clock = systemClock;
  const ids = systemIds;
  const secret = 'an installation secret of the tests';
  const storage = await openStorage({ dataDir: folder, clock, log });
  const { unitOfWork, sessions, customers, routing, accounts, channels } = storage;
  const signals = createSignalBus(log);
  const timers = createTimerRunner({ timers: storage.timers, clock, log });
  const shared = { unitOfWork, signals, clock, ids, log };
  await unitOfWork.commit(await company('one'));
  await unitOfWork.commit(await company('two'));

  const access = createAccessService({ ...shared, accounts, secret });
  const visitorTokens = createVisitorTokens({ ...shared, accounts, secret });
  const channelService = createChannelService({ ...shared, channels, adapters, secretKey: secret });
  for (const tenantId of ['one', 'two']) {
    await channelService.save({
      id: `${tenantId}-web`,
      tenantId,
      type: 'web',
      name: 'Website',
      queueId: 'support',
      settings: { anyLoopbackOrigin: true },
      enabled: true,
      declared: false,
    });
  }
  await channelService.start();
  const defaultCapacity = () => 5;
  const slots = createAgentSlots({ routing, defaultCapacity });
  const mediaCache = createMediaCache({
    ...shared,
    repository: storage.media,
    store: createFilesystemMediaStore(join(folder, 'media')),
    folder: join(folder, 'uploads'),
    secret,
  });
  const sending = createSending({
    ...shared,
    channelService,
    channels,
    deliveries: storage.deliveries,
    sessions,
    mediaCache,
    transcoder: createTranscoder(),
    sealing: createSealing(secret),
    receive: (channel, items) => receiving.inbound.receive(channel, items),
    publicBase: () => undefined,
    folder: join(folder, 'channels'),
    alone: true,
    random: () => 0.5,
  });
  const sessionService = createSessionService({
    ...shared,
    sessions,
    customers,
    channels: channelService,
    outgoing: sending.outgoing,
    slots,
    timers,
  });
  timers.handle(sessionService.timers);
  const routingService = createRoutingService({ ...shared, routing, sessions, timers, defaultCapacity });
  await timers.start();
  await routingService.start();
  const receiving = createReceiving({
    ...shared,
    channels: channelService,
    sessionService,
    sessions,
    customers,
    deliveries: storage.deliveries,
    mediaFetches: storage.mediaFetches,
    mediaCache,
    clientOf: clientOf ?? sending.clients.clientOf,
    tokensOf: sending.clients.tokensOf,
  });
  receiving.mediaFetcher.start();
  await sending.start();
  const readiness: { now: Readiness } = { now: 'ready' };
  const distFolder = join(folder, 'dist');
  const dependencies: HttpDependencies = {
    ...shared,
    access,
    accounts: createAccounts({ ...shared, accounts }),
    visitorTokens,
    sessionAccess: createSessionAccess({ sessions, customers }),
    sessionService,
    routingService,
    channelService,
    inbound: receiving.inbound,
    inboundTally: receiving.inboundTally,
    sending,
    mediaCache,
    adapters: Object.values(adapters),
    repositories: { sessions, customers, routing, accounts, channels, deliveries: storage.deliveries },
    registry: new Registry(),
    ready: async () => readiness.now,
    distFolder,
    ...more,
  };
  const server = createHttpServer(dependencies);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;

  const session = async ({ id, tenantId }: Pick<Session, 'id' | 'tenantId'>) => {
    const found = await sessions.session(tenantId, id);
    if (found === undefined) throw new Error(`there is no session ${id}`);
    return found;
  };

  return {
    url,
    server,
    storage,
    access,
    dependencies,
    receiving,
    log,
    distFolder,
    readiness,
    session,
    tokenOf: async (login) => (await access.signIn(login, password, '127.0.0.1')).accessToken,
    visitorToken: (tenant, id) => visitorTokens.issue({ id, tenantId: tenant, channelId: `${tenant}-web` }),
    async visitorSays(tenant, visitorId, text) {
      const { stored } = await sessionService.receive({
        tenantId: tenant,
        channel: { id: `${tenant}-web`, type: 'web' },
        conversations: [`visitor:${visitorId}`],
        from: { id: visitorId, role: 'user' },
        keyScope: `visitor:${visitorId}`,
        clientId: ids.secret(12),
        content: { text },
      });
      return session({ id: stored.activity.conversation.id, tenantId: tenant });
    },
    async assign(waiting, login) {
      const account = await accounts.accountByLogin(login);
      if (account === undefined) throw new Error(`there is no account ${login}`);
      await routingService.connected(waiting.tenantId, account.id);
      await routingService.setState(waiting.tenantId, account.id, 'idle', null);
      for (let tries = 0; tries < 200; tries++) {
        const offer = await routing.ringingOffer(waiting.id);
        if (offer?.agentId === account.id) return routingService.accept(account.id, await session(waiting));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${login} was never offered ${waiting.id}`);
    },
    async request(method, path, { token, body, headers = {} } = {}) {
      const response = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
      const json = isJson ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, json };
    },
    async stop() {
      await server.close();
      await routingService.stop();
      await timers.stop();
      await sending.stop(1_000);
      await receiving.stop();
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

let hash: Promise<string> | undefined;

async function company(tenantId: string): Promise<Change[]> {
  hash ??= hashPassword(password);
  const passwordHash = await hash;
  const now = systemClock.now();
  const person = (name: string, role: Account['role'], queueIds: string[]): Account => ({
    id: `acc_${tenantId}_${name}`,
    tenantId,
    login: `${tenantId}-${name}`,
    name,
    role,
    passwordHash,
    mustChange: false,
    disabled: false,
    tokensValidFrom: 0,
    queueIds,
    declared: false,
    createdAt: now,
  });
  const people = [
    person('ann', 'agent', ['support']),
    person('bo', 'agent', ['sales']),
    person('sue', 'supervisor', ['support']),
    person('ada', 'administrator', []),
  ];
  return [
    {
      kind: 'insert',
      record: 'tenant',
      values: {
        id: tenantId,
        name: tenantId,
        defaultCapacity: 5,
        passwordPolicy: 'length',
        deskOrigins: [],
        declared: false,
      },
    },
    ...['support', 'sales'].map(
      (id): Change => ({
        kind: 'insert',
        record: 'queue',
        values: { ...queueDefaults, id, tenantId, name: id, declared: false },
      }),
    ),
    ...people.map((values): Change => ({ kind: 'insert', record: 'account', values })),
    ...people
      .filter(({ role }) => role === 'agent')
      .map(
        ({ id, name, queueIds }): Change => ({
          kind: 'insert',
          record: 'agent',
          values: {
            id,
            tenantId,
            name,
            queueIds,
            state: 'offline',
            reason: null,
            stateSince: now,
            capacity: 100,
            load: 0,
            loadSince: now,
            skills: {},
            lostSince: null,
          },
        }),
      ),
  ];
}
