import { ChannelError } from '../../../contract/index.ts';
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  recordOf,
  required,
  type UnknownRecord,
  Unreadable,
} from '../../../kit/inbound.ts';
import { readGeo } from '../../geo.ts';
import type { Address, Heard, HeardContent, HeardFile } from '../../model.ts';
import { phoneOf } from '../../phone.ts';
import { answerOf } from '../gsma.ts';
import { statusOf } from '../statuses.ts';

interface Item {
  event: UnknownRecord;
  receivedAt: number;
}

/** One event, or several in an array. */
export function items(payload: unknown): Item[] {
  const { body, receivedAt: time } = recordOf(payload);
  const receivedAt = asNumber(time) ?? 0;
  if (typeof body !== 'object' || body === null) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'the body is no JSON object');
  }
  return asArray(body).map((event) => ({ event: recordOf(event), receivedAt }));
}

export function hear(item: unknown): Heard[] {
  const { event, receivedAt } = item as Item;
  const kind = asString(event.event) ?? 'message';
  const message = recordOf(event.RCSMessage);
  const at = timeOf(message.timestamp) ?? receivedAt;
  switch (kind) {
    case 'message':
    case 'response': {
      const id = required(asString(message.msgId), 'RCSMessage.msgId');
      return [{ kind: 'message', id, from: contactOf(event), at, content: contentOf(message) }];
    }
    case 'isTyping':
      return [{ kind: 'typing', from: contactOf(event), typing: message.isTyping !== 'idle' }];
    case 'messageStatus':
      return [statusOfMessage(message, at)];
    case 'newUser': {
      // The platform gives such events no id: a contact is new once.
      const from = contactOf(event);
      return [
        { kind: 'message', id: `newUser:${from.phone ?? from.chatId}`, from, at, content: { kind: 'subscribed' } },
      ];
    }
    case 'fileStatus':
      // The client asks for it itself.
      return [];
    default: {
      const text = `The platform sent an event that is not used: ${kind.slice(0, 60)}.`;
      return [{ kind: 'notice', code: 'rcs:unknown-notification', text, severity: 'info' }];
    }
  }
}

/** `userContact` is a number; a person who hides it is known by `chatId`. */
function contactOf(event: UnknownRecord): Address {
  const contact = recordOf(event.messageContact);
  const phone = phoneOf(asString(contact.userContact));
  const chatId = asString(contact.chatId);
  if (phone !== undefined) return { phone };
  return { chatId: required(chatId, 'messageContact') };
}

function contentOf(message: UnknownRecord): HeardContent {
  const text = asString(message.textMessage);
  if (text !== undefined) {
    const place = readGeo(text);
    return place === undefined ? { kind: 'text', text } : { kind: 'location', ...place };
  }
  const answer = asRecord(message.suggestedResponse);
  if (answer !== undefined) return required(answerOf(answer), 'suggestedResponse');
  const place = asRecord(message.geolocationPushMessage);
  if (place !== undefined) return placeOf(place);
  const file = asRecord(message.fileMessage);
  if (file !== undefined) return { kind: 'files', files: [fileOf(file)] };
  const audio = asRecord(message.audioMessage);
  if (audio !== undefined) return { kind: 'files', files: [audioOf(audio)] };
  if (message.sharedData !== undefined)
    return { kind: 'other', name: 'rcs:device-shared', value: recordOf(message.sharedData) };
  const known = new Set(['msgId', 'timestamp', 'status', 'trafficType']);
  const fields = Object.keys(message).filter((name) => !known.has(name));
  if (fields.length === 0) throw new Unreadable('has no content');
  return {
    kind: 'other',
    name: 'rcs:message-received',
    value: { fields: fields.slice(0, 20).map((name) => name.slice(0, 60)) },
  };
}

/** `pos` is "26.1181289 -80.1283921". */
function placeOf(place: UnknownRecord): HeardContent {
  const [latitude, longitude] = (asString(place.pos) ?? '').trim().split(/[\s,]+/);
  const found = required(readGeo(`geo:${latitude},${longitude}`), 'pos');
  const name = asString(place.label);
  return { kind: 'location', ...found, ...(name === undefined ? {} : { name }) };
}

function fileOf(file: UnknownRecord): HeardFile {
  const name = asString(file.fileName);
  const size = asNumber(file.fileSize);
  return {
    url: required(asString(file.fileUrl), 'fileUrl'),
    contentType: asString(file.fileMIMEType) ?? 'application/octet-stream',
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size }),
  };
}

/** An audio message is one that was recorded; its length is in seconds. */
function audioOf(audio: UnknownRecord): HeardFile {
  const seconds = asNumber(audio.playingLength);
  const file = fileOf({ fileMIMEType: 'audio/amr', ...audio });
  return { ...file, voice: true, ...(seconds === undefined ? {} : { duration: Math.round(seconds * 1_000) }) };
}

function statusOfMessage(message: UnknownRecord, at: number): Heard {
  const state = required(asString(message.status), 'RCSMessage.status');
  const told = statusOf(state, { code: asString(message.reasonCode), text: asString(message.reasonText) });
  if (told !== undefined) {
    return { kind: 'status', ...told, message: required(asString(message.msgId), 'RCSMessage.msgId'), at };
  }
  const text = `The platform reported the delivery state ${state.slice(0, 60)}, which changes nothing here.`;
  return { kind: 'notice', code: 'rcs:unknown-status', text, severity: 'info' };
}

function timeOf(value: unknown): number | undefined {
  const text = asString(value);
  if (text === undefined || text.length > 40 || !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text))
    return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
