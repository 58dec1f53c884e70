import { ChannelError } from '../../../contract/index.ts';
import {
  asNumber,
  asRecord,
  asString,
  recordOf,
  required,
  type UnknownRecord,
  Unreadable,
} from '../../../kit/inbound.ts';
import { isPlace } from '../../geo.ts';
import type { Heard, HeardContent, HeardFile } from '../../model.ts';
import { phoneOf } from '../../phone.ts';

interface Item {
  data: UnknownRecord;
  receivedAt: number;
}

/** A delivery holds one message or event. */
export function items(payload: unknown): Item[] {
  const { data, receivedAt } = recordOf(payload);
  const found = asRecord(data);
  if (found === undefined) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'message.data is no JSON object in base64');
  }
  return [{ data: found, receivedAt: asNumber(receivedAt) ?? 0 }];
}

/** What a user's message, a user's event or an event of the server says. Source: RBM reference, UserMessage, UserEvent, ServerEvent. */
export function hear(item: unknown): Heard[] {
  const { data, receivedAt } = item as Item;
  const account = asString(data.agentId);
  const scope = account === undefined ? {} : { account };
  const at = timeOf(data.sendTime) ?? receivedAt;
  const eventType = asString(data.eventType);
  const written = asString(data.senderPhoneNumber) ?? asString(data.phoneNumber);
  // Events about the agent itself (launched, rejected by a carrier) name no phone.
  if (written === undefined && eventType === undefined) return [{ ...agentNotice(asString(data.type)), ...scope }];
  const message = asString(data.messageId);
  if (eventType !== undefined) {
    const told = statusOf(eventType);
    if (told !== undefined) {
      return [{ kind: 'status', ...told, message: required(message, 'messageId'), at, ...scope }];
    }
    if (written === undefined) return [{ ...agentNotice(eventType), ...scope }];
  }
  const from = { phone: required(phoneOf(written), 'senderPhoneNumber') };
  if (eventType === 'IS_TYPING') return [{ kind: 'typing', from, typing: true, ...scope }];
  if (eventType === 'TTL_EXPIRATION_REVOKE_FAILED') {
    const text = 'A message was still on its way when its time was over and could not be revoked: it may yet arrive.';
    return [{ kind: 'notice', code: 'rcs:revoke-failed', text, severity: 'warning', ...scope }];
  }
  const content = eventType === undefined ? contentOf(data) : eventOf(eventType);
  const id = eventType === undefined ? message : asString(data.eventId);
  return [
    {
      kind: 'message',
      id: required(id, eventType === undefined ? 'messageId' : 'eventId'),
      from,
      at,
      content,
      ...scope,
    },
  ];
}

function agentNotice(what: string | undefined): Extract<Heard, { kind: 'notice' }> {
  const text = `Google reports about the agent itself${what === undefined ? '' : ` (${what.slice(0, 60)})`}: see its page in the console.`;
  return { kind: 'notice', code: 'rcs:agent-changed', text, severity: 'info' };
}

function statusOf(eventType: string) {
  switch (eventType) {
    case 'DELIVERED':
      return { state: 'delivered' } as const;
    case 'READ':
      return { state: 'read' } as const;
    case 'TTL_EXPIRATION_REVOKED':
      return {
        state: 'failed',
        reason: {
          code: eventType,
          text: 'The phone was not reached in time and the message was revoked. An SMS may reach it.',
        },
      } as const;
    default:
      return undefined;
  }
}

function eventOf(eventType: string): HeardContent {
  if (eventType === 'SUBSCRIBE') return { kind: 'subscribed' };
  if (eventType === 'UNSUBSCRIBE') return { kind: 'unsubscribed' };
  return { kind: 'other', name: 'rcs:event-received', value: { eventType: eventType.slice(0, 100) } };
}

function contentOf(data: UnknownRecord): HeardContent {
  const text = asString(data.text);
  if (text !== undefined) return { kind: 'text', text };
  const answer = asRecord(data.suggestionResponse);
  if (answer !== undefined) return answerOf(answer);
  const place = asRecord(data.location);
  if (place !== undefined) return placeOf(place);
  const file = asRecord(data.userFile);
  if (file !== undefined) return { kind: 'files', files: [fileOf(file)] };
  const known = new Set([
    'senderPhoneNumber',
    'messageId',
    'sendTime',
    'agentId',
    'richMessageClassification',
    'carrier',
  ]);
  const fields = Object.keys(data).filter((name) => !known.has(name));
  if (fields.length === 0) throw new Unreadable('has no content');
  return {
    kind: 'other',
    name: 'rcs:message-received',
    value: { fields: fields.slice(0, 20).map((name) => name.slice(0, 60)) },
  };
}

function answerOf(answer: UnknownRecord): HeardContent {
  const data = asString(answer.postbackData);
  const text = asString(answer.text);
  // The type is not in every payload; without it a tap counts as a reply.
  if (answer.type === 'ACTION') return { kind: 'action', text, data };
  return { kind: 'reply', text: required(text ?? data, 'suggestionResponse.text'), data };
}

/** A coordinate of 0 may be left out: that is how protobuf writes it. */
function placeOf(place: UnknownRecord): HeardContent {
  const latitude = place.latitude === undefined ? 0 : required(asNumber(place.latitude), 'location.latitude');
  const longitude = place.longitude === undefined ? 0 : required(asNumber(place.longitude), 'location.longitude');
  if (!isPlace(latitude, longitude)) throw new Unreadable('has a location that is not on Earth');
  return { kind: 'location', latitude, longitude };
}

/** The file itself stands in `payload`; older payloads have it without (m). */
function fileOf(userFile: UnknownRecord): HeardFile {
  const file = asRecord(userFile.payload) ?? userFile;
  const contentType = asString(file.mimeType) ?? 'application/octet-stream';
  const name = asString(file.fileName);
  const size = asNumber(file.fileSizeBytes);
  return {
    url: required(asString(file.fileUri), 'userFile.payload.fileUri'),
    contentType,
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size }),
    ...(/^audio\/amr/i.test(contentType) ? { voice: true } : {}),
  };
}

/** RFC 3339 with up to nine digits of a second. */
function timeOf(value: unknown): number | undefined {
  const text = asString(value);
  if (text === undefined || text.length > 40 || !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text))
    return undefined;
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(at) ? undefined : at;
}
