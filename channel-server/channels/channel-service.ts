import type { Adapter, Capabilities } from '../../adapters/contract/index.ts';
import type { ChannelFacts } from '../session/ports.ts';
import type { Channel } from './channel.ts';

/** A channel with its adapter, checked settings and what it can carry. */
export interface RunningChannel {
  record: Channel;
  adapter: Adapter;
  settings: unknown;
  capabilities: Capabilities;
}

/** The configured channels, by id, kept current as configuration changes. */
export interface ChannelService extends ChannelFacts {
  start(): Promise<void>;
  /** Undefined when unknown, disabled, or its settings are not valid (logged once). */
  running(channelId: string): RunningChannel | undefined;
  all(): RunningChannel[];
  /** Check and store; throws CHANNEL_SETTINGS_INVALID naming the field. */
  save(channel: Channel): Promise<RunningChannel>;
}
