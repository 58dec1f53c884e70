import type { Clock, Ids, Log, TokenCache } from '../../adapters/contract/index.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { SessionService } from '../session/session-service.ts';
import type { ChannelService } from './channel-service.ts';
import type { ClientOf } from './clients-of.ts';
import { createInbound, type InboundService } from './inbound.ts';
import { createInboundTally, type InboundTally } from './inbound-tally.ts';
import { createMediaFetcher, type MediaFetcher } from './media-fetch.ts';
import type { DeliveryRepository, MediaFetchRepository } from './ports.ts';
import { createStatuses, heldFor, type Statuses } from './statuses.ts';

/** Everything that takes in what comes from platforms. */
export interface Receiving {
  inbound: InboundService;
  inboundTally: InboundTally;
  statuses: Statuses;
  mediaFetcher: MediaFetcher;
  /** Forget statuses whose messages never got a name. */
  prune(): Promise<number>;
  /** Finish what runs and write what is gathered. Call after the last request. */
  stop(): Promise<void>;
}

export function createReceiving(d: {
  channels: Pick<ChannelService, 'all' | 'running'>;
  sessionService: SessionService;
  sessions: SessionRepository;
  customers: CustomerRepository;
  deliveries: DeliveryRepository;
  mediaFetches: MediaFetchRepository;
  mediaCache: Pick<MediaCache, 'fill' | 'find'>;
  clientOf: ClientOf;
  tokensOf(channelId: string): Pick<TokenCache, 'get'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
}): Receiving {
  const inboundTally = createInboundTally(d);
  const statuses = createStatuses(d);
  const mediaFetcher = createMediaFetcher({ ...d, fetches: d.mediaFetches });
  const inbound = createInbound({ ...d, statuses, tally: inboundTally, wakeMediaFetch: mediaFetcher.wake });
  return {
    inbound,
    inboundTally,
    statuses,
    mediaFetcher,
    prune: () => d.deliveries.pruneHeld(d.clock.now() - heldFor),
    async stop() {
      await mediaFetcher.stop();
      await inboundTally.flush();
    },
  };
}
