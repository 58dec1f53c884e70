import { createHash } from 'node:crypto';
import {
  ChannelError,
  factTypes,
  type Inbound,
  type InboundActivity,
  type InboundAttachment,
  type InboundContent,
  type MessagingWindow,
} from '../contract/index.ts';
import { asNumber, guarded, recordOf, required, Unreadable } from '../kit/index.ts';
import { childNamed, parseXml, textNamed, type XmlElement } from '../kit/xml.ts';
import type { WechatSettings } from './config.ts';
import { decodeEvent } from './decode-event.ts';
import { grants, type WechatMedia } from './platform.ts';

/** What a verified delivery says: one message or event, which may name several of our messages. Pure. */
export function decode(payload: unknown, settings: WechatSettings): Inbound[] {
  const { xml } = recordOf(payload);
  const root = typeof xml === 'string' ? parseXml(xml) : undefined;
  if (root === undefined) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'The message is no XML document, or declares things of its own.');
  }
  if (childNamed(root, 'MsgType') === undefined && childNamed(root, 'Encrypt') !== undefined) {
    throw new ChannelError(
      'CHANNEL_PAYLOAD_INVALID',
      'The message is encrypted: set the mode of this channel as in the WeChat console, and give its EncodingAESKey.',
    );
  }
  // A channel that does not know its original id takes what comes in by its own address.
  const account = settings.originalId === undefined ? undefined : textNamed(root, 'ToUserName');
  const items = guarded([root], (item) => decodeItem(item as XmlElement), account);
  return account === undefined ? items : items.map((item) => ({ ...item, account }));
}

function decodeItem(root: XmlElement): Inbound[] {
  const openid = required(shortText(root, 'FromUserName'), 'FromUserName');
  const at = 1000 * required(secondsOf(textNamed(root, 'CreateTime')?.trim()), 'CreateTime');
  const type = required(textNamed(root, 'MsgType')?.trim(), 'MsgType');
  if (type !== 'event') return [decodeMessage(root, openid, at, type)];
  const event = required(textNamed(root, 'Event')?.trim(), 'Event');
  const { items = [], content, grants: granted, closed, person } = decodeEvent(root, event, at);
  if (content === undefined) return items;
  const found = activity(person ?? openid, at, eventKey(root, openid, event), content, granted);
  if (closed !== undefined) found.conversation.closed = closed;
  return [found, ...items];
}

/** An id: what is longer than any of the platform's is none. */
function shortText(root: XmlElement, name: string): string | undefined {
  const text = textNamed(root, name)?.trim();
  return text !== undefined && text.length <= 128 ? text : undefined;
}

/** Whole seconds since the epoch, in this millennium. */
function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}

/** Events have no id; these together are what the platform repeats. Long keys (addresses) count by their digest. */
function eventKey(root: XmlElement, openid: string, event: string): string {
  const key = textNamed(root, 'EventKey')?.trim() ?? '';
  const short = key.length <= 64 ? key : createHash('sha256').update(key).digest('hex');
  return [openid, textNamed(root, 'CreateTime')?.trim(), event, short].join(':');
}

function activity(
  openid: string,
  at: number,
  externalId: string,
  content: InboundContent,
  granted?: { duration: number; quota: number },
): InboundActivity {
  const found: InboundActivity = {
    kind: 'activity',
    externalId,
    conversation: { id: `user:${openid}`, address: { openid } },
    from: { id: openid },
    at,
    content,
  };
  if (granted !== undefined) found.conversation.window = windowOf(at, granted);
  return found;
}

function windowOf(at: number, { duration, quota }: { duration: number; quota: number }): MessagingWindow {
  return { until: at + duration, left: quota };
}

function decodeMessage(root: XmlElement, openid: string, at: number, type: string): InboundActivity {
  const externalId = shortText(root, 'MsgId') ?? `${openid}:${at / 1000}:${type}`;
  const content = contentOf(root, type);
  const tapped = textNamed(root, 'bizmsgmenuid')?.trim();
  if (type === 'text' && tapped !== undefined) {
    content.value = tapped;
    return activity(openid, at, externalId, content, grants.click);
  }
  const found = activity(openid, at, externalId, content, grants.message);
  // The customer said something, even if nobody here can read it.
  if (content.type === 'event') found.begins = true;
  return found;
}

function contentOf(root: XmlElement, type: string): InboundContent {
  const text = (name: string) => textNamed(root, name);
  switch (type) {
    case 'text':
      return { type: 'message', text: required(text('Content'), 'Content') };
    case 'image':
      // WeChat names no type; what it serves is nearly always this, and the media cache finds the truth.
      return file({ contentType: 'image/jpeg', media: mediaOf(root, text('PicUrl')?.trim()) });
    case 'voice':
      return file(voiceOf(root));
    case 'video':
    case 'shortvideo':
      return file({ contentType: 'video/mp4', media: mediaOf(root) });
    case 'location':
      return file(locationOf(root));
    case 'link':
      return file(linkOf(root));
    case 'miniprogrampage':
      return file(miniProgramOf(root));
    default:
      return unsupported(root, type);
  }
}

function file(attachment: InboundAttachment): InboundContent {
  return { type: 'message', attachments: [attachment] };
}

function mediaOf(root: XmlElement, url?: string): WechatMedia {
  const mediaId = textNamed(root, 'MediaId')?.trim();
  if (mediaId === undefined && url === undefined) throw new Unreadable('has no readable MediaId');
  return { ...(mediaId === undefined ? {} : { mediaId }), ...(url === undefined ? {} : { url }) };
}

const voiceTypes: Readonly<Record<string, string>> = {
  amr: 'audio/amr',
  speex: 'audio/x-speex',
  mp3: 'audio/mpeg',
};

function voiceOf(root: XmlElement): InboundAttachment {
  // Recognition is there when the account switched it on; lately often not at all (from memory, unchecked).
  const transcript = textNamed(root, 'Recognition');
  const format = textNamed(root, 'Format')?.trim().toLowerCase() ?? 'amr';
  return {
    contentType: voiceTypes[format] ?? 'audio/amr',
    content: transcript === undefined ? { voice: true } : { voice: true, transcript },
    media: mediaOf(root),
  };
}

/** Degrees by their tags: X is the latitude. The datum is China's (from memory, unchecked). */
function locationOf(root: XmlElement): InboundAttachment {
  const latitude = required(degreesOf(root, 'Location_X', 90), 'Location_X');
  const longitude = required(degreesOf(root, 'Location_Y', 180), 'Location_Y');
  const address = textNamed(root, 'Label');
  return {
    contentType: factTypes.location,
    content: { latitude, longitude, datum: 'gcj02', ...(address === undefined ? {} : { address }) },
  };
}

function degreesOf(root: XmlElement, name: string, most: number): number | undefined {
  const degrees = asNumber(textNamed(root, name)?.trim());
  return degrees !== undefined && Math.abs(degrees) <= most ? degrees : undefined;
}

function linkOf(root: XmlElement): InboundAttachment {
  const url = required(textNamed(root, 'Url')?.trim(), 'Url');
  const title = textNamed(root, 'Title');
  const description = textNamed(root, 'Description');
  return {
    contentType: factTypes.link,
    content: {
      url,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    },
  };
}

/** A page of a mini program opens nowhere but in WeChat: shown as a card that says which. */
function miniProgramOf(root: XmlElement): InboundAttachment {
  const appId = textNamed(root, 'AppId')?.trim();
  const page = textNamed(root, 'PagePath')?.trim();
  const title = textNamed(root, 'Title');
  const where = [appId, page].filter((part) => part !== undefined).join(' ');
  return {
    contentType: factTypes.card,
    content: {
      ...(title === undefined ? {} : { title }),
      subtitle: 'WeChat mini program',
      ...(where === '' ? {} : { text: where }),
    },
  };
}

/** A kind nobody knows (files arrive as one, without any way to get them): named, and what it is called. */
function unsupported(root: XmlElement, type: string): InboundContent {
  const title = textNamed(root, 'Title');
  return {
    type: 'event',
    name: 'wechat:unsupported-message-received',
    value: { kind: type.slice(0, 60), ...(title === undefined ? {} : { title: title.slice(0, 300) }) },
  };
}
