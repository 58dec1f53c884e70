import type { Inbound } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { ChannelService, RunningChannel } from './channel-service.ts';
import { checkedItem } from './inbound-check.ts';
import { createInboundItems, type InboundItemsDependencies, type ItemOutcome } from './inbound-items.ts';

/** What became of a delivery. */
export interface InboundSummary {
  stored: number;
  repeated: number;
  dropped: number;
  /** The greeting was stored with the session that the delivery began, now or when it came first. */
  greeted: boolean;
}

/** Takes in what platforms deliver. */
export interface InboundService {
  /**
   * Store what was decoded; resolves once everything is committed. Items of one conversation are stored in their order,
   * others side by side. One item that cannot be used never sinks the rest. Rejects (FoyerError STORAGE_…) only when
   * the store failed: the platform may deliver the same again, and what was stored is not stored twice.
   * `greeting`: said at once to a customer whose first message begins a session.
   */
  receive(running: RunningChannel, items: readonly Inbound[], greeting?: string): Promise<InboundSummary>;
}

export interface InboundDependencies extends InboundItemsDependencies {
  channels: Pick<ChannelService, 'all' | 'running'>;
}

/** Conversations of one delivery that are stored side by side. */
const atOnce = 50;

export function createInbound(dependencies: InboundDependencies): InboundService {
  const { channels, tally, log } = dependencies;
  const items = createInboundItems(dependencies);

  /** The channel an item is for: the one it came in by, or the tenant's of the same type, account and app secret. */
  function channelOf(running: RunningChannel, item: Inbound): RunningChannel | undefined {
    const { adapter, settings, record } = running;
    if (item.account === undefined || item.account === adapter.account?.(settings)) return running;
    const secret = adapter.appSecret?.(settings);
    if (secret === undefined) return undefined;
    for (const { record: other } of channels.all()) {
      if (other.tenantId !== record.tenantId || other.type !== record.type || other.id === record.id) continue;
      const found = channels.running(other.id);
      if (found?.adapter.account?.(found.settings) !== item.account) continue;
      if (found.adapter.appSecret?.(found.settings) === secret) return found;
    }
    return undefined;
  }

  /** One item. Whatever is wrong with it alone is counted; failures of the store are thrown. */
  async function take(running: RunningChannel, item: Inbound, greeting: string | undefined): Promise<ItemOutcome> {
    try {
      return await items.take(running, item, greeting);
    } catch (error) {
      if (error instanceof FoyerError && error.code.startsWith('STORAGE_')) throw error;
      const { id: channel, type } = running.record;
      const reason = error instanceof FoyerError ? error.code : 'it could not be handled';
      log.error({ err: error, channel, type, kind: item.kind }, 'an item of a delivery could not be stored');
      tally.dropped(running.record, reason);
      return { kind: 'dropped' };
    }
  }

  return {
    async receive(running, given, greeting) {
      tally.heard(running.record);
      const summary: InboundSummary = { stored: 0, repeated: 0, dropped: 0, greeted: false };
      const groups = new Map<string, { channel: RunningChannel; item: Inbound }[]>();
      // After a new name nothing may come before it, whatever it is called by then.
      const together = given.some(({ kind }) => kind === 'rename');
      for (const [position, each] of given.entries()) {
        const item = checkedItem(each);
        const channel = typeof item === 'string' ? undefined : channelOf(running, item);
        if (typeof item === 'string' || channel === undefined) {
          summary.dropped += 1;
          tally.dropped(running.record, typeof item === 'string' ? item : 'it is for no account of ours');
          continue;
        }
        if (channel !== running) tally.heard(channel.record);
        const key = together ? '' : `${channel.record.id}\n${conversationOf(item) ?? position}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ channel, item }]);
        else group.push({ channel, item });
      }
      const waiting = [...groups.values()];
      const failures: unknown[] = [];
      const work = async () => {
        for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
          try {
            for (const { channel, item } of group) {
              const outcome = await take(channel, item, greeting);
              summary[outcome.kind] += 1;
              if (outcome.greeted === true) summary.greeted = true;
            }
          } catch (error) {
            failures.push(error);
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work));
      if (failures.length > 0) throw failures[0];
      return summary;
    },
  };
}

function conversationOf(item: Inbound): string | undefined {
  return 'conversation' in item ? item.conversation?.id : undefined;
}
