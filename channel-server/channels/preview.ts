import type { ActivityContent, Loss, MessagingWindow, Part, Participant } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { ChannelService, RunningChannel } from './channel-service.ts';
import type { ConversationRecord } from './conversation.ts';
import { conversationOf, type Encoding } from './encoding.ts';
import type { DeliveryRepository } from './ports.ts';

/** What a message will become on its channel. */
export interface Preview {
  /** In the order the customer will see them; empty when nothing can be sent. */
  parts: Part['shows'][];
  losses: Loss[];
  /** When and how much may still be written; absent: always. */
  window?: MessagingWindow;
}

/** Where a session's messages go out, if its channel has a platform that is written to. */
export interface Door {
  channel: RunningChannel;
  conversation: ConversationRecord;
}

/** Says before sending what a platform will get. */
export interface Previews {
  /** Undefined where messages need no sending (the web). Throws CHANNEL_REFUSES when the channel cannot send at all. */
  door(session: Session): Promise<Door | undefined>;
  preview(session: Session, door: Door, content: ActivityContent, from: Participant): Promise<Preview>;
}

export function createPreviews(
  channelService: Pick<ChannelService, 'running' | 'sends'>,
  deliveries: Pick<DeliveryRepository, 'conversation'>,
  encoding: Encoding,
): Previews {
  return {
    async door({ channelId, channelType, conversation: id, tenantId }) {
      if (!channelService.sends(channelType)) return undefined;
      const channel = channelService.running(channelId);
      if (channel === undefined || channel.record.tenantId !== tenantId) {
        throw new FoyerError('CHANNEL_REFUSES', 'This channel is switched off, or its settings are not valid.', {
          details: { losses: [] },
        });
      }
      const conversation = await deliveries.conversation(channelId, id);
      if (conversation === undefined) {
        throw new FoyerError('CHANNEL_REFUSES', 'It is not known where to write to this customer.', {
          details: { losses: [] },
        });
      }
      return { channel, conversation };
    },
    async preview(session, { channel, conversation }, content, from) {
      const activity = await encoding.outbound(session, 'message', content, from);
      const { parts, losses } = encoding.prepare(channel, conversation, activity, `${session.id}.preview`);
      const { window } = conversationOf(conversation);
      return { parts: parts.map(({ shows }) => shows), losses, ...(window === undefined ? {} : { window }) };
    },
  };
}

/** Throws CHANNEL_REFUSES, with the losses in its details, when a message would not be sent at all. */
export function throwIfBlocked({ parts, losses }: Preview): void {
  const blocking = losses.filter(({ blocks }) => blocks === true);
  if (blocking.length === 0 && parts.length > 0) return;
  const why = blocking.length === 0 ? 'nothing-to-send' : blocking.map(({ code }) => code).join(', ');
  throw new FoyerError('CHANNEL_REFUSES', `The channel does not take this message: ${why}.`, { details: { losses } });
}
