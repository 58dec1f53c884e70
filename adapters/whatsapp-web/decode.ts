import {
  type Contact,
  type Conversation,
  factTypes,
  type Inbound,
  type InboundAttachment,
  type InboundContent,
  type Person,
} from '../contract/index.ts';
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  guarded,
  recordOf,
  required,
  type UnknownRecord,
} from '../kit/inbound.ts';
import type { WhatsappWebSettings } from './config.ts';
import type { Heard, MediaReference } from './platform.ts';
import { contactOf } from './vcard.ts';

/** What was heard, as plain JSON: pure, and an item that cannot be read is told as one. */
export function decode(heard: readonly unknown[], settings: WhatsappWebSettings): Inbound[] {
  return guarded(heard, (item) => decodeOne(recordOf(item) as unknown as Heard, settings));
}

function decodeOne(heard: Heard, settings: WhatsappWebSettings): Inbound[] {
  switch (heard.event) {
    case 'message':
    case 'own-message':
      return decodeMessage(heard, settings);
    case 'edit':
    case 'revoke':
      return decodeChange(heard, settings);
    case 'reaction':
      return decodeReaction(heard, settings);
    case 'ack':
      return decodeAck(heard);
    case 'call':
      return decodeCall(heard);
    case 'renamed':
      return decodeRename(heard);
    case 'group':
      return decodeGroup(heard, settings);
    default:
      return unknownEvent(heard);
  }
}

/** Something the library tells since a newer version: an event where it says of whom. */
function unknownEvent(heard: Heard): Inbound[] {
  const from = required(asString(heard.from), 'event');
  return [
    {
      kind: 'activity',
      externalId: `${String(heard.event)}:${from}:${heard.at}`,
      conversation: conversationOf(from),
      from: { id: from },
      at: heard.at,
      content: { type: 'event', name: 'whatsapp-web:unknown', value: { kind: String(heard.event) } },
      begins: false,
    },
  ];
}

interface Place {
  id: string;
  conversation: Conversation;
  person: Person;
  at: number;
  isOwn: boolean;
}

/** Whose conversation a message belongs to; undefined: none of ours (status, channels, groups that are ignored). */
function placeOf(heard: Heard, message: UnknownRecord, settings: WhatsappWebSettings): Place | undefined {
  const id = required(asString(message.id), 'id');
  const isOwn = message.fromMe === true;
  const chat = required(asString(isOwn ? message.to : message.from), isOwn ? 'to' : 'from');
  if (message.isStatus === true || !isAnswered(chat, settings)) return undefined;
  const sender = isGroup(chat) ? asString(message.author) : chat;
  const person = personOf(required(isOwn ? chat : sender, 'author'));
  const name = asString(message.name);
  if (name !== undefined && !isOwn) person.name = name;
  const seconds = asNumber(message.timestamp);
  return {
    id,
    conversation: conversationOf(chat),
    person,
    at: seconds === undefined ? heard.at : seconds * 1000,
    isOwn,
  };
}

/** Facts of the account or of encryption that WhatsApp puts into chats as messages. */
const systemTypes: ReadonlySet<string> = new Set([
  'e2e_notification',
  'notification',
  'notification_template',
  'group_notification',
  'broadcast_notification',
  'gp2',
  'protocol',
  'debug',
  'ciphertext',
  'revoked',
  'reaction',
  'pin_message',
  'album',
]);

function decodeMessage(heard: Heard, settings: WhatsappWebSettings): Inbound[] {
  const message = recordOf(heard.message);
  const type = required(asString(message.type), 'type');
  if (systemTypes.has(type)) return [];
  const place = placeOf(heard, message, settings);
  if (place === undefined) return [];
  const common = { externalId: place.id, conversation: place.conversation, at: place.at };
  const content = contentOf(type, message, place);
  const quoted = quotedId(message, place, heard.me);
  if (quoted !== undefined && content.type === 'message') content.target = quoted;
  if (place.isOwn) return [{ kind: 'echo', ...common, content }];
  return [
    {
      kind: 'activity',
      ...common,
      from: place.person,
      content,
      ...(content.type === 'event' ? { begins: false } : {}),
    },
  ];
}

const fileTypes: ReadonlyMap<string, string> = new Map([
  ['image', 'image/jpeg'],
  ['video', 'video/mp4'],
  ['ptt', 'audio/ogg'],
  ['audio', 'audio/mpeg'],
  ['document', 'application/octet-stream'],
  ['sticker', 'image/webp'],
]);

/** What customers send that has no form here: in words, so that somebody looks at the phone. */
const wordsFor: ReadonlyMap<string, string> = new Map([
  ['order', '(An order: it can be seen only in WhatsApp.)'],
  ['product', '(A product: it can be seen only in WhatsApp.)'],
  ['payment', '(A payment: it can be seen only in WhatsApp.)'],
  ['groups_v4_invite', '(An invitation to a group.)'],
  ['scheduled_event_creation', '(An event: it can be seen only in WhatsApp.)'],
  ['interactive', '(A message that can be seen only in WhatsApp.)'],
  ['oversized', '(A message too long for WhatsApp Web: it can be read only on the phone.)'],
]);

function contentOf(type: string, message: UnknownRecord, place: Place): InboundContent {
  const content: InboundContent = { type: 'message' };
  const body = asString(message.body);
  const say = (text: string | undefined) => {
    if (text === undefined || text.trim() === '') return;
    content.text = text;
    content.textFormat = 'plain';
  };
  const fallback = fileTypes.get(type);
  if (fallback !== undefined) {
    say(body);
    // Media that WhatsApp Web does not have (yet) is still a message of that kind.
    content.attachments = [fileOf(type, fallback, message, place.id)];
    return content;
  }
  if (type === 'location') {
    const location = asRecord(message.location);
    const [latitude, longitude] = [asNumber(location?.latitude), asNumber(location?.longitude)];
    if (latitude === undefined || longitude === undefined)
      return { ...content, text: '(A place.)', textFormat: 'plain' };
    const name = asString(location?.name);
    const address = asString(location?.address);
    const fact = {
      latitude,
      longitude,
      ...(name === undefined ? {} : { name }),
      ...(address === undefined ? {} : { address }),
    };
    content.attachments = [{ contentType: factTypes.location, content: fact }];
    return content;
  }
  if (type === 'vcard' || type === 'multi_vcard') {
    const contacts = asArray(message.vCards)
      .flatMap((card) => contactOf(asString(card) ?? '') ?? [])
      .slice(0, 10);
    const attachmentOf = (contact: Contact): InboundAttachment => ({
      contentType: factTypes.contact,
      content: contact,
    });
    if (contacts.length === 0) return { ...content, text: '(A contact.)', textFormat: 'plain' };
    content.attachments = contacts.map(attachmentOf);
    return content;
  }
  if (type === 'poll_creation') {
    const options = asArray(message.pollOptions).flatMap((option) => asString(option) ?? []);
    say([body ?? '(A poll.)', ...options.map((option) => `– ${option}`)].join('\n'));
    return content;
  }
  if (type === 'call_log') return { type: 'event', name: 'whatsapp-web:called', value: {} };
  const selected = asString(message.selected);
  if (selected !== undefined) content.value = selected;
  say(body ?? wordsFor.get(type));
  if (content.text !== undefined) return content;
  if (type === 'chat') return { ...content, text: '(An empty message.)', textFormat: 'plain' };
  return { type: 'event', name: 'whatsapp-web:unknown', value: { kind: type } };
}

function fileOf(type: string, fallback: string, message: UnknownRecord, messageId: string): InboundAttachment {
  const told = (asString(message.mimetype) ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const facts: Record<string, number | boolean> = {};
  for (const field of ['size', 'width', 'height'] as const) {
    const value = asNumber(message[field]);
    if (value !== undefined) facts[field] = value;
  }
  const seconds = asNumber(message.duration);
  if (seconds !== undefined) facts.duration = Math.round(seconds * 1000);
  if (type === 'ptt') facts.voice = true;
  if (type === 'sticker') facts.sticker = true;
  const name = asString(message.filename);
  return {
    contentType: /^[a-z]+\/[\w.+-]+$/.test(told) ? told : fallback,
    media: { messageId } satisfies MediaReference,
    ...(name === undefined ? {} : { name }),
    content: facts,
  };
}

/** The quoted message's id, put together as WhatsApp Web writes ids; only its own part is told (n). */
function quotedId(message: UnknownRecord, place: Place, me: string | undefined): string | undefined {
  const stanza = asString(message.quotedStanza);
  if (stanza === undefined) return undefined;
  const author = asString(message.quotedAuthor);
  const chat = place.conversation.id.replace(/^\w+:/, '');
  const byMe = author !== undefined && author === me;
  const parts = [String(byMe), chat, stanza];
  if (isGroup(chat) && author !== undefined) parts.push(author);
  return parts.join('_');
}

function decodeChange(heard: Heard, settings: WhatsappWebSettings): Inbound[] {
  const message = recordOf(heard.message);
  const place = placeOf(heard, message, settings);
  if (place === undefined) return [];
  const isEdit = heard.event === 'edit';
  // A taken back message comes under another id, and names the one it was.
  const target = (isEdit ? undefined : asString(message.original)) ?? place.id;
  const text = asString(heard.text) ?? '';
  const common = {
    externalId: isEdit ? `edit:${target}:${asNumber(message.editedAt) ?? heard.at}` : `revoke:${target}`,
    conversation: place.conversation,
    at: heard.at,
  };
  const content: InboundContent = isEdit
    ? { type: 'messageUpdate', target, text, textFormat: 'plain' }
    : { type: 'messageDelete', target };
  if (place.isOwn) return [{ kind: 'echo', ...common, content }];
  return [{ kind: 'activity', ...common, from: place.person, content, begins: false }];
}

/** Stands for whichever reaction the person had before: WhatsApp does not say. */
const any = '*';

/** A person has one reaction to a message: a new one replaces it, a blank one takes it away. */
function decodeReaction(heard: Heard, settings: WhatsappWebSettings): Inbound[] {
  const chat = required(asString(heard.chat), 'chat');
  const sender = required(asString(heard.sender), 'sender');
  const target = required(asString(heard.target), 'target');
  if (!isAnswered(chat, settings)) return [];
  const emoji = asString(heard.emoji);
  const seconds = asNumber(heard.timestamp);
  const common = {
    externalId: `reaction:${asString(heard.id) ?? `${target}:${sender}`}:${emoji ?? ''}:${seconds ?? heard.at}`,
    conversation: conversationOf(chat),
    at: seconds === undefined ? heard.at : seconds * 1000,
  };
  const value = emoji === undefined ? { removed: [any] } : { added: [emoji], removed: [any] };
  const content: InboundContent = { type: 'messageReaction', target, value };
  if (sender === heard.me) return [{ kind: 'echo', ...common, content }];
  return [{ kind: 'activity', ...common, from: personOf(sender), content, begins: false }];
}

/** 0 is the message on its way; what was played was read. */
const ackStates = new Map([
  [-1, 'failed'],
  [1, 'sent'],
  [2, 'delivered'],
  [3, 'read'],
  [4, 'read'],
] as const);

function decodeAck(heard: Heard): Inbound[] {
  const state = ackStates.get(asNumber(heard.ack) as -1 | 1 | 2 | 3 | 4);
  if (heard.fromMe !== true || state === undefined) return [];
  const messages = [required(asString(heard.id), 'id')];
  const reason = { code: '-1', text: 'WhatsApp Web could not send the message.' };
  return [{ kind: 'status', state, messages, at: heard.at, ...(state === 'failed' ? { reason } : {}) }];
}

/** Calls cannot be taken here: somebody should know that there was one. */
function decodeCall(heard: Heard): Inbound[] {
  const from = required(asString(heard.from), 'from');
  if (heard.fromMe === true || heard.isGroup === true || isGroup(from)) return [];
  const seconds = asNumber(heard.timestamp);
  return [
    {
      kind: 'activity',
      externalId: `call:${required(asString(heard.id), 'id')}`,
      conversation: conversationOf(from),
      from: personOf(from),
      at: seconds === undefined ? heard.at : seconds * 1000,
      content: { type: 'event', name: 'whatsapp-web:called', value: { video: heard.isVideo === true } },
      begins: true,
    },
  ];
}

function decodeRename(heard: Heard): Inbound[] {
  const before = required(asString(heard.before), 'former id');
  const after = required(asString(heard.after), 'new id');
  return [
    {
      kind: 'rename',
      before: { conversation: conversationOf(before).id, person: before },
      conversation: conversationOf(after),
      person: personOf(after),
      at: heard.at,
    },
  ];
}

function decodeGroup(heard: Heard, settings: WhatsappWebSettings): Inbound[] {
  const chat = required(asString(heard.chat), 'chat');
  const who = required(asString(heard.who), 'member');
  if (!isAnswered(chat, settings)) return [];
  const name = heard.change === 'leave' ? 'whatsapp-web:left' : 'whatsapp-web:joined';
  const conversation = conversationOf(chat);
  if (heard.change === 'leave' && who === heard.me) conversation.closed = 'left';
  return [
    {
      kind: 'activity',
      externalId: `group:${asString(heard.id) ?? `${chat}:${who}:${heard.at}`}`,
      conversation,
      from: personOf(who),
      at: heard.at,
      content: { type: 'event', name, value: {} },
      begins: false,
    },
  ];
}

const isGroup = (chat: string) => chat.endsWith('@g.us');

/** People always, groups where the channel answers them; status updates, channels and broadcast lists never. */
function isAnswered(chat: string, settings: WhatsappWebSettings): boolean {
  return /@(c\.us|lid)$/.test(chat) || (isGroup(chat) && settings.groups === 'answered');
}

function conversationOf(chatId: string): Conversation {
  return { id: `${isGroup(chatId) ? 'group' : 'user'}:${chatId}`, address: { chatId } };
}

/** `49…@c.us` is a number; a `…@lid` hides it. */
function personOf(id: string): Person {
  const digits = /^(\d{5,20})@c\.us$/.exec(id)?.[1];
  return digits === undefined ? { id } : { id, phone: `+${digits}` };
}
