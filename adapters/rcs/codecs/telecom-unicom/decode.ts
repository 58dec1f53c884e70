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
import { parseJson } from '../../../kit/json.ts';
import { readGeo } from '../../geo.ts';
import type { Address, Heard, HeardContent, HeardFile } from '../../model.ts';
import { phoneOf } from '../../phone.ts';
import { fromBase64 } from '../callback.ts';
import { answerOf, contentTypes } from '../gsma.ts';
import { statusOf } from '../statuses.ts';
import { fileType } from './platform.ts';

type Item =
  | { kind: 'message'; part: unknown; n: number; around: UnknownRecord; receivedAt: number }
  | { kind: 'delivery'; info: unknown; around: UnknownRecord; receivedAt: number }
  | { kind: 'unknown'; fields: string[] };

/** Messages and reports by what they hold: paths of callbacks differ from network to network. */
export function items(payload: unknown): Item[] {
  const { body, receivedAt: time } = recordOf(payload);
  const around = asRecord(body);
  const receivedAt = asNumber(time) ?? 0;
  if (around === undefined) throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'the body is no JSON object');
  if (around.messageList !== undefined) {
    const parts = asArray(around.messageList);
    return parts.map((part, n) => ({ kind: 'message', part, n, around, receivedAt }));
  }
  const infos = asArray(around.deliveryInfoList ?? around.deliveryInfo);
  if (infos.length > 0) return infos.map((info) => ({ kind: 'delivery', info, around, receivedAt }));
  if (around.status !== undefined && around.messageId !== undefined) {
    return [{ kind: 'delivery', info: around, around, receivedAt }];
  }
  return [{ kind: 'unknown', fields: Object.keys(around).slice(0, 10) }];
}

export function hear(item: unknown): Heard[] {
  const found = item as Item;
  if (found.kind === 'message') return [messageOf(found)];
  if (found.kind === 'delivery') return [deliveryOf(recordOf(found.info), found.around, found.receivedAt)];
  const fields = found.fields.map((name) => name.slice(0, 40)).join(', ');
  const text = `The network sent a notification nobody knows, with the fields ${fields || '(none)'}.`;
  return [{ kind: 'notice', code: 'rcs:unknown-notification', text, severity: 'info' }];
}

function messageOf({ part, n, around, receivedAt }: Extract<Item, { kind: 'message' }>): Heard {
  const conversationId = asString(around.conversationId);
  const contributionId = asString(around.contributionId);
  const from: Address = {
    phone: required(phoneOf(asString(around.senderAddress), '86'), 'senderAddress'),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(contributionId === undefined ? {} : { contributionId }),
  };
  const id = required(asString(around.messageId) ?? contributionId, 'messageId');
  return {
    kind: 'message',
    id: n === 0 ? id : `${id}#${n}`,
    from,
    at: timeOf(around.dateTime) ?? receivedAt,
    content: contentOf(recordOf(part)),
  };
}

function contentOf(part: UnknownRecord): HeardContent {
  const contentType = (asString(part.contentType) ?? contentTypes.text).split(';')[0]?.trim().toLowerCase() ?? '';
  const content = contentTextOf(part, contentType);
  switch (contentType) {
    case contentTypes.text: {
      const text = required(asString(content)?.trim() || undefined, 'contentText');
      const place = readGeo(text);
      return place === undefined ? { kind: 'text', text } : { kind: 'location', ...place };
    }
    case fileType:
    case contentTypes.file:
      return filesOf(asArray(content));
    case contentTypes.answer:
      return required(answerOf(content), 'answer to a suggestion in contentText');
    case contentTypes.shared:
      return { kind: 'other', name: 'rcs:device-shared', value: recordOf(content) };
    case contentTypes.spam:
      return { kind: 'other', name: 'rcs:spam-reported', value: {} };
    default:
      return { kind: 'other', name: 'rcs:message-received', value: { contentType: contentType.slice(0, 100) } };
  }
}

/** A string, an array of files, or an object; any of them perhaps as base64, and all but text perhaps as JSON in a string. */
function contentTextOf({ contentText, contentEncoding }: UnknownRecord, contentType: string): unknown {
  const text = asString(contentText);
  if (text === undefined) return contentText;
  const plain = /base64/i.test(asString(contentEncoding) ?? '')
    ? required(fromBase64(text), 'base64 in contentText')
    : text;
  return contentType === contentTypes.text ? plain : parseJson(plain);
}

function filesOf(written: readonly unknown[]): HeardContent {
  const files = written.flatMap((one): HeardFile[] => {
    const file = recordOf(one);
    const url = asString(file.url);
    if (url === undefined || asString(file.type)?.toLowerCase() === 'thumbnail') return [];
    const contentType = asString(file.contentType) ?? 'application/octet-stream';
    const name = asString(file.fileName);
    const size = asNumber(file.fileSize);
    return [
      {
        url,
        contentType,
        ...(name === undefined ? {} : { name }),
        ...(size === undefined ? {} : { size }),
        ...(/^audio\/amr/i.test(contentType) ? { voice: true } : {}),
      },
    ];
  });
  if (files.length === 0) throw new Unreadable('has no file with an address');
  return { kind: 'files', files };
}

function deliveryOf(info: UnknownRecord, around: UnknownRecord, receivedAt: number): Heard {
  const state = required(asString(info.deliveryStatus) ?? asString(info.status), 'status');
  if (/^revoke/i.test(state)) return revocationOf(state);
  const code = asString(info.errorCode) ?? asString(info.description);
  const told = statusOf(state, { code, text: asString(info.errorMessage) ?? asString(info.text) });
  if (told === undefined) {
    const text = `The network reported a delivery state nobody knows: ${state.slice(0, 60)}.`;
    return { kind: 'notice', code: 'rcs:unknown-status', text, severity: 'info' };
  }
  return {
    kind: 'status',
    ...told,
    message: required(asString(info.messageId) ?? asString(around.messageId), 'messageId'),
    at: timeOf(info.dateTime ?? around.dateTime) ?? receivedAt,
  };
}

function revocationOf(state: string): Heard {
  return /^revoke(d|ok)$/i.test(state)
    ? {
        kind: 'notice',
        code: 'rcs:revoked',
        text: 'A message was taken back before its reader saw it.',
        severity: 'info',
      }
    : {
        kind: 'notice',
        code: 'rcs:revoke-failed',
        text: 'A message could not be taken back: it may have been read.',
        severity: 'warning',
      };
}

/** ISO 8601; without a zone it is China's time. */
function timeOf(value: unknown): number | undefined {
  const text = asString(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || text.length > 40) return undefined;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}+08:00`);
  return Number.isNaN(at) ? undefined : at;
}
