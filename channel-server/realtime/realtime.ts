import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Gauge, type Registry } from 'prom-client';
import { Server, type Socket } from 'socket.io';
import type { Clock, Ids, Log } from '../../adapters/contract/index.ts';
import type { AccessService, VisitorTokens } from '../access/access-service.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { SessionAccess } from '../access/session-access.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import { createWithDeliveries } from '../channels/delivery-view.ts';
import type { DeliveryRepository } from '../channels/ports.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { MediaCache } from '../media/media-cache.ts';
import { deskNamespace } from '../protocol/desk.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import type { SessionRepository, Signals } from '../session/ports.ts';
import type { SessionService } from '../session/session-service.ts';
import { createCustomerGateway } from './customer-gateway.ts';
import { createCustomerSessions } from './customer-sessions.ts';
import { createDeskGateway } from './desk-gateway.ts';
import { createDeskRequests } from './desk-requests.ts';
import { createDeskViews } from './desk-views.ts';
import type { Traffic } from './inbox.ts';
import { createAddressCounts, createPersonMeters, defaultLimits, type RealtimeLimits } from './limits.ts';
import { createTelling } from './telling.ts';
import { frameBytes, WireDecoder, WireEncoder } from './wire.ts';
import { closeLaggards } from './writing.ts';

export interface RealtimeOptions {
  limits?: Partial<RealtimeLimits>;
  /** The client's address when trusted proxies stand before us; else that of the connection. */
  addressOf?: (request: IncomingMessage) => string | undefined;
  /** Origins besides the server's own from which desks may connect, e.g. that of the public address. */
  ownOrigins?: readonly string[];
  /** Opening the desk goes idle. */
  autoIdle?: boolean;
  /** Milliseconds a customer's page may be away before it is noted; a page change is not an absence. */
  customerPatience?: number;
  /** The same for an agent's desk and its reloads. */
  deskPatience?: number;
}

export interface RealtimeDependencies {
  httpServer: HttpServer;
  channels: ChannelService;
  sessionService: SessionService;
  routing: RoutingService;
  access: AccessService;
  visitorTokens: VisitorTokens;
  sessionAccess: SessionAccess;
  mediaCache: MediaCache;
  repositories: {
    sessions: SessionRepository;
    customers: CustomerRepository;
    routing: RoutingRepository;
    accounts: AccountRepository;
    deliveries: DeliveryRepository;
  };
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
  registry?: Registry;
  options?: RealtimeOptions;
}

/** Everyone who is connected: customers by their channel's adapter, and desks. */
export interface Realtime {
  readonly io: Server;
  /** Begin to tell what happens. Connections are taken as soon as the HTTP server listens. */
  start(): void;
  /** Take nothing new, let what runs finish (at most `ms`), tell everybody, end their connections. */
  preClose(ms?: number): Promise<void>;
  /** Stop everything; the HTTP server is its owner's to close. */
  close(): Promise<void>;
}

/** Customers speak here; the web protocol names the same address. */
const customerNamespace = '/customer';
/** In ms: how soon a dead token ends a desk's connection, at the latest twice this. */
const sweepEvery = 2_000;
const sweepsPerCleaning = 15;

export function createRealtime(dependencies: RealtimeDependencies): Realtime {
  const { httpServer, channels, sessionService, access, visitorTokens, sessionAccess, mediaCache } = dependencies;
  const { repositories, signals, clock, ids, options = {} } = dependencies;
  const log = dependencies.log.child({ part: 'realtime' });
  const limits: RealtimeLimits = { ...defaultLimits, ...options.limits };
  const traffic: Traffic = { underWay: 0, closing: false, refused: 0, handled: 0 };
  const addresses = createAddressCounts(limits);
  const addressOf = (request: IncomingMessage) =>
    options.addressOf?.(request) ?? request.socket.remoteAddress ?? 'unknown';

  let warnedAt = Number.NEGATIVE_INFINITY;
  const warnFull = (address: string) => {
    if (clock.now() - warnedAt < 60_000) return;
    warnedAt = clock.now();
    log.warn({ address }, 'an address holds as many connections as it may; if it is a proxy, declare it as trusted');
  };

  const io = new Server(httpServer, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: frameBytes,
    connectTimeout: limits.handshakeTime,
    parser: { Encoder: WireEncoder, Decoder: WireDecoder },
    allowRequest(request, decide) {
      if (traffic.closing) return decide('shutting down', false);
      const address = addressOf(request);
      const full = addresses.full(address);
      if (full) warnFull(address);
      decide(null, !full);
    },
  });

  // One function for all connections: `this` is the connection that closed.
  const onClose = function (this: { remoteAddress: string }) {
    addresses.closed(this.remoteAddress);
  };
  io.engine.on('connection', (connection: { remoteAddress: string; request: IncomingMessage; on: Listen }) => {
    connection.remoteAddress = addressOf(connection.request);
    addresses.opened(connection.remoteAddress);
    connection.on('close', onClose);
  });

  const meters = createPersonMeters(limits.person, () => clock.now());
  const customerSessions = createCustomerSessions({
    sessions: repositories.sessions,
    routing: repositories.routing,
    service: dependencies.routing,
  });
  const shared = { clock, log, limits, meters, traffic, sessionService, sessionAccess, visitorTokens, mediaCache };
  const customers = createCustomerGateway({
    ...shared,
    channels,
    ids,
    customerSessions,
    sessions: repositories.sessions,
    patience: options.customerPatience ?? 5_000,
  });
  const desks = createDeskGateway({
    ...shared,
    access,
    accounts: repositories.accounts,
    routing: repositories.routing,
    routingService: dependencies.routing,
    patience: options.deskPatience ?? 2_000,
    autoIdle: options.autoIdle ?? false,
    ownOrigins: options.ownOrigins ?? [],
  });
  const views = createDeskViews({ ...repositories, channels, sessionAccess, clock });
  const requests = createDeskRequests({
    ...shared,
    ...repositories,
    desks,
    views,
    withDeliveries: createWithDeliveries(repositories.deliveries),
    routingService: dependencies.routing,
  });
  const telling = createTelling({
    ...shared,
    ...repositories,
    customers,
    channels,
    desks,
    views,
    customerSessions,
    list: requests.list,
    routingService: dependencies.routing,
  });

  // One try to join a namespace for each connection; nothing but these two namespaces exists.
  const admitted = new WeakSet<object>();
  const once = (socket: Socket, next: (error?: Error) => void) => {
    const { conn } = socket;
    if (traffic.closing || admitted.has(conn)) {
      next(new Error('This connection may not join again.'));
      setImmediate(() => conn.close());
      return;
    }
    admitted.add(conn);
    next();
  };
  io.of('/').use((_socket, next) => next(new Error('Invalid namespace')));
  const customerSpace = io.of(customerNamespace).use(once);
  const deskSpace = io.of(deskNamespace).use(once);
  customers.attach(customerSpace);
  desks.attach(deskSpace, requests.handle);

  if (dependencies.registry !== undefined) measure(dependencies.registry);

  let unsubscribe: (() => void) | undefined;
  let cancelSweep: (() => void) | undefined;
  let sweeps = 0;
  const sweep = () => {
    cancelSweep = clock.after(sweepEvery, sweep);
    sweeps += 1;
    try {
      desks.endInvalid();
      if (sweeps % sweepsPerCleaning !== 0) return;
      meters.sweep();
      customers.endStopped();
      const closed = closeLaggards([...customerSpace.sockets.values(), ...deskSpace.sockets.values()], limits.lag);
      if (closed > 0) log.warn({ closed }, 'readers that lagged behind were dropped');
    } catch (error) {
      log.error({ err: error }, 'looking after connections failed');
    }
  };

  const stopTelling = () => {
    unsubscribe?.();
    unsubscribe = undefined;
    cancelSweep?.();
    telling.stop();
    customers.presence.stop();
    desks.presence.stop();
  };

  return {
    io,
    start() {
      unsubscribe = signals.subscribe((signal) => telling.receive(signal));
      cancelSweep = clock.after(sweepEvery, sweep);
    },
    async preClose(ms = 5_000) {
      if (traffic.closing) return;
      traffic.closing = true;
      // What is being stored is still answered: its sender would else not know.
      const deadline = clock.now() + ms;
      while (traffic.underWay > 0 && clock.now() < deadline) await pause(clock, 10);
      customers.endAll('shutting-down');
      // The last answers and farewells are on their way out.
      await pause(clock, 50);
      stopTelling();
      io.engine.close();
    },
    async close() {
      traffic.closing = true;
      stopTelling();
      io.engine.close();
      for (const space of [customerSpace, deskSpace]) space.adapter.close();
      await pause(clock, 0);
    },
  };

  function measure(registry: Registry): void {
    const connections = new Gauge({
      name: 'foyer_connections',
      help: 'Open connections by kind of person.',
      labelNames: ['kind'],
      registers: [registry],
      collect() {
        connections.set({ kind: 'customer' }, customerSpace.sockets.size);
        connections.set({ kind: 'desk' }, deskSpace.sockets.size);
      },
    });
    const events = new Gauge({
      name: 'foyer_socket_events_total',
      help: 'Socket events answered, by outcome.',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        events.set({ outcome: 'done' }, traffic.handled);
        events.set({ outcome: 'refused' }, traffic.refused);
      },
    });
  }
}

type Listen = (event: 'close', listener: (this: { remoteAddress: string }) => void) => void;

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
