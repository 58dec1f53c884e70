import type { Clock, Ids, Inbound, Log } from '../../adapters/contract/index.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { Transcoder } from '../media/transcoder.ts';
import type { Outgoing, SessionRepository, Signals, UnitOfWork } from '../session/ports.ts';
import type { ChannelService, RunningChannel } from './channel-service.ts';
import { type ChannelStatusKeeper, createChannelStatusKeeper } from './channel-status-keeper.ts';
import { type ChannelClients, createClients } from './clients.ts';
import { createEncoding } from './encoding.ts';
import { type ConnectionsOptions, createConnections } from './guarded-fetch-dispatch.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createOutboxEntry } from './outbox-entry.ts';
import { tellMarks } from './outbox-marks.ts';
import { createReplay, type Replay } from './outbox-replay.ts';
import type { ChannelRepository, DeliveryRepository } from './ports.ts';
import { createPreviews, type Previews } from './preview.ts';
import type { Sealing } from './sealing.ts';
import { createStatuses } from './statuses.ts';

/** Everything that writes to platforms. */
export interface Sending {
  /** What messages of the company's people add to their commits. */
  outgoing: Outgoing;
  clients: ChannelClients;
  outbox: Outbox;
  previews: Previews;
  replay: Replay;
  status: ChannelStatusKeeper;
  start(): Promise<void>;
  /** What is under way may end within `drainMs`. */
  stop(drainMs: number): Promise<void>;
}

export interface SendingDependencies {
  channelService: ChannelService;
  channels: ChannelRepository;
  deliveries: DeliveryRepository;
  sessions: SessionRepository;
  mediaCache: Pick<MediaCache, 'find' | 'open' | 'platformAddress'>;
  transcoder: Transcoder;
  sealing: Sealing;
  receive(channel: RunningChannel, items: Inbound[]): Promise<unknown>;
  /** How platforms reach files here; undefined: they cannot. */
  publicBase(): string | undefined;
  /** Holds a folder for each channel that asks for one. */
  folder: string;
  /** No other process uses the store. */
  alone: boolean;
  random: () => number;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  ids: Ids;
  log: Log;
  connections?: ConnectionsOptions;
}

export function createSending(d: SendingDependencies): Sending {
  const { channelService, deliveries, ids } = d;
  const status = createChannelStatusKeeper(d);
  const connections = createConnections(d.connections);
  const clients = createClients({ ...d, status, connections });
  const encoding = createEncoding(d);
  const previews = createPreviews(channelService, deliveries, encoding);
  const { clientOf } = clients;
  const outbox = createOutbox({ ...d, clientOf, statuses: createStatuses(d), status, encoding, owner: ids.secret(12) });
  let silence: (() => void) | undefined;
  return {
    outgoing: createOutboxEntry(channelService, previews),
    clients,
    outbox,
    previews,
    replay: createReplay(d),
    status,
    async start() {
      clients.start();
      await outbox.start();
      silence = tellMarks({ ...d, clientOf });
    },
    async stop(drainMs) {
      silence?.();
      await outbox.stop(drainMs);
      await clients.stop();
      await connections.close();
    },
  };
}
