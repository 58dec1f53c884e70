import type { ChannelReport, Clock, Log } from '../../adapters/contract/index.ts';
import type { Signals, UnitOfWork } from '../session/ports.ts';
import type { ChannelStatus } from './channel-status.ts';
import type { ChannelRepository } from './ports.ts';

/** Which channel a status is of. */
export interface StatusOf {
  id: string;
  tenantId: string;
}

/** Keeps how each channel is, for the channels page and for whoever sends. */
export interface ChannelStatusKeeper {
  of(channel: StatusOf): Promise<ChannelStatus>;
  /** What a connection of the channel's own says of itself. */
  reported(channel: StatusOf, report: ChannelReport): Promise<void>;
  /** Something went wrong, in plain words without secrets. */
  problem(channel: StatusOf, problem: string): Promise<void>;
  circuit(
    channel: StatusOf,
    circuit: ChannelStatus['circuit'],
    pausedUntil: number | null,
    problem?: string,
  ): Promise<void>;
  /** The platform took something. Kept at most every half minute. */
  sent(channel: StatusOf): void;
}

export interface StatusKeeperDependencies {
  channels: Pick<ChannelRepository, 'status'>;
  unitOfWork: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Log;
}

type Facts = Partial<Omit<ChannelStatus, 'channelId' | 'tenantId'>>;

const sentEvery = 30_000;

/** A channel of which nothing is known yet. */
export function newStatus({ id: channelId, tenantId }: StatusOf): ChannelStatus {
  return {
    channelId,
    tenantId,
    report: null,
    circuit: 'closed',
    pausedUntil: null,
    problem: null,
    problemAt: null,
    heardAt: null,
    sentAt: null,
    dropped: 0,
  };
}

export function createChannelStatusKeeper(dependencies: StatusKeeperDependencies): ChannelStatusKeeper {
  const { channels, unitOfWork, signals, clock, log } = dependencies;
  const reports = new Map<string, string>();
  const sentAt = new Map<string, number>();

  async function keep(channel: StatusOf, set: Facts): Promise<void> {
    const { id: channelId, tenantId } = channel;
    await unitOfWork.commit([
      { kind: 'insert', record: 'channelStatus', values: newStatus(channel), ignore: true },
      { kind: 'update', record: 'channelStatus', where: { channelId }, set },
    ]);
    signals.publish({ kind: 'channel-status', tenantId, channelId });
  }

  return {
    of: async (channel) => (await channels.status(channel.id)) ?? newStatus(channel),
    async reported(channel, report) {
      const said = JSON.stringify(report);
      if (reports.get(channel.id) === said) return;
      reports.set(channel.id, said);
      await keep(channel, { report });
    },
    problem: (channel, problem) => keep(channel, { problem, problemAt: clock.now() }),
    circuit(channel, circuit, pausedUntil, problem) {
      const why = problem === undefined ? {} : { problem, problemAt: clock.now() };
      return keep(channel, { circuit, pausedUntil, ...why });
    },
    sent(channel) {
      const now = clock.now();
      if (now - (sentAt.get(channel.id) ?? Number.NEGATIVE_INFINITY) < sentEvery) return;
      sentAt.set(channel.id, now);
      keep(channel, { sentAt: now }).catch((error: unknown) => {
        log.warn({ err: error, channel: channel.id }, 'a channel status could not be kept');
      });
    },
  };
}
