import { dropQuickReplies, tapped } from '../phone/buttons.ts';
import { type Fields, fieldsOf } from '../phone/checks.ts';
import { extensionOf } from '../phone/file-type.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { token } from '../phone/world.ts';
import { type Follower, grant, messageId, type WechatAccount } from './account.ts';
import type { WechatDelivery } from './deliver.ts';
import type { XmlValue } from './xml.ts';

/** The account's own menu, and what somebody can do beside writing. */
export const menu = [
  { id: 'CATALOGUE', title: '产品目录 Catalogue' },
  { id: 'VIEW', title: '官网 Website' },
  { id: 'SCAN', title: '扫码 Scan a code' },
] as const;

const unavailable = '该公众号暂时无法提供服务,请稍后再试';

/** What people do, as WeChat's messages and events. Source: WeChat Official Accounts documentation, "Receive messages". */
export function createWechatEvents(ground: Ground, account: WechatAccount, delivery: WechatDelivery) {
  const { world, phone } = ground;

  function deliver(openid: string, fields: Record<string, XmlValue>, shownId?: string): void {
    delivery.send(openid, fields, (taken, replied) => {
      if (shownId !== undefined) phone.change(shownId, { state: taken ? 'sent' : 'failed' });
      const problem = replied !== undefined && 'problem' in replied ? String(replied.problem) : undefined;
      if (!taken || problem !== undefined) {
        phone.show(openid, {
          id: messageId(world),
          by: 'system',
          at: world.now(),
          text: unavailable,
          ...(problem === undefined ? {} : { tag: problem }),
        });
      } else if (replied !== undefined) showReply(openid, replied);
    });
  }

  /** A reply that came in the answer: costs no quota. */
  function showReply(openid: string, reply: Fields): void {
    const base = { id: messageId(world), by: 'company', at: world.now(), tag: '被动回复' } as const;
    const picture = ground.shelf.get(`image-${String(fieldsOf(reply.Image).MediaId)}`);
    if (reply.MsgType === 'text') phone.show(openid, { ...base, text: String(reply.Content) });
    else if (reply.MsgType === 'image' && picture)
      phone.show(openid, { ...base, file: ground.shown('image', picture) });
    else phone.show(openid, { ...base, text: `[${String(reply.MsgType)}]` });
  }

  function followerOf(openid: string): Follower {
    const follower = account.people.get(openid);
    if (follower === undefined) throw new PhoneRefusal('There is no such person.');
    return follower;
  }

  function say(
    openid: string,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'>,
    fields: Record<string, XmlValue>,
    kind: 'message' | 'event' = 'message',
  ): string {
    const id = messageId(world);
    touch(openid, kind);
    dropQuickReplies(phone, openid);
    phone.show(openid, { ...shown, id, by: 'customer', at: world.now(), state: 'sending' });
    deliver(openid, { ...fields, MsgId: BigInt(id) }, id);
    return id;
  }

  function touch(openid: string, kind: 'message' | 'event'): void {
    const follower = followerOf(openid);
    follower.wroteAt = world.now();
    follower.typing = false;
    grant(follower, kind, world.now());
  }

  function event(openid: string, fields: Record<string, XmlValue>, grants = true): void {
    if (grants) touch(openid, 'event');
    deliver(openid, { MsgType: 'event', ...fields });
  }

  function sendFile(openid: string, { as, file }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const shown = ground.shown(as, kept, file.duration === undefined ? {} : { duration: file.duration });
    switch (as) {
      case 'image':
      case 'sticker':
        return say(openid, { file: shown }, { MsgType: 'image', PicUrl: pictureAddress(kept.id), MediaId: kept.id });
      case 'voice':
      case 'audio': {
        const Format = kept.contentType.includes('amr') ? 'amr' : extensionOf(kept.contentType);
        return say(openid, { file: shown }, { MsgType: 'voice', MediaId: kept.id, Format, Recognition: '' });
      }
      case 'video': {
        const thumb = ground.shelf.put({ bytes: kept.bytes.subarray(0, 1_000), contentType: 'image/jpeg' });
        return say(openid, { file: shown }, { MsgType: 'video', MediaId: kept.id, ThumbMediaId: thumb.id });
      }
      case 'file':
        throw new PhoneRefusal('WeChat sends no files to service accounts.');
    }
  }

  function tap(openid: string, action: PhoneAction & { do: 'tap' }): string | undefined {
    const { button } = tapped(phone, openid, action.message, action.button);
    if (button.does !== 'answer') return undefined;
    // A tap on a menu message counts as a menu click (seen by third parties), not as a message.
    return say(
      openid,
      { text: button.title },
      { MsgType: 'text', Content: button.title, bizmsgmenuid: String(button.value) },
      'event',
    );
  }

  function act(openid: string, action: PhoneAction): string | undefined {
    const { follows } = phone.personOf(openid);
    if (!follows && !['follow', 'typing', 'read'].includes(action.do)) {
      throw new PhoneRefusal('The account is not followed. Follow it to write.');
    }
    switch (action.do) {
      case 'text':
        return say(openid, { text: action.text }, { MsgType: 'text', Content: action.text });
      case 'file':
        return sendFile(openid, action);
      case 'location': {
        const { do: _, latitude, longitude, name, address } = action;
        const place = { latitude, longitude, ...(name && { name }), ...(address && { address }) };
        const Label = [name, address].filter(Boolean).join(' ');
        return say(
          openid,
          { place },
          { MsgType: 'location', Location_X: latitude, Location_Y: longitude, Scale: 16, Label },
        );
      }
      case 'tap':
        return tap(openid, action);
      case 'menu':
        if (action.item === 'VIEW')
          event(openid, { Event: 'VIEW', EventKey: `${ground.origin}/`, MenuId: 427_785_320 }, false);
        else if (action.item === 'SCAN')
          event(openid, { Event: 'SCAN', EventKey: 'shop-window', Ticket: token(world, 72) });
        else event(openid, { Event: 'CLICK', EventKey: action.item });
        return undefined;
      case 'follow':
        phone.changePerson(openid, { follows: true });
        followerOf(openid).followedAt = world.now();
        event(openid, { Event: 'subscribe', EventKey: '' });
        return undefined;
      case 'unfollow':
        phone.changePerson(openid, { follows: false });
        followerOf(openid).grants = { message: { until: 0, left: 0 }, event: { until: 0, left: 0 } };
        event(openid, { Event: 'unsubscribe', EventKey: '' }, false);
        return undefined;
      case 'typing':
      case 'read':
        // WeChat tells companies neither.
        return undefined;
      default:
        throw new PhoneRefusal('WeChat does not do this with service accounts.');
    }
  }

  return {
    act,
    /** A template message was sent: WeChat reports how it went. */
    templateDone: (openid: string, messageId: bigint, status: string) =>
      event(openid, { Event: 'TEMPLATESENDJOBFINISH', MsgID: messageId, Status: status }, false),
    follow: (openid: string) =>
      event(openid, { Event: 'subscribe', EventKey: 'qrscene_shop-window', Ticket: token(world, 72) }),
  };
}

/** Address of a picture at WeChat's image host. */
function pictureAddress(mediaId: string): string {
  return `https://mmbiz.qpic.cn/mmbiz_jpg/${mediaId}/0`;
}
