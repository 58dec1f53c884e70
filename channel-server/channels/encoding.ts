import type {
  Activity,
  ActivityContent,
  Capabilities,
  Clock,
  Conversation,
  EncodeContext,
  OutboundActivity,
  Participant,
  Prepared,
} from '../../adapters/contract/index.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { SessionRepository } from '../session/ports.ts';
import type { RunningChannel } from './channel-service.ts';
import type { ConversationRecord } from './conversation.ts';
import { isLoopback } from './guarded-fetch-address.ts';
import { partKey } from './part-key.ts';
import type { DeliveryRepository } from './ports.ts';

/** Makes of what the company says what its channel's adapter needs to encode it. */
export interface Encoding {
  /** A message as its adapter gets it. `replyToId` becomes the platform's id of what it quotes, where it is known. */
  outbound(
    session: { tenantId: string; id: string },
    type: OutboundActivity['type'],
    content: ActivityContent,
    from: Participant,
  ): Promise<OutboundActivity>;
  /** A stored activity, or undefined when it or its content is gone. */
  stored(tenantId: string, sessionId: string, seq: number): Promise<OutboundActivity | undefined>;
  /** Encode for a channel that has `prepare`. The same `name` (a delivery's id) gives the same idempotency keys. */
  prepare(
    channel: RunningChannel,
    conversation: ConversationRecord,
    activity: OutboundActivity,
    name: string,
  ): Prepared;
}

export interface EncodingDependencies {
  sessions: Pick<SessionRepository, 'activities'>;
  deliveries: Pick<DeliveryRepository, 'delivery' | 'namesOf'>;
  mediaCache: Pick<MediaCache, 'platformAddress'>;
  clock: Clock;
  /** How the world reaches files here, e.g. `https://chat.example`; undefined: not known. */
  publicBase(): string | undefined;
}

/** How long an address of a file works that goes to a customer as a link, ms. */
const linkLifetime = 7 * 24 * 60 * 60_000;

export function createEncoding(dependencies: EncodingDependencies): Encoding {
  const { sessions, deliveries, mediaCache, clock, publicBase } = dependencies;

  const activityAt = async (tenantId: string, sessionId: string, seq: number): Promise<Activity | undefined> => {
    const { items } = await sessions.activities(tenantId, sessionId, 'staff', seq - 1, 1);
    const activity = items[0]?.activity;
    return activity?.seq === seq ? activity : undefined;
  };

  /** What the platform calls an activity of the same session, and what its adapter kept of it. */
  async function targetOf(
    tenantId: string,
    sessionId: string,
    activityId: string,
  ): Promise<Pick<OutboundActivity, 'target' | 'targetData'> | undefined> {
    const seq = Number(activityId.slice(sessionId.length + 1));
    if (!activityId.startsWith(`${sessionId}.`) || !Number.isSafeInteger(seq) || seq < 1) return undefined;
    const activity = await activityAt(tenantId, sessionId, seq);
    if (activity === undefined) return undefined;
    const { externalId, channelData } = activity;
    if (externalId !== undefined) {
      return { target: externalId, ...(channelData === undefined ? {} : { targetData: channelData }) };
    }
    let delivery = await deliveries.delivery(tenantId, activity.id);
    while (delivery?.replacedBy != null) delivery = await deliveries.delivery(tenantId, delivery.replacedBy);
    if (delivery === undefined) return undefined;
    // Our own keys are among the names: no platform quotes by them.
    const { id } = delivery;
    const name = (await deliveries.namesOf(id)).find((one) => one.externalId !== partKey(id, one.n));
    return name === undefined ? undefined : { target: name.externalId };
  }

  async function outbound(
    session: { tenantId: string; id: string },
    type: OutboundActivity['type'],
    { replyToId, ...content }: ActivityContent,
    { name, role }: Participant,
  ): Promise<OutboundActivity> {
    const activity: OutboundActivity = { ...content, type, from: name === undefined ? { role } : { name, role } };
    if (replyToId === undefined) return activity;
    return { ...activity, ...(await targetOf(session.tenantId, session.id, replyToId)) };
  }

  return {
    outbound,
    async stored(tenantId, sessionId, seq) {
      const activity = await activityAt(tenantId, sessionId, seq);
      if (activity === undefined || activity.redacted !== undefined) return undefined;
      return outbound({ tenantId, id: sessionId }, activity.type, contentOf(activity), activity.from);
    },
    prepare({ record, adapter, settings, capabilities }, conversation, activity, name) {
      if (adapter.prepare === undefined) throw new TypeError(`Nothing is sent on channels of type ${adapter.type}.`);
      const now = clock.now();
      const base = fetchable(publicBase(), settings);
      const context: EncodeContext = {
        settings,
        conversation: conversationOf(conversation),
        now,
        key: (part) => partKey(name, part),
        link(mediaId) {
          if (base === undefined) return undefined;
          const until = now + lifetimeOf(capabilities);
          return new URL(mediaCache.platformAddress(mediaId, record.id, until), base).href;
        },
      };
      return adapter.prepare(activity, context);
    },
  };
}

/** Where to write, as adapters know it. */
export function conversationOf({ id, address, windowUntil, windowLeft, closed }: ConversationRecord): Conversation {
  const conversation: Conversation = { id, address };
  if (windowUntil !== null) {
    conversation.window =
      windowLeft === null ? { until: windowUntil } : { until: windowUntil, left: Math.max(0, windowLeft) };
  }
  if (closed !== null) conversation.closed = closed;
  return conversation;
}

/** The setting every adapter has: the origin that stands in for its platform's hosts. */
export function apiBaseUrlOf(settings: unknown): string | undefined {
  const { apiBaseUrl } = (settings ?? {}) as { apiBaseUrl?: unknown };
  return typeof apiBaseUrl === 'string' && URL.canParse(apiBaseUrl) ? apiBaseUrl : undefined;
}

/** An address that platforms fetch from: https, or this machine's own when the platform is on it, too. */
export function fetchable(base: string | undefined, settings: unknown): string | undefined {
  if (base === undefined || base.startsWith('https:')) return base;
  const platform = apiBaseUrlOf(settings);
  return platform !== undefined && isLoopback(new URL(platform)) && isLoopback(new URL(base)) ? base : undefined;
}

function lifetimeOf(capabilities: Capabilities): number {
  return Math.max(linkLifetime, capabilities.linkLifetime ?? 0);
}

function contentOf(activity: Activity): ActivityContent {
  const { text, textFormat, attachments, suggestedActions, replyToId, value, channelData } = activity;
  return {
    ...(text === undefined ? {} : { text }),
    ...(textFormat === undefined ? {} : { textFormat }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(suggestedActions === undefined ? {} : { suggestedActions }),
    ...(replyToId === undefined ? {} : { replyToId }),
    ...(value === undefined ? {} : { value }),
    ...(channelData === undefined ? {} : { channelData }),
  };
}
