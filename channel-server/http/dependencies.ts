import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from '@fastify/type-provider-zod';
import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync, RawServerDefault } from 'fastify';
import type { Registry } from 'prom-client';
import type { Adapter, Clock, Ids, Log } from '../../adapters/contract/index.ts';
import type { AccessService, VisitorTokens } from '../access/access-service.ts';
import type { Accounts } from '../access/accounts.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { SessionAccess } from '../access/session-access.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import type { InboundService } from '../channels/inbound.ts';
import type { InboundTally } from '../channels/inbound-tally.ts';
import type { ChannelRepository, DeliveryRepository } from '../channels/ports.ts';
import type { Sending } from '../channels/sending.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import type { SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { SessionService } from '../session/session-service.ts';

/** Whether requests should be sent here, for `/readyz`. */
export type Readiness = 'ready' | 'draining' | 'store-unavailable';

/** Everything HTTP speaks for. Made by `app`. */
export interface HttpDependencies {
  access: AccessService;
  accounts: Accounts;
  visitorTokens: VisitorTokens;
  sessionAccess: SessionAccess;
  sessionService: SessionService;
  routingService: RoutingService;
  channelService: ChannelService;
  inbound: InboundService;
  inboundTally: InboundTally;
  sending: Pick<Sending, 'clients' | 'outbox' | 'previews' | 'replay'>;
  mediaCache: MediaCache;
  /** Every channel type this installation can run. */
  adapters: readonly Adapter[];
  repositories: {
    sessions: SessionRepository;
    customers: CustomerRepository;
    routing: RoutingRepository;
    accounts: AccountRepository;
    channels: ChannelRepository;
    deliveries: DeliveryRepository;
  };
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Metrics, those of other folders too. */
  registry: Registry;
  ready(): Promise<Readiness>;
  /** How the world reaches this server, e.g. `https://chat.example`; absent: as each request names it. */
  publicUrl?: string;
  /** How programs on this machine reach this server, once it listens. */
  ownUrl?(): string | undefined;
  /** Another host for media, e.g. `https://media.example`. */
  mediaUrl?: string;
  /** What the build made: `widget.js`, `widget/`, `desk.html`, … */
  distFolder: string;
  /** Further pages (the demo's website). Registered last. */
  extraRoutes?: readonly FastifyPluginAsync[];
  /** Proxies whose `X-Forwarded-…` headers count: addresses or ranges. None by default. */
  trustedProxies?: readonly string[];
  limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** Bytes of a JSON body. */
  bodyBytes: number;
  /** Milliseconds within which a JSON body must have arrived. */
  bodyTime: number;
  /** Requests from one address in a minute. */
  requestsPerMinute: number;
  /** Requests for tokens from one address in a minute; failed sign-ins are slowed down by `access` besides. */
  tokensPerMinute: number;
  /** What staff may upload, bytes. */
  staffUploadBytes: number;
}

export const httpLimits: HttpLimits = {
  bodyBytes: 262_144,
  bodyTime: 15_000,
  requestsPerMinute: 60_000,
  tokensPerMinute: 300,
  staffUploadBytes: 1_000_000_000,
};

/** A Fastify server whose schemas are zod's. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** One file of routes. */
export type ApiRoutes = (app: ApiServer, dependencies: HttpDependencies) => void;
