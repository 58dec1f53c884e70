import { type FileFacts, factTypes, type InboundAttachment, type InboundContent } from '../contract/index.ts';
import { asArray, asNumber, asRecord, asString, recordOf, required, type UnknownRecord } from '../kit/index.ts';
import { type MediaReference, type MessageData, ownPostback } from './platform.ts';

/** A message event's `message`. A kind that is not known here becomes an event. */
export function contentOfMessage(message: UnknownRecord): InboundContent {
  const type = required(asString(message.type), 'message.type');
  if (type === 'text')
    return { ...messageOf(message), text: required(asString(message.text), 'message.text'), textFormat: 'plain' };
  if (type === 'location') return { ...messageOf(message), attachments: [locationOf(message)] };
  if (type === 'sticker') return stickerOf(message);
  const file = fileOf(type, message);
  if (file !== undefined) return { ...messageOf(message), attachments: [file] };
  return { type: 'event', name: 'line:unknown', value: { type: `message/${type.slice(0, 100)}` } };
}

/** What messages of all kinds have. */
function messageOf(message: UnknownRecord): InboundContent & { type: 'message' } {
  const content: InboundContent & { type: 'message' } = { type: 'message' };
  const target = asString(message.quotedMessageId);
  if (target !== undefined) content.target = target;
  const quoteToken = asString(message.quoteToken);
  if (quoteToken !== undefined) content.channelData = { quoteToken } satisfies MessageData;
  return content;
}

/** LINE names no types of what it hosts, but makes them itself: pictures JPEG, videos MP4, voice M4A. */
function fileOf(type: string, message: UnknownRecord): InboundAttachment | undefined {
  const facts: FileFacts = {};
  const duration = asNumber(message.duration);
  if (duration !== undefined && duration >= 0) facts.duration = duration;
  switch (type) {
    case 'image':
      return { contentType: 'image/jpeg', media: mediaOf(message), content: facts };
    case 'video':
      return { contentType: 'video/mp4', media: mediaOf(message), content: facts };
    case 'audio':
      return { contentType: 'audio/mp4', media: mediaOf(message), content: { ...facts, voice: true } };
    case 'file': {
      const size = asNumber(message.fileSize);
      if (size !== undefined && size >= 0) facts.size = size;
      const name = asString(message.fileName);
      const file: InboundAttachment = {
        contentType: 'application/octet-stream',
        media: mediaOf(message),
        content: facts,
      };
      return name === undefined ? file : { ...file, name };
    }
    default:
      return undefined;
  }
}

/** Where the bytes are: at LINE, or at the address of the tool that sent them for the customer (LIFF). */
function mediaOf(message: UnknownRecord): MediaReference {
  const provider = recordOf(message.contentProvider);
  if (provider.type === 'external') {
    return { url: required(asString(provider.originalContentUrl), 'contentProvider.originalContentUrl') };
  }
  return { messageId: required(asString(message.id), 'message.id') };
}

function locationOf(message: UnknownRecord): InboundAttachment {
  const latitude = required(asNumber(message.latitude), 'message.latitude');
  const longitude = required(asNumber(message.longitude), 'message.longitude');
  const name = asString(message.title);
  const address = asString(message.address);
  return {
    contentType: factTypes.location,
    content: {
      latitude,
      longitude,
      ...(name === undefined ? {} : { name }),
      ...(address === undefined ? {} : { address }),
    },
  };
}

/**
 * A sticker as the picture LINE's store shows of it. That address is in no documentation of the Messaging API; when it
 * fails, the sticker's keywords still say what it was.
 */
function stickerOf(message: UnknownRecord): InboundContent {
  const content = messageOf(message);
  const words =
    asString(message.text) ??
    asArray(message.keywords)
      .slice(0, 3)
      .flatMap((word) => asString(word) ?? [])
      .join(', ');
  const id = asString(message.stickerId);
  if (id === undefined || !/^\d{1,20}$/.test(id)) {
    return { ...content, text: words === '' ? '[sticker]' : `[sticker: ${words}]`, textFormat: 'plain' };
  }
  const url = `https://stickershop.line-scdn.net/stickershop/v1/sticker/${id}/android/sticker.png`;
  const picture: InboundAttachment = {
    contentType: 'image/png',
    media: { url } satisfies MediaReference,
    content: { sticker: true },
  };
  if (words !== '') picture.name = words.slice(0, 100);
  return { ...content, attachments: [picture] };
}

/** A tapped button, a picked date, or a switched menu. */
export function contentOfPostback(postback: UnknownRecord): InboundContent {
  const data = required(asString(postback.data), 'postback.data');
  const params = asRecord(postback.params);
  const alias = asString(params?.newRichMenuAliasId);
  if (alias !== undefined) return { type: 'event', name: 'line:menu-switched', value: { data, alias } };
  const picked = asString(params?.datetime) ?? asString(params?.date) ?? asString(params?.time);
  const own = ownPostback(data);
  if (own !== undefined && own.title !== '') {
    return { type: 'message', text: own.title, textFormat: 'plain', value: own.value };
  }
  return {
    type: 'message',
    text: picked ?? data,
    textFormat: 'plain',
    value: picked === undefined ? data : { data, picked },
  };
}
