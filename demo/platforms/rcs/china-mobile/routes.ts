import { type ApiAnswer, ApiRefusal, type ApiRequest, type ApiRoute } from '../../phone/api.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../../phone/checks.ts';
import type { Ground } from '../../phone/platform.ts';
import { uuid } from '../../phone/world.ts';
import type { MaapAccount } from './account.ts';
import { authorize } from './authorize.ts';
import { readContent } from './content.ts';
import type { MaapEvents } from './events.ts';
import type { Files } from './files.ts';
import type { Notifications } from './notify.ts';
import { answered, invalid, refused } from './refusal.ts';
import { documentOf, escaped, fromXml, messagingSpace } from './xml.ts';

const botVersion = '+g.gsma.rcs.botversion="#=1"';
const mostAddresses = 100;

/** Outbound messages and files of a chatbot. Source: CSP interface specification (3p). */
export function createMaapRoutes(
  ground: Ground,
  account: MaapAccount,
  notifications: Notifications,
  events: MaapEvents,
  files: Files,
): ApiRoute[] {
  const { world, phone } = ground;

  function requestOf(request: ApiRequest): Fields {
    authorize(ground, account, request);
    if (request.params.chatbot !== account.chatbotURI) invalid('chatbotURI');
    if (!/^application\/xml\b/i.test(request.headers['content-type'] ?? '')) {
      throw new ApiRefusal(refused(415, 'serviceException', 'SVC0001', 'Unsupported media type'));
    }
    const document = fromXml(request.body.toString('utf8'));
    const root = fieldsOf(document?.['msg:outboundMessageRequest']);
    if (root['@xmlns:msg'] !== messagingSpace) invalid('msg:outboundMessageRequest');
    return root;
  }

  /** Numbers in E.164 of `tel:+86…`. */
  function recipients({ destinationAddress }: Fields): string[] {
    const addresses = listOf(destinationAddress).map((address) => String(address).trim());
    if (addresses.length === 0) invalid('destinationAddress');
    if (addresses.length > mostAddresses) {
      const text = 'Too many addresses specified in message part %1';
      throw new ApiRefusal(refused(403, 'policyException', 'POL0003', text, 'destinationAddress'));
    }
    return addresses.map((address) => /^tel:(\+86\d{11})$/.exec(address)?.[1] ?? invalid('destinationAddress'));
  }

  function checkEnvelope(root: Fields, message: Fields, numbers: string[], address: unknown): void {
    if (root.senderAddress !== account.chatbotURI) invalid('senderAddress');
    const expected = numbers.length === 1 ? [numbers[0], '00000'] : ['00000'];
    if (!expected.includes(String(address))) invalid('Address');
    for (const name of ['conversationID', 'contributionID', 'contentType', 'bodyText']) {
      if (textOf(message[name]) === undefined) invalid(name);
    }
    const { capabilityId, version } = fieldsOf(message.serviceCapability);
    if (capabilityId !== 'ChatbotSA' || version !== botVersion) invalid('serviceCapability');
    const reports = ['Delivered', 'Displayed', 'Failed', 'Interworking'];
    if (!listOf(message.reportRequest).every((name) => reports.includes(String(name)))) invalid('reportRequest');
    const falls = isTrue(message.shortMessageSupported);
    if (falls && textOf(message.smsBodyText) === undefined) invalid('smsBodyText');
  }

  function send(request: ApiRequest): ApiAnswer {
    const root = requestOf(request);
    const message = fieldsOf(root.outboundIMMessage);
    const numbers = recipients(root);
    checkEnvelope(root, message, numbers, request.headers.address);
    const read = readContent(String(message.contentType), String(message.bodyText), files.shownAt);
    if ('problem' in read) return invalid(read.problem);
    if ('unaudited' in read) {
      const text = 'A policy error occurred. Error code is %1';
      return refused(403, 'policyException', 'POL0001', text, 'media not audited');
    }
    const messageId = textOf(message.messageId) ?? uuid(world);
    // Ids are unique on all phones; of a message to many, each copy has its own.
    for (const number of numbers) {
      put(number, messageId, numbers.length === 1 ? messageId : `${messageId} ${number}`, message, read);
    }
    const correlator = textOf(root.clientCorrelator);
    const inner = `<messageId>${escaped(messageId)}</messageId>${
      correlator === undefined ? '' : `<clientCorrelator>${escaped(correlator)}</clientCorrelator>`
    }`;
    return answered(200, documentOf('msg:outboundMessageRequest', messagingSpace, inner));
  }

  function put(number: string, messageId: string, id: string, message: Fields, shown: object): void {
    const wants = (name: string) => listOf(message.reportRequest).includes(name);
    const base = { id, by: 'company', at: world.now(), state: 'sent' } as const;
    const person = account.people.get(number);
    if (person?.rcs) {
      phone.show(number, { ...structuredClone(shown), ...base });
      events.arrived(number, id, messageId, { delivered: wants('Delivered'), displayed: wants('Displayed') });
      return;
    }
    if (person !== undefined && isTrue(message.shortMessageSupported)) {
      phone.show(number, { ...base, text: String(message.smsBodyText), tag: 'SMS' });
      if (wants('Interworking')) notifications.status(number, messageId, 'DeliveredToNetwork', 'SMS');
      return;
    }
    if (wants('Failed')) notifications.status(number, messageId, 'DeliveryImpossible', 'SVC5001', '用户不支持5G消息');
  }

  /** Taking a message back works as long as nobody saw it. */
  function revoke(request: ApiRequest): ApiAnswer {
    authorize(ground, account, request);
    if (request.params.chatbot !== account.chatbotURI) invalid('chatbotURI');
    const messageId = request.params.message ?? '';
    const found = phone.find(messageId);
    if (found === undefined || found.message.by !== 'company') {
      return refused(404, 'serviceException', 'SVC0004', 'No valid addresses provided in message part %1', 'messageId');
    }
    const seen = found.message.state === 'read';
    if (!seen) phone.change(messageId, { removed: true });
    notifications.revoked(found.person.id, messageId, seen ? 'RevokeFailed' : 'Revoked');
    return { status: 204 };
  }

  return [
    { method: 'POST', path: '/maap/messaging/group/v1/outbound/:chatbot/requests', handle: send },
    { method: 'POST', path: '/maap/messaging/interaction/v1/outbound/:chatbot/requests', handle: send },
    { method: 'PUT', path: '/maap/messaging/v1/outbound/:chatbot/requests/:message/status', handle: revoke },
    { method: 'POST', path: '/fileserver/Content', handle: files.upload },
    { method: 'GET', path: '/fileserver/Access/:id', handle: files.download, gone: files.gone },
  ];
}

function isTrue(value: unknown): boolean {
  return value === 'true' || value === '1';
}
