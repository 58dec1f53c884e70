import type { Channel } from './channel.ts';
import type { ChannelStatus, KeptCredential, MediaFetch } from './channel-status.ts';
import type { ConversationRecord } from './conversation.ts';
import type { Delivery, DeliveryPart, HeldStatus, PartName } from './delivery.ts';

declare module '../session/changes.ts' {
  interface Records {
    channel: Channel;
    conversation: ConversationRecord;
    delivery: Delivery;
    deliveryPart: DeliveryPart;
    partName: PartName;
    heldStatus: HeldStatus;
    channelStatus: ChannelStatus;
    credential: KeptCredential;
    mediaFetch: MediaFetch;
  }
}

export interface ChannelRepository {
  channels(): Promise<Channel[]>;
  channel(channelId: string): Promise<Channel | undefined>;
  statuses(tenantId: string): Promise<ChannelStatus[]>;
  status(channelId: string): Promise<ChannelStatus | undefined>;
  credential(channelId: string, name: string): Promise<KeptCredential | undefined>;
}

/** Reads and claims of what goes out to platforms. */
export interface DeliveryRepository {
  conversation(channelId: string, conversation: string): Promise<ConversationRecord | undefined>;
  /**
   * Take conversations of a channel that are due and that nobody has, earliest first: sets lease and owner, in one
   * transaction. With another's lease run out, it is theirs to take.
   */
  claim(
    channelId: string,
    owner: string,
    now: number,
    leaseUntil: number,
    limit: number,
  ): Promise<ConversationRecord[]>;
  /** When the next conversation of a channel is due (leased ones: when their lease ends), or undefined. */
  nextDue(channelId: string): Promise<number | undefined>;
  /** Channels that have conversations due or leased: for the start and the sweep. */
  channelsWithWork(): Promise<string[]>;
  /** Deliveries of a conversation that are not settled, in the order of their activities. */
  unsettled(channelId: string, conversation: string, limit: number): Promise<Delivery[]>;
  delivery(tenantId: string, deliveryId: string): Promise<Delivery | undefined>;
  parts(deliveryId: string): Promise<DeliveryPart[]>;
  /** Deliveries of a session from `after` (seq) on, at most `limit`, for pages of its log. */
  ofSession(sessionId: string, after: number, limit: number): Promise<Delivery[]>;
  /** Parts by the platform's ids or our keys. */
  named(channelId: string, externalIds: readonly string[]): Promise<PartName[]>;
  /** Parts of a conversation surely sent by then whose state is below that one, newest first. */
  sentUpto(
    channelId: string,
    conversation: string,
    at: number,
    below: 'delivered' | 'read',
    limit: number,
  ): Promise<PartName[]>;
  /** What the platform calls the parts of an activity: to quote it, react to it, take it back. */
  namesOf(deliveryId: string): Promise<PartName[]>;
  held(channelId: string, externalIds: readonly string[]): Promise<HeldStatus[]>;
  /** Failed and unconfirmed ones of a tenant's channel (or all), newest first. */
  dead(
    tenantId: string,
    filter: { channelId?: string },
    page: { limit: number; cursor?: string },
  ): Promise<{ items: Delivery[]; next?: string }>;
  /** Forget held statuses from before then. */
  pruneHeld(before: number): Promise<number>;
}

export interface MediaFetchRepository {
  /** Take files that are due, earliest first: sets their lease, in one transaction. */
  claim(now: number, leaseUntil: number, limit: number): Promise<MediaFetch[]>;
  nextDue(): Promise<number | undefined>;
}
