import {
  ChannelError,
  type Conversation,
  type Inbound,
  type InboundActivity,
  type InboundContent,
  type InboundNotice,
  type Person,
} from '../contract/index.ts';
import { asNumber, asRecord, asString, guarded, recordOf, required, type UnknownRecord } from '../kit/index.ts';
import type { LineSettings } from './config.ts';
import { contentOfMessage, contentOfPostback } from './decode-content.ts';
import { eventContentOf } from './decode-events.ts';
import type { Address } from './platform.ts';

/**
 * A delivery (`{destination, events}`) as inbound items. Its channel secret proves for which account it is, so that
 * `destination` is not needed. Events in standby mode are another tool's to answer, and groups can be ignored by
 * setting: both say nothing here.
 */
export function decode(payload: unknown, settings: Pick<LineSettings, 'groups'>): Inbound[] {
  const events = asRecord(payload)?.events;
  if (!Array.isArray(events)) throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The body must be {"events": […]}.');
  return guarded(events, (item) => {
    const event = required(asRecord(item), 'object');
    if (event.mode === 'standby') return [];
    const type = required(asString(event.type), 'type');
    const notice = noticeOf(type);
    if (notice !== undefined) return [notice];
    const source = sourceOf(event);
    if (source.kind !== 'user' && settings.groups === 'ignored') return [];
    return [activityOf(type, event, source)];
  });
}

interface Source {
  kind: Address['kind'];
  to: string;
  person: Person;
}

function sourceOf(event: UnknownRecord): Source {
  const source = recordOf(event.source);
  const userId = asString(source.userId);
  const groupId = asString(source.groupId);
  const roomId = asString(source.roomId);
  if (source.type === 'group') return inGroup('group', required(groupId, 'source.groupId'), userId);
  if (source.type === 'room') return inGroup('room', required(roomId, 'source.roomId'), userId);
  const id = required(userId, 'source.userId');
  return { kind: 'user', to: id, person: { id } };
}

/** LINE leaves the writer out of group events when they have not agreed to be named: the group speaks then. */
function inGroup(kind: 'group' | 'room', to: string, userId: string | undefined): Source {
  return { kind, to, person: { id: userId ?? to } };
}

function activityOf(type: string, event: UnknownRecord, source: Source): InboundActivity {
  const at = required(asNumber(event.timestamp), 'timestamp');
  const message = recordOf(event.message);
  const content = contentOf(type, event, message);
  const conversation: Conversation = { id: `${source.kind}:${source.to}`, address: addressOf(event, source, at) };
  if (type === 'unfollow') conversation.closed = 'unfollowed';
  if (type === 'leave') conversation.closed = 'left';
  // Quotes and unsending name a message by its own id; a redelivered one has it again, as it has the event's.
  const externalId =
    type === 'message'
      ? required(asString(message.id), 'message.id')
      : required(asString(event.webhookEventId), 'webhookEventId');
  return { kind: 'activity', externalId, conversation, from: source.person, at, content };
}

function addressOf(event: UnknownRecord, { kind, to }: Source, at: number): Address {
  const address: Address = { to, kind };
  const token = asString(event.replyToken);
  if (token !== undefined) address.reply = { token, at };
  const readToken = asString(recordOf(event.message).markAsReadToken);
  if (readToken !== undefined) address.readToken = readToken;
  return address;
}

function contentOf(type: string, event: UnknownRecord, message: UnknownRecord): InboundContent {
  switch (type) {
    case 'message':
      return contentOfMessage(message);
    // Told by LINE's SDK of July 2026 only; its OpenAPI does not have it yet. The largest timestamp wins.
    case 'messageEdited': {
      const edited = asRecord(event.message) ?? recordOf(event.messageEdited);
      const target = required(asString(edited.id) ?? asString(edited.messageId), 'message.id');
      const text = required(asString(edited.text), 'message.text');
      return { type: 'messageUpdate', target, text, textFormat: 'plain' };
    }
    case 'unsend':
      return {
        type: 'messageDelete',
        target: required(asString(recordOf(event.unsend).messageId), 'unsend.messageId'),
      };
    case 'postback':
      return contentOfPostback(recordOf(event.postback));
    default:
      return eventContentOf(type, event);
  }
}

const notices: Record<string, Omit<InboundNotice, 'kind'>> = {
  botSuspended: {
    code: 'line:bot-suspended',
    text: 'LINE suspended this account: nothing is sent or received until LINE lifts it. See the mail LINE sent to its owner.',
    severity: 'error',
  },
  botResumed: { code: 'line:bot-resumed', text: 'LINE lifted the suspension of this account.', severity: 'info' },
  module: { code: 'line:module-changed', text: 'The module channel was attached or detached.', severity: 'info' },
  activated: { code: 'line:module-activated', text: 'This channel answers customers now.', severity: 'info' },
  deactivated: {
    code: 'line:module-deactivated',
    text: 'Another tool answers customers now: what they write does not come here until it hands back.',
    severity: 'warning',
  },
};

/** Events about the account, which belong to nobody's conversation. */
function noticeOf(type: string): InboundNotice | undefined {
  const notice = Object.hasOwn(notices, type) ? notices[type] : undefined;
  return notice === undefined ? undefined : { kind: 'notice', ...notice };
}
