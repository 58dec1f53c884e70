import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterHost, ChannelClient, Clock, Inbound, Log, TokenCache } from '../../adapters/contract/index.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { Transcoder } from '../media/transcoder.ts';
import type { UnitOfWork } from '../session/ports.ts';
import type { ChannelService, RunningChannel } from './channel-service.ts';
import type { ChannelStatusKeeper } from './channel-status-keeper.ts';
import { createHostMedia } from './clients-media.ts';
import { apiBaseUrlOf } from './encoding.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import type { Connections } from './guarded-fetch-dispatch.ts';
import type { ChannelRepository } from './ports.ts';
import type { Sealing } from './sealing.ts';
import { createTokenCache } from './token-cache.ts';

/** The clients of all running channels, one each, made anew when a channel changes. */
export interface ChannelClients {
  /** Begin to keep clients; those with connections of their own connect. */
  start(): void;
  /** Undefined while the channel does not run or its adapter has none. */
  clientOf(channelId: string): ChannelClient | undefined;
  /** A client of settings that are only being tried: never started, reports nothing. */
  trial(channel: RunningChannel): ChannelClient | undefined;
  /** The tokens of a channel, the same for all its clients. */
  tokensOf(channelId: string): TokenCache;
  stop(): Promise<void>;
}

export interface ClientsDependencies {
  channelService: Pick<ChannelService, 'all' | 'running' | 'watch'>;
  channels: Pick<ChannelRepository, 'credential'>;
  unitOfWork: UnitOfWork;
  status: ChannelStatusKeeper;
  connections: Connections;
  sealing: Sealing;
  mediaCache: Pick<MediaCache, 'find' | 'open'>;
  transcoder: Transcoder;
  /** Stores what a client's own connection heard; resolves after commit. */
  receive(channel: RunningChannel, items: Inbound[]): Promise<unknown>;
  /** Holds a folder for each channel that asks for one. */
  folder: string;
  clock: Clock;
  log: Log;
}

interface Kept {
  channel: RunningChannel;
  client: ChannelClient;
  /** What it says of itself counts no more once another has its place. */
  current: boolean;
  started: boolean;
}

export function createClients(dependencies: ClientsDependencies): ChannelClients {
  const { channelService, status, clock, log } = dependencies;
  const kept = new Map<string, Kept>();
  /** What was last tried and could not be made: not tried again until it changes. */
  const broken = new Map<string, RunningChannel>();
  /** Starts and stops of one channel, one after the other. */
  const turns = new Map<string, Promise<void>>();
  let unwatch: (() => void) | undefined;
  let stopped = false;

  const tokens = new Map<string, TokenCache>();
  function tokensOf(channelId: string): TokenCache {
    const { channels: credentials, unitOfWork, sealing } = dependencies;
    const known = tokens.get(channelId) ?? createTokenCache({ channelId, credentials, unitOfWork, sealing, clock });
    tokens.set(channelId, known);
    return known;
  }

  function hostOf(channel: RunningChannel, isCurrent: () => boolean): AdapterHost {
    const { record, settings } = channel;
    const { id, tenantId, type, name } = record;
    const apiBaseUrl = apiBaseUrlOf(settings);
    const { connections, mediaCache, transcoder } = dependencies;
    const folder = join(dependencies.folder, id);
    const own = log.child({ channel: id, type });
    return {
      channel: { id, tenantId, type, name, settings },
      clock,
      log: own,
      fetch: createGuardedFetch({ connections, clock, ...(apiBaseUrl === undefined ? {} : { apiBaseUrl }) }),
      tokens: tokensOf(id),
      media: createHostMedia(tenantId, mediaCache, transcoder),
      async folder() {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return folder;
      },
      async receive(items) {
        await dependencies.receive(channelService.running(id) ?? channel, items);
      },
      report(report) {
        if (!isCurrent()) return;
        status.reported(record, report).catch((error: unknown) => {
          own.warn({ err: error }, 'what a channel reported could not be kept');
        });
      },
    };
  }

  function make(channel: RunningChannel): Kept | undefined {
    const { adapter, record } = channel;
    if (adapter.create === undefined || broken.get(record.id) === channel) return undefined;
    try {
      const one = { current: true, started: false };
      const client = adapter.create(hostOf(channel, () => one.current));
      return Object.assign(one, { channel, client });
    } catch (error) {
      broken.set(record.id, channel);
      log.error({ err: error, channel: record.id }, 'the client of a channel could not be made');
      status
        .problem(record, 'The channel could not be started. The log of the server says why.')
        .catch(() => undefined);
      return undefined;
    }
  }

  function inTurn(channelId: string, work: () => Promise<void>): void {
    const turn = (turns.get(channelId) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      log.error({ err: error, channel: channelId }, 'a channel could not connect or disconnect');
    });
    turns.set(channelId, turn);
  }

  function drop(channelId: string): void {
    const one = kept.get(channelId);
    if (one === undefined) return;
    kept.delete(channelId);
    one.current = false;
    const { client } = one;
    if (client.stop === undefined) return;
    inTurn(channelId, async () => {
      // One that was replaced before its turn to connect came has nothing to end.
      if (one.started || client.start === undefined) await client.stop?.();
    });
  }

  /** The client of what the channel is now. */
  function current(channelId: string): Kept | undefined {
    const channel = channelService.running(channelId);
    const before = kept.get(channelId);
    if (before !== undefined && before.channel === channel) return before;
    drop(channelId);
    if (channel === undefined || stopped) return undefined;
    const one = make(channel);
    if (one === undefined) return undefined;
    kept.set(channelId, one);
    const { client } = one;
    if (client.start !== undefined) {
      inTurn(channelId, async () => {
        if (!one.current) return;
        one.started = true;
        await client.start?.();
      });
    }
    return one;
  }

  function look(): void {
    for (const { record } of channelService.all()) current(record.id);
    for (const id of kept.keys()) current(id);
  }

  return {
    start() {
      unwatch ??= channelService.watch(look);
      look();
    },
    clientOf: (channelId) => current(channelId)?.client,
    trial: (channel) => channel.adapter.create?.(hostOf(channel, () => false)),
    tokensOf,
    async stop() {
      stopped = true;
      unwatch?.();
      for (const id of [...kept.keys()]) drop(id);
      await Promise.all(turns.values());
    },
  };
}
