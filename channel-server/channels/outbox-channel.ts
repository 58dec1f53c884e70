import type { Clock, Log, SendFailure } from '../../adapters/contract/index.ts';
import type { ChannelService, RunningChannel } from './channel-service.ts';
import type { ChannelStatusKeeper } from './channel-status-keeper.ts';
import { type Circuit, createCircuit } from './circuit.ts';
import type { ClientOf } from './clients-of.ts';
import type { ConversationRecord } from './conversation.ts';
import { type AttemptWatcher, type createConversationWork, leaseTime } from './outbox-conversation.ts';
import { backoffOf } from './outbox-outcome.ts';
import type { DeliveryRepository } from './ports.ts';

/** Sends what waits on one channel. Knows of no other: however slow or dead its platform is, nobody else waits. */
export interface ChannelWorker {
  /** There may be something to do. */
  wake(): void;
  /** Somebody looked after a stopped channel: go on. */
  resume(): Promise<void>;
  /** Take nothing new; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface ChannelWorkerDependencies {
  channelService: Pick<ChannelService, 'running'>;
  clientOf: ClientOf;
  deliveries: Pick<DeliveryRepository, 'claim' | 'nextDue'>;
  status: ChannelStatusKeeper;
  work: ReturnType<typeof createConversationWork>;
  /** Of this process: names its leases. */
  owner: string;
  /** Leases of a process that is certainly gone need not run out: for the first look, ms. */
  ahead: number;
  ending: AbortSignal;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** Conversations that are sent side by side. */
export const atOnce = 8;

export function createChannelWorker(d: ChannelWorkerDependencies, channelId: string): ChannelWorker {
  const { channelService, clientOf, deliveries, status, work, owner, clock, random, log } = d;
  const active = new Map<string, Promise<void>>();
  let circuit: Circuit | undefined;
  /** What ran when the channel was stopped: another one may try. */
  let broken: RunningChannel | undefined;
  /** The platform wants nothing more from the whole channel before then. */
  let limitedUntil = 0;
  let limitedConversation: string | undefined;
  let limits = 0;
  let ahead = d.ahead;
  let stopping = false;
  let looking = false;
  let again = false;
  let cancelAlarm: (() => void) | undefined;

  function wake(): void {
    if (stopping) return;
    again = true;
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => {
        log.error({ err: error, channel: channelId }, 'what waits for a channel could not be looked for');
        alarm(clock.now() + 1_000);
      })
      .finally(() => {
        looking = false;
        if (again) wake();
      });
  }

  function alarm(at: number): void {
    cancelAlarm?.();
    // Never at once: a clock of another node may be a little ahead.
    cancelAlarm = clock.after(Math.max(20, at - clock.now()), wake);
  }

  async function look(): Promise<void> {
    while (again) {
      again = false;
      const channel = channelService.running(channelId);
      const client = clientOf(channelId);
      if (channel === undefined || client === undefined) return;
      circuit ??= await known(channel);
      if (broken !== undefined && broken !== channel) await resume();
      const now = clock.now();
      const free = room(circuit, now);
      if (free <= 0) continue;
      const claimed = await deliveries.claim(channelId, owner, now + ahead, now + leaseTime, free);
      ahead = 0;
      for (const conversation of claimed) begin(channel, client, conversation);
      if (claimed.length === free) continue;
      const due = await deliveries.nextDue(channelId);
      if (due !== undefined) alarm(due);
    }
  }

  /** How many more conversations may begin now; sets the alarm when it is not yet time. */
  function room(open: Circuit, now: number): number {
    const gate = open.gate(now);
    if (gate === 'stopped') return 0;
    const until = Math.max(limitedUntil, typeof gate === 'object' ? gate.until : 0);
    if (until > now) {
      alarm(until);
      return 0;
    }
    return (gate === 'probe' ? 1 : atOnce) - active.size;
  }

  async function known(channel: RunningChannel): Promise<Circuit> {
    const stored = await status.of(channel.record);
    if (stored.circuit === 'stopped') broken = channel;
    return createCircuit(random, stored);
  }

  function begin(channel: RunningChannel, client: Parameters<typeof work>[1], conversation: ConversationRecord): void {
    const done = work(channel, client, conversation, owner, watcherOf(channel))
      .catch((error: unknown) => {
        // Its lease runs out, and then it is looked at again.
        log.error({ err: error, channel: channelId }, 'a conversation could not be sent to');
      })
      .finally(() => {
        active.delete(conversation.id);
        wake();
      });
    active.set(conversation.id, done);
  }

  function keep(channel: RunningChannel, problem?: string): void {
    if (circuit === undefined) return;
    const { circuit: state, pausedUntil } = circuit.state();
    status.circuit(channel.record, state, pausedUntil, problem).catch((error: unknown) => {
      log.warn({ err: error, channel: channelId }, 'the state of a channel could not be kept');
    });
  }

  function watcherOf(channel: RunningChannel): AttemptWatcher {
    return {
      ending: d.ending,
      stopping: () => stopping || circuit?.gate(clock.now()) === 'stopped' || limitedUntil > clock.now(),
      answered(taken) {
        if (circuit?.succeeded() === true) keep(channel);
        if (!taken) return;
        limits = 0;
        limitedConversation = undefined;
        status.sent(channel.record);
      },
      unanswered(failure: SendFailure) {
        if (circuit?.failed(clock.now()) !== true) return;
        log.warn({ channel: channelId, kind: failure.kind }, 'a platform does not answer; its channel pauses');
        keep(channel, `The platform does not answer: ${failure.message}`);
      },
      limited(conversation, after) {
        if (circuit?.succeeded() === true) keep(channel);
        // One conversation may have its own limit; two in a row mean that the channel has reached its.
        limits += conversation === limitedConversation ? 0 : 1;
        limitedConversation = conversation;
        if (limits < 2) return;
        limitedUntil = Math.max(limitedUntil, clock.now() + (after ?? backoffOf(limits, random)));
      },
      broken(failure) {
        broken = channel;
        circuit?.stop();
        log.error({ channel: channelId, code: failure.code }, 'a channel is stopped: its account does not work');
        keep(
          channel,
          `${failure.message} Messages wait. Correct the settings or the account, then test the connection.`,
        );
      },
    };
  }

  async function resume(): Promise<void> {
    broken = undefined;
    const channel = channelService.running(channelId);
    if (circuit === undefined || channel === undefined || circuit.state().circuit === 'closed') return;
    circuit.resume();
    await status.circuit(channel.record, 'closed', null);
  }

  return {
    wake,
    async resume() {
      await resume();
      wake();
    },
    async stop() {
      stopping = true;
      cancelAlarm?.();
      await Promise.all(active.values());
    },
  };
}
