import {
  type Conversation,
  factTypes,
  type Inbound,
  type InboundAttachment,
  type InboundContent,
  type Person,
} from '../contract/index.ts';
import { guarded } from '../kit/inbound.ts';
import { codecOf } from './codecs/index.ts';
import type { RcsSettings } from './config.ts';
import type { Address, Heard, HeardContent, HeardFile } from './model.ts';

/** What a verified payload says, whatever the network: its codec reads it, this turns the model into activities. */
export function decode(payload: unknown, settings: RcsSettings): Inbound[] {
  const codec = codecOf(settings);
  return guarded(codec.items(payload), (item) => codec.hear(item).map(inboundOf));
}

/** Persons are phone numbers; those whose number the network hides are known by its token. */
export function personOf({ phone, chatId }: Address): Person {
  return phone === undefined ? { id: `chat:${chatId ?? ''}` } : { id: phone, phone };
}

function conversationOf(address: Address): Conversation {
  return { id: `user:${personOf(address).id}`, address };
}

function inboundOf(heard: Heard): Inbound {
  switch (heard.kind) {
    case 'message':
      return messageOf(heard);
    case 'status': {
      const { state, message, at, reason } = heard;
      return {
        kind: 'status',
        state,
        messages: [message],
        at,
        ...(reason === undefined ? {} : { reason }),
        ...scopeOf(heard),
      };
    }
    case 'typing': {
      const { from, typing } = heard;
      return {
        kind: 'typing',
        conversation: { id: conversationOf(from).id },
        from: personOf(from),
        typing,
        ...scopeOf(heard),
      };
    }
    default:
      return heard;
  }
}

function scopeOf({ account }: { account?: string }): { account?: string } {
  return account === undefined ? {} : { account };
}

function messageOf(heard: Extract<Heard, { kind: 'message' }>): Inbound {
  const conversation = conversationOf(heard.from);
  if (heard.content.kind === 'unsubscribed') conversation.closed = 'unfollowed';
  return {
    kind: 'activity',
    externalId: heard.id,
    conversation,
    from: personOf(heard.from),
    at: heard.at,
    content: contentOf(heard.content),
    ...scopeOf(heard),
  };
}

function contentOf(content: HeardContent): InboundContent {
  switch (content.kind) {
    case 'text':
      return { type: 'message', text: content.text };
    case 'reply':
      return { type: 'message', text: content.text, ...(content.data === undefined ? {} : { value: content.data }) };
    case 'files':
      return { type: 'message', attachments: content.files.map(attachmentOf) };
    case 'location': {
      const { latitude, longitude, name, gcj02 } = content;
      const place = { latitude, longitude, ...(name === undefined ? {} : { name }) };
      return {
        type: 'message',
        attachments: [
          { contentType: factTypes.location, content: gcj02 === true ? { ...place, datum: 'gcj02' } : place },
        ],
      };
    }
    case 'action':
      return { type: 'event', name: 'rcs:action-tapped', value: { text: content.text, data: content.data } };
    case 'subscribed':
    case 'unsubscribed':
      return { type: 'event', name: `rcs:${content.kind}` };
    case 'other':
      return { type: 'event', name: content.name, value: content.value };
  }
}

/** What is no MIME type is a file of any kind. */
function typeOf(written: string): string {
  const type = written.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z]+\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
}

function attachmentOf(file: HeardFile): InboundAttachment {
  const { name, size, duration, voice } = file;
  const contentType = typeOf(file.contentType);
  const facts = {
    ...(size === undefined ? {} : { size }),
    ...(duration === undefined ? {} : { duration }),
    ...(voice === true ? { voice } : {}),
  };
  return { contentType, ...(name === undefined ? {} : { name }), content: facts, media: file };
}
