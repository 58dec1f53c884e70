import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import proxyAddress from '@fastify/proxy-addr';
import type { FastifyPluginAsync } from 'fastify';
import { destination, pino, stdSerializers } from 'pino';
import { Registry } from 'prom-client';
import type { Clock, Ids, Log } from '../adapters/contract/index.ts';
import * as adapters from '../adapters/index.ts';
import { createAccessService } from './access/access-service.ts';
import { createAccounts } from './access/accounts.ts';
import { deriveKey } from './access/keys.ts';
import { createSessionAccess } from './access/session-access.ts';
import { createVisitorTokens } from './access/visitor-tokens.ts';
import { createChannelService } from './channels/channel-service.ts';
import { createReceiving } from './channels/receiving.ts';
import { createSealing } from './channels/sealing.ts';
import { createSending } from './channels/sending.ts';
import { applyDeclared } from './config/apply-declared.ts';
import type { Declared } from './config/declared-file.ts';
import type { Environment } from './config/environment.ts';
import { secretKey } from './config/secret-key.ts';
import { commitMeter, measureHouse } from './http/house-metrics.ts';
import { createHttpServer } from './http/http-server.ts';
import { checkAddress, listen, shownHost } from './http/listen.ts';
import { createMediaCache } from './media/media-cache.ts';
import { createFilesystemMediaStore } from './media/stores/filesystem.ts';
import { createTranscoder } from './media/transcoder.ts';
import { createRealtime, type RealtimeOptions } from './realtime/realtime.ts';
import { createRoutingService } from './routing/create-routing-service.ts';
import { createAgentSlots } from './routing/slots.ts';
import { repeat, systemClock, systemIds } from './runtime.ts';
import { createSessionService } from './session/create-session-service.ts';
import { createSignalBus } from './session/signal-bus.ts';
import { createTimerRunner } from './session/timer-runner.ts';
import { openStorage, type Storage } from './storage/open-storage.ts';

export interface AppOptions {
  environment: Environment;
  /** What the store is brought to before the first request. */
  declared?: Declared;
  /** Further pages on the same server: the demo's site. */
  pages?: FastifyPluginAsync[];
  /** Signing in at the desk goes idle: the demo's desk. */
  autoIdle?: boolean;
  realtime?: Omit<RealtimeOptions, 'autoIdle' | 'addressOf'>;
  clock?: Clock;
  ids?: Ids;
  log?: Log;
}

export interface App {
  /** Where it can be reached, without a trailing slash. */
  url: string;
  port: number;
  /** For the operator: weak declared passwords, things switched off. */
  warnings: string[];
  /** Take no new work, let what runs finish for at most `drainMs`, close the store. */
  stop(drainMs: number): Promise<void>;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** How often files nobody needs are looked for, ms. */
const mediaSweep = 10 * minute;
/** How often dedupe keys nobody can use any more are forgotten, and how old those are, ms. */
const keySweep = 60 * minute;
const keysKept = 60 * day;
const distFolder = resolve(import.meta.dirname, '../dist');

/**
 * Build the house and open its doors: the only place where everything is wired.
 * @throws FoyerError saying what to do, when the store, the configuration or the port cannot be used.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const { environment, clock = systemClock, ids = systemIds } = options;
  const log = options.log ?? standardLog(environment.logLevel);
  const { dataDir } = environment;
  await checkAddress(environment);
  const registry = new Registry();
  const secret = Buffer.from(await secretKey(environment.secretKey, dataDir));
  const storage = await openStorage({
    dataDir,
    ...(environment.databaseUrl === undefined ? {} : { databaseUrl: environment.databaseUrl }),
    clock,
    log,
    observe: commitMeter(registry),
  });
  try {
    return await furnish(options, { clock, ids, log, secret, storage, registry });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

interface Ground {
  clock: Clock;
  ids: Ids;
  log: Log;
  secret: Buffer;
  storage: Storage;
  registry: Registry;
}

/** JSON lines on stderr: stdout is for the person who starts it. */
function standardLog(level: Environment['logLevel']): Log {
  const { err } = stdSerializers;
  return pino({ level, base: null, serializers: { err, error: err } }, destination({ fd: 2, sync: true }));
}

async function furnish(options: AppOptions, { clock, ids, log, secret, storage, registry }: Ground): Promise<App> {
  const { environment } = options;
  const { unitOfWork, sessions, customers, accounts, channels, routing } = storage;
  const signals = createSignalBus(log);
  const timers = createTimerRunner({ timers: storage.timers, clock, log });
  const shared = { unitOfWork, signals, clock, ids, log };

  const access = createAccessService({ ...shared, accounts, secret });
  const visitorTokens = createVisitorTokens({ ...shared, accounts, secret });
  const sessionAccess = createSessionAccess({ sessions, customers });
  const channelService = createChannelService({ ...shared, channels, adapters, secretKey: secret });
  const mediaCache = createMediaCache({
    ...shared,
    repository: storage.media,
    store: createFilesystemMediaStore(join(environment.dataDir, 'media')),
    folder: join(environment.dataDir, 'uploads'),
    secret: Buffer.from(deriveKey(secret, 'media addresses')).toString('base64url'),
    ...(environment.mediaUrl === undefined ? {} : { origin: environment.mediaUrl }),
  });
  const defaultCapacity = async (tenantId: string) =>
    (await accounts.tenants()).find(({ id }) => id === tenantId)?.defaultCapacity ?? 5;
  const slots = createAgentSlots({ routing, defaultCapacity });
  /** Known once the server listens. */
  let ownUrl: string | undefined;
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
    publicBase: () => environment.mediaUrl ?? environment.publicUrl ?? ownUrl,
    folder: join(environment.dataDir, 'channels'),
    alone: environment.databaseUrl === undefined,
    random: Math.random,
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

  const receiving = createReceiving({
    ...shared,
    channels: channelService,
    sessionService,
    sessions,
    customers,
    deliveries: storage.deliveries,
    mediaFetches: storage.mediaFetches,
    mediaCache,
    clientOf: sending.clients.clientOf,
    tokensOf: sending.clients.tokensOf,
  });

  let draining = false;
  const repositories = { sessions, customers, routing, accounts, channels, deliveries: storage.deliveries };
  const http = await createHttpServer({
    ...shared,
    access,
    accounts: createAccounts({ ...shared, accounts }),
    visitorTokens,
    sessionAccess,
    sessionService,
    routingService,
    channelService,
    inbound: receiving.inbound,
    inboundTally: receiving.inboundTally,
    sending,
    ownUrl: () => ownUrl,
    mediaCache,
    adapters: Object.values(adapters),
    repositories,
    registry,
    async ready() {
      if (draining) return 'draining';
      return storage.ready().then(
        () => 'ready' as const,
        () => 'store-unavailable' as const,
      );
    },
    ...(environment.publicUrl === undefined ? {} : { publicUrl: environment.publicUrl }),
    ...(environment.mediaUrl === undefined ? {} : { mediaUrl: environment.mediaUrl }),
    distFolder,
    extraRoutes: options.pages ?? [],
    trustedProxies: environment.trustedProxies,
  });
  const realtime = createRealtime({
    ...shared,
    httpServer: http.server as HttpServer,
    channels: channelService,
    sessionService,
    routing: routingService,
    access,
    visitorTokens,
    sessionAccess,
    mediaCache,
    repositories,
    registry,
    options: {
      ...options.realtime,
      autoIdle: options.autoIdle ?? false,
      ...proxied(environment.trustedProxies),
      ownOrigins: environment.publicUrl === undefined ? [] : [new URL(environment.publicUrl).origin],
    },
  });

  measureHouse(registry, { signals, accounts, routing, timers: storage.timers, clock });

  const sweeps: (() => void)[] = [];
  const close = async (drainMs: number): Promise<void> => {
    draining = true;
    for (const stop of sweeps) stop();
    const deadline = clock.now() + drainMs;
    // The clock's timers let a process end; this one keeps it until the store is closed.
    const staying = setInterval(() => undefined, minute);
    try {
      await realtime.preClose(drainMs);
      // Downloads and uploads may finish until the deadline; then their connections are cut.
      const overdue = setTimeout(() => http.server.closeAllConnections(), Math.max(0, deadline - clock.now()));
      await http.close();
      clearTimeout(overdue);
      await routingService.stop();
      await timers.stop();
      await sending.stop(Math.max(0, deadline - clock.now()));
      await receiving.stop();
      await realtime.close();
      await mediaCache.close();
    } finally {
      await storage.close();
      clearInterval(staying);
    }
  };

  try {
    await channelService.start();
    const warnings =
      options.declared === undefined
        ? []
        : await applyDeclared(options.declared, {
            ...shared,
            accounts,
            routing,
            channels: channelService,
            storedChannels: channels,
          });
    realtime.start();
    await routingService.start();
    await sessionService.start(channelService.all().map(({ record }) => record.id));
    await timers.start();
    receiving.mediaFetcher.start();
    const timing = { clock, log };
    sweeps.push(
      repeat(() => mediaCache.sweep(), {
        ...timing,
        first: mediaSweep,
        every: mediaSweep,
        name: 'looking for old files',
      }),
      repeat(() => storage.pruneKeys(clock.now() - keysKept), {
        ...timing,
        first: minute,
        every: keySweep,
        name: 'forgetting old keys',
      }),
      repeat(() => receiving.prune(), {
        ...timing,
        first: minute,
        every: keySweep,
        name: 'forgetting old statuses',
      }),
    );
    const port = await listen(http, environment);
    ownUrl = `http://${shownHost(environment.host)}:${port}`;
    await sending.start();
    let closing: Promise<void> | undefined;
    return {
      url: environment.publicUrl ?? ownUrl,
      port,
      warnings,
      stop(drainMs) {
        closing ??= close(drainMs);
        return closing;
      },
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Behind trusted proxies, whose word on the client's address is taken. */
function proxied(trusted: readonly string[]): Pick<RealtimeOptions, 'addressOf'> {
  if (trusted.length === 0) return {};
  const trust = proxyAddress.compile([...trusted]);
  return { addressOf: (request: IncomingMessage) => proxyAddress(request, trust) };
}
