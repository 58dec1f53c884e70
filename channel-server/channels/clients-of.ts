import type { ChannelClient } from '../../adapters/contract/index.ts';

/** The running client of a channel; undefined while it has none. */
export type ClientOf = (channelId: string) => ChannelClient | undefined;
