import {
  ChannelError,
  type Conversation,
  type Inbound,
  type InboundAttachment,
  type InboundContent,
  type Person,
} from '../contract/index.ts';
import {
  asArray,
  asBoolean,
  asMimeType,
  asNumber,
  asRecord,
  asString,
  guarded,
  recordOf,
  required,
  type UnknownRecord,
} from '../kit/index.ts';
import type { Address } from './platform.ts';

/** `{"events": […]}` as inbound items. An event of a kind unknown here is kept as an event of the session. */
export function decode(payload: unknown): Inbound[] {
  const events = asRecord(payload)?.events;
  if (!Array.isArray(events)) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The body must be {"events": […]}.');
  }
  return guarded(events, (event) => [decodeEvent(required(asRecord(event), 'object'))]);
}

function decodeEvent(event: UnknownRecord): Inbound {
  const type = required(asString(event.type), 'type');
  const conversation = conversationOf(event);
  const at = required(asNumber(event.at), 'at');
  if (type === 'delivered' || type === 'read') {
    const messages = asArray(event.messages).flatMap((id) => asString(id) ?? []);
    return { kind: 'status', state: type, messages, conversation: { id: conversation.id }, at };
  }
  const from = personOf(event);
  if (type === 'typing') {
    return { kind: 'typing', conversation: { id: conversation.id }, from, typing: asBoolean(event.typing) ?? true };
  }
  const externalId = required(asString(event.id), 'id');
  return { kind: 'activity', externalId, conversation, from, at, content: contentOf(type, event) };
}

function conversationOf(event: UnknownRecord): Conversation {
  const conversation = required(asString(event.conversation), 'conversation');
  return { id: `thread:${conversation}`, address: { conversation } satisfies Address };
}

function personOf(event: UnknownRecord): Person {
  const from = recordOf(event.from);
  const person: Person = { id: required(asString(from.id), 'from.id') };
  for (const field of ['name', 'locale', 'phone', 'email'] as const) {
    const value = asString(from[field]);
    if (value !== undefined) person[field] = value;
  }
  return person;
}

function contentOf(type: string, event: UnknownRecord): InboundContent {
  const target = asString(event.message);
  switch (type) {
    case 'message':
      return messageOf('message', event, asString(event.quotes));
    case 'edit':
      return messageOf('messageUpdate', event, required(target, 'message'));
    case 'deletion':
      return { type: 'messageDelete', target: required(target, 'message') };
    case 'reaction': {
      const emoji = (list: unknown) => asArray(list).flatMap((one) => asString(one) ?? []);
      const value = { added: emoji(event.added), removed: emoji(event.removed) };
      return { type: 'messageReaction', target: required(target, 'message'), value };
    }
    case 'followed':
    case 'unfollowed':
      return { type: 'event', name: `webhook:${type}` };
    default:
      return { type: 'event', name: 'webhook:unknown', value: { type: type.slice(0, 100) } };
  }
}

function messageOf(
  type: 'message' | 'messageUpdate',
  event: UnknownRecord,
  target: string | undefined,
): InboundContent {
  const content: InboundContent = { type };
  const text = asString(event.text);
  if (text !== undefined) {
    content.text = text;
    content.textFormat = 'plain';
  }
  const attachments = asArray(event.files).slice(0, 10).map(fileOf);
  if (attachments.length > 0) content.attachments = attachments;
  // The answer to a quick reply: `text` is its title, `value` what it stands for.
  const value = asString(event.value);
  if (value !== undefined) content.value = value;
  if (target !== undefined) content.target = target;
  required(text ?? value ?? attachments[0], 'text or file');
  return content;
}

function fileOf(value: unknown): InboundAttachment {
  const file = recordOf(value);
  const url = required(asString(file.url), 'files.url');
  const attachment: InboundAttachment = {
    contentType: asMimeType(file.type) ?? 'application/octet-stream',
    media: { url },
  };
  const name = asString(file.name);
  if (name !== undefined) attachment.name = name;
  return attachment;
}
