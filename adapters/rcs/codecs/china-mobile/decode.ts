import { ChannelError } from '../../../contract/index.ts';
import { asArray, asNumber, asString, recordOf, required, Unreadable } from '../../../kit/inbound.ts';
import { parseJson } from '../../../kit/json.ts';
import { parseXml, type XmlElement } from '../../../kit/xml.ts';
import { readGeo } from '../../geo.ts';
import type { Address, Heard, HeardContent } from '../../model.ts';
import { phoneOf } from '../../phone.ts';
import { fromBase64 } from '../callback.ts';
import { answerOf, contentTypes } from '../gsma.ts';
import { statusOf } from '../statuses.ts';
import { auditOf } from './audit.ts';
import { elementsNamed, fileInfosOf, localName, ownText, textAt } from './inbound-xml.ts';

type Item =
  | { kind: 'message' | 'delivery' | 'revocation'; element: XmlElement; around: XmlElement; scope: ItemScope }
  | { kind: 'audit'; tid: string; authStatus: string; element: XmlElement | undefined }
  | { kind: 'unknown'; name: string };

interface ItemScope {
  receivedAt: number;
  account?: string;
}

/** The messages, delivery reports or audit results of one notification. */
export function items(payload: unknown): Item[] {
  const { xml, rest, receivedAt, tid, authStatus } = recordOf(payload);
  const root = parseXml(asString(xml) ?? '');
  const audit = { tid: asString(tid), authStatus: asString(authStatus) };
  // A refused file is told without a document.
  if (audit.tid !== undefined && audit.authStatus !== undefined) {
    return [{ kind: 'audit', tid: audit.tid, authStatus: audit.authStatus, element: root }];
  }
  if (root === undefined) {
    throw new ChannelError('CHANNEL_PAYLOAD_INVALID', 'the body is no XML without declarations');
  }
  const account = asArray(rest)
    .map(asString)
    .find((segment) => segment?.startsWith('sip:'));
  const scope = { receivedAt: asNumber(receivedAt) ?? 0, ...(account === undefined ? {} : { account }) };
  const each = (kind: 'message' | 'delivery', name: string): Item[] => {
    const found = elementsNamed(root, name);
    return (found.length === 0 ? [root] : found).map((element) => ({ kind, element, around: root, scope }));
  };
  switch (localName(root.name)) {
    case 'inboundmessagenotification':
      return each('message', 'inboundmessage');
    case 'deliveryinfonotification':
      return each('delivery', 'deliveryinfo');
    case 'messagestatusnotification':
      return [{ kind: 'revocation', element: root, around: root, scope }];
    default:
      return [{ kind: 'unknown', name: localName(root.name).slice(0, 60) }];
  }
}

export function hear(item: unknown): Heard[] {
  const found = item as Item;
  switch (found.kind) {
    case 'message':
      return [messageOf(found.element, found.scope)];
    case 'delivery':
      return [deliveryOf(found.element, found.around, found.scope)];
    case 'revocation':
      return [revocationOf(found.element, found.scope)];
    case 'audit':
      return [auditOf(found.tid, found.authStatus, found.element)];
    case 'unknown':
      return [
        notice('rcs:unknown-notification', `The network sent a notification nobody knows: ${found.name}.`, 'info'),
      ];
  }
}

function notice(code: string, text: string, severity: 'info' | 'warning'): Extract<Heard, { kind: 'notice' }> {
  return { kind: 'notice', code, text, severity };
}

function messageOf(element: XmlElement, { receivedAt, account }: ItemScope): Heard {
  const phone = required(phoneOf(textAt(element, 'senderaddress'), '86'), 'senderAddress');
  const conversationId = textAt(element, 'conversationid');
  const contributionId = textAt(element, 'contributionid');
  const from: Address = {
    phone,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(contributionId === undefined ? {} : { contributionId }),
  };
  return {
    kind: 'message',
    id: required(textAt(element, 'messageid') ?? contributionId, 'messageId'),
    from,
    at: timeOf(textAt(element, 'datetime')) ?? receivedAt,
    content: contentOf(element),
    ...(account === undefined ? {} : { account }),
  };
}

function contentOf(element: XmlElement): HeardContent {
  const [type = '', ...parameters] = (textAt(element, 'contenttype') ?? contentTypes.text).split(';');
  const contentType = type.trim().toLowerCase();
  const body = bodyOf(element, parameters);
  switch (contentType) {
    case contentTypes.text: {
      const place = readGeo(body);
      if (place !== undefined) return { kind: 'location', ...place };
      if (body === '') throw new Unreadable('has a text without words');
      return { kind: 'text', text: body };
    }
    case contentTypes.file:
      return filesOf(body);
    case contentTypes.answer:
      return required(answerOf(parseJson(body)), 'answer to a suggestion in bodyText');
    case contentTypes.place:
      return placeOf(body);
    case contentTypes.shared:
      return { kind: 'other', name: 'rcs:device-shared', value: recordOf(parseJson(body)) };
    case contentTypes.spam:
      return { kind: 'other', name: 'rcs:spam-reported', value: {} };
    default:
      return { kind: 'other', name: 'rcs:message-received', value: { contentType: contentType.slice(0, 100) } };
  }
}

/** `contentEncoding` or the type's own parameter may say that it is base64. */
function bodyOf(element: XmlElement, parameters: readonly string[]): string {
  const text = elementsNamed(element, 'bodytext')[0]?.text ?? '';
  const encoding = `${textAt(element, 'contentencoding') ?? ''};${parameters.join(';')}`;
  if (!/base64/i.test(encoding)) return text.trim();
  return required(fromBase64(text), 'base64 in bodyText').trim();
}

function filesOf(body: string): HeardContent {
  const root = required(parseXml(body), 'XML in bodyText');
  const infos = fileInfosOf(root).filter(({ type }) => type === 'file');
  if (infos.length === 0) throw new Unreadable('has no file with an address');
  return { kind: 'files', files: infos.map(({ type: _type, until: _until, ...file }) => file) };
}

/** `<pos>lat lng</pos>` in a position, as GSMA's geolocation push has it. */
function placeOf(body: string): HeardContent {
  const root = required(parseXml(body), 'XML in bodyText');
  const [latitude, longitude] = (textAt(root, 'pos') ?? '').split(/\s+/);
  const place = required(readGeo(`geo:${latitude},${longitude}`), 'position');
  const name = elementsNamed(root, 'rcspushlocation')[0]?.attributes.get('label') ?? root.attributes.get('label');
  return { kind: 'location', ...place, ...(name === undefined || name === '' ? {} : { name }) };
}

function deliveryOf(element: XmlElement, around: XmlElement, { receivedAt, account }: ItemScope): Heard {
  const state = required(textAt(element, 'deliverystatus'), 'deliveryStatus');
  const message = textAt(element, 'messageid') ?? ownText(around, 'messageid');
  const told = statusOf(state, { code: textAt(element, 'description'), text: textAt(element, 'text') });
  if (told === undefined) {
    return notice(
      'rcs:unknown-status',
      `The network reported a delivery state nobody knows: ${state.slice(0, 60)}.`,
      'info',
    );
  }
  return {
    kind: 'status',
    ...told,
    message: required(message, 'messageId'),
    at: timeOf(textAt(element, 'datetime')) ?? receivedAt,
    ...(account === undefined ? {} : { account }),
  };
}

function revocationOf(element: XmlElement, { account }: ItemScope): Heard {
  const revoked = textAt(element, 'status')?.toLowerCase() === 'revoked';
  const told = revoked
    ? notice('rcs:revoked', 'A message was taken back before its reader saw it.', 'info')
    : notice('rcs:revoke-failed', 'A message could not be taken back: it may have been read.', 'warning');
  return { ...told, ...(account === undefined ? {} : { account }) };
}

/** ISO 8601; without a zone it is China's time. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || text.length > 40) return undefined;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}+08:00`);
  return Number.isNaN(at) ? undefined : at;
}
