import type { ConversationClosed, Inbound, InboundContent, InboundStatus } from '../contract/index.ts';
import { asNumber, required } from '../kit/index.ts';
import { childNamed, childrenNamed, textNamed, type XmlElement } from '../kit/xml.ts';
import { grants } from './platform.ts';

/** What an event says: something the customer did, what became of messages of ours, or both. */
export interface DecodedEvent {
  /** What goes into the session's log. */
  content?: InboundContent;
  /** Who it is about, when that is not the sender. */
  person?: string;
  /** Messages that may be sent because of it. */
  grants?: { duration: number; quota: number };
  closed?: ConversationClosed;
  /** Statuses and notices. */
  items?: Inbound[];
}

type Decoder = (root: XmlElement, at: number, event: string) => DecodedEvent;

/** Decode an event by its name, in the platform's letter case. An unknown one is told by its name and key. Pure. */
export function decodeEvent(root: XmlElement, event: string, at: number): DecodedEvent {
  return (decoders.get(event) ?? unknown)(root, at, event);
}

/** Fields that are there; undefined when none is. */
function fields(values: Record<string, unknown>): Record<string, unknown> | undefined {
  const found = Object.entries(values).filter(([, value]) => value !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function happened(name: string, values: Record<string, unknown> = {}): { content: InboundContent } {
  const value = fields(values);
  return { content: { type: 'event', name: `wechat:${name}`, ...(value === undefined ? {} : { value }) } };
}

function text(root: XmlElement | undefined, name: string): string | undefined {
  return textNamed(root, name)?.trim();
}

/** What a QR code was made with; of followers it comes with a prefix. */
function sceneOf(root: XmlElement): Record<string, unknown> {
  const scene = text(root, 'EventKey')?.replace(/^qrscene_/, '');
  return { scene, ticket: text(root, 'Ticket') };
}

function menuOf(root: XmlElement): Record<string, unknown> {
  return { key: text(root, 'EventKey'), menuId: text(root, 'MenuId') ?? text(root, 'MenuID') };
}

const scannedCode: Decoder = (root, _at, event) => {
  const info = childNamed(root, 'ScanCodeInfo');
  const values = {
    key: text(root, 'EventKey'),
    type: text(info, 'ScanType'),
    result: textNamed(info, 'ScanResult'),
    waiting: event === 'scancode_waitmsg',
  };
  return { ...happened('code-scanned', values), grants: grants.click };
};

const chosePictures: Decoder = (root, _at, event) => {
  const info = childNamed(root, 'SendPicsInfo');
  const pictures = childrenNamed(childNamed(info, 'PicList'), 'item').map((item) => text(item, 'PicMd5Sum'));
  const from = { pic_sysphoto: 'camera', pic_photo_or_album: 'camera-or-album', pic_weixin: 'album' }[event];
  const count = asNumber(text(info, 'Count')) ?? pictures.length;
  // The pictures themselves follow as messages.
  return happened('pictures-chosen', { key: text(root, 'EventKey'), from, count, md5: pictures.filter(Boolean) });
};

const choseLocation: Decoder = (root) => {
  const info = childNamed(root, 'SendLocationInfo');
  return happened('location-chosen', {
    key: text(root, 'EventKey'),
    latitude: asNumber(text(info, 'Location_X')),
    longitude: asNumber(text(info, 'Location_Y')),
    label: text(info, 'Label'),
    name: text(info, 'Poiname'),
  });
};

/** What became of a template message: it is named by the id its sending was answered with. */
const templateFinished: Decoder = (root, at) => {
  const id = required(text(root, 'MsgID') ?? text(root, 'MsgId'), 'MsgID');
  const told = text(root, 'Status') ?? '';
  return { items: [statusOf(id, at, told === 'success', told, told)] };
};

function statusOf(id: string, at: number, good: boolean, code: string, told: string): InboundStatus {
  const status: InboundStatus = { kind: 'status', state: good ? 'delivered' : 'failed', messages: [id], at };
  if (good) return status;
  const refused = /user\s*block/i.test(told);
  const words = refused ? 'The customer refuses messages of this account.' : 'WeChat could not deliver the message.';
  status.reason = { code: code === '' ? 'unknown' : code.slice(0, 100), text: words };
  if (refused) status.closed = 'blocked';
  return status;
}

const broadcastFinished: Decoder = (root) => {
  const told = text(root, 'Status') ?? 'without a status';
  const counts = [
    ['sent', text(root, 'SentCount')],
    ['failed', text(root, 'ErrorCount')],
  ].flatMap(([what, count]) => (count === undefined ? [] : [`${count} ${what}`]));
  const words = `A broadcast ended: ${told.slice(0, 100)}${counts.length === 0 ? '' : ` (${counts.join(', ')})`}.`;
  const severity = /^send\s?success$/.test(told) ? 'info' : 'warning';
  return { items: [{ kind: 'notice', code: 'wechat:broadcast-finished', text: words, severity }] };
};

/** The entries of a subscription event, one or many. */
function listOf(root: XmlElement, wrapper: string): readonly XmlElement[] {
  return childrenNamed(childNamed(root, wrapper) ?? root, 'List');
}

function subscription(name: string, wrapper: string): Decoder {
  return (root) => {
    const choices = listOf(root, wrapper).map((entry) =>
      fields({
        template: text(entry, 'TemplateId'),
        accepted: text(entry, 'SubscribeStatusString') === 'accept',
        scene: text(entry, 'PopupScene'),
      }),
    );
    return happened(name, { choices });
  };
}

const subscriptionSent: Decoder = (root, at) => ({
  items: listOf(root, 'SubscribeMsgSentEvent').flatMap((entry) => {
    const id = text(entry, 'MsgID') ?? text(entry, 'MsgId');
    const code = text(entry, 'ErrorCode') ?? '0';
    return id === undefined ? [] : [statusOf(id, at, code === '0', code, text(entry, 'ErrorStatus') ?? '')];
  }),
});

const unknown: Decoder = (root, _at, event) =>
  happened('unknown-event-received', { event: event.slice(0, 60), key: text(root, 'EventKey')?.slice(0, 300) });

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['subscribe', (root) => ({ ...happened('subscribed', sceneOf(root)), grants: grants.click })],
  ['unsubscribe', () => ({ ...happened('unsubscribed'), closed: 'unfollowed' })],
  ['SCAN', (root) => ({ ...happened('scanned', sceneOf(root)), grants: grants.click })],
  [
    'LOCATION',
    (root) =>
      happened('located', {
        latitude: asNumber(text(root, 'Latitude')),
        longitude: asNumber(text(root, 'Longitude')),
        precision: asNumber(text(root, 'Precision')),
      }),
  ],
  ['CLICK', (root) => ({ ...happened('clicked', menuOf(root)), grants: grants.click })],
  ['VIEW', (root) => happened('viewed', { url: text(root, 'EventKey'), menuId: menuOf(root).menuId })],
  [
    'view_miniprogram',
    (root) => happened('mini-program-opened', { page: text(root, 'EventKey'), menuId: menuOf(root).menuId }),
  ],
  ['scancode_push', scannedCode],
  ['scancode_waitmsg', scannedCode],
  ['pic_sysphoto', chosePictures],
  ['pic_photo_or_album', chosePictures],
  ['pic_weixin', chosePictures],
  ['location_select', choseLocation],
  ['TEMPLATESENDJOBFINISH', templateFinished],
  ['MASSSENDJOBFINISH', broadcastFinished],
  ['subscribe_msg_popup_event', subscription('subscription-answered', 'SubscribeMsgPopupEvent')],
  ['subscribe_msg_change_event', subscription('subscription-changed', 'SubscribeMsgChangeEvent')],
  ['subscribe_msg_sent_event', subscriptionSent],
  ['kf_create_session', (root) => happened('service-session-created', { account: text(root, 'KfAccount') })],
  [
    'kf_close_session',
    (root) => happened('service-session-closed', { account: text(root, 'KfAccount'), how: text(root, 'CloseType') }),
  ],
  [
    'kf_switch_session',
    (root) =>
      happened('service-session-switched', { from: text(root, 'FromKfAccount'), to: text(root, 'ToKfAccount') }),
  ],
  [
    'user_authorization_revoke',
    (root) => {
      const person = text(root, 'OpenID');
      const event = happened('authorization-revoked', { info: text(root, 'RevokeInfo') });
      return person === undefined ? event : { ...event, person };
    },
  ],
]);
