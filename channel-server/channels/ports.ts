import type { Channel } from './channel.ts';

declare module '../session/changes.ts' {
  interface Records {
    channel: Channel;
  }
}

export interface ChannelRepository {
  channels(): Promise<Channel[]>;
  channel(channelId: string): Promise<Channel | undefined>;
}
