import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { Signals, UnitOfWork } from '../session/ports.ts';
import type { ChannelService } from './channel-service.ts';
import type { ChannelStatusKeeper } from './channel-status-keeper.ts';
import type { ClientOf } from './clients-of.ts';
import type { Encoding } from './encoding.ts';
import { type ChannelWorker, createChannelWorker } from './outbox-channel.ts';
import { createConversationWork, leaseTime } from './outbox-conversation.ts';
import type { DeliveryRepository } from './ports.ts';
import type { Statuses } from './statuses.ts';

/** Sends what was committed for platforms, in order per conversation, never twice as far as anybody can know. */
export interface Outbox {
  /** Take up what waits, and whatever comes. */
  start(): Promise<void>;
  /** Somebody looked after a channel that was stopped: try again. */
  resume(channelId: string): Promise<void>;
  /** Take nothing new; what is under way may end within `drainMs`, then its requests are cut. */
  stop(drainMs: number): Promise<void>;
}

export interface OutboxDependencies {
  channelService: Pick<ChannelService, 'running' | 'watch'>;
  clientOf: ClientOf;
  deliveries: DeliveryRepository;
  statuses: Pick<Statuses, 'applyHeld'>;
  status: ChannelStatusKeeper;
  encoding: Encoding;
  unitOfWork: UnitOfWork;
  signals: Signals;
  /** Names this process's leases; another for every start. */
  owner: string;
  /** No other process uses the store: leases found at the start are of one that is gone. */
  alone: boolean;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** How often it is looked whether other nodes left work behind, ms. */
const sweepEvery = 15_000;

export function createOutbox(d: OutboxDependencies): Outbox {
  const { channelService, deliveries, signals, clock, log } = d;
  const ending = new AbortController();
  const work = createConversationWork(d);
  const workers = new Map<string, ChannelWorker>();
  const unsubscribes: (() => void)[] = [];
  let stopped = false;

  function workerOf(channelId: string): ChannelWorker {
    const known = workers.get(channelId);
    if (known !== undefined) return known;
    const ahead = d.alone ? leaseTime : 0;
    const worker = createChannelWorker({ ...d, work, ahead, ending: ending.signal }, channelId);
    workers.set(channelId, worker);
    return worker;
  }

  async function look(): Promise<void> {
    for (const channelId of await deliveries.channelsWithWork()) workerOf(channelId).wake();
  }

  function sweep(): void {
    unsubscribes.push(
      clock.after(sweepEvery, () => {
        if (stopped) return;
        unsubscribes.pop();
        look()
          .catch((error: unknown) => log.error({ err: error }, 'what waits for platforms could not be looked for'))
          .finally(sweep);
      }),
    );
  }

  return {
    async start() {
      unsubscribes.push(
        signals.subscribe((signal) => {
          if (signal.kind === 'outbox') workerOf(signal.channelId).wake();
        }),
        channelService.watch(() => {
          for (const worker of workers.values()) worker.wake();
        }),
      );
      await look();
      sweep();
    },
    resume: (channelId) => workerOf(channelId).resume(),
    async stop(drainMs) {
      stopped = true;
      for (const unsubscribe of unsubscribes) unsubscribe();
      const cancel = clock.after(drainMs, () => ending.abort());
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      cancel();
    },
  };
}
