import type { Subscription } from '../meta/subscription.ts';
import { dropQuickReplies, ownMessage, reactTo, tapped } from '../phone/buttons.ts';
import type { Fields } from '../phone/checks.ts';
import { extensionOf } from '../phone/file-type.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { digits, token } from '../phone/world.ts';
import { type FacebookAccount, type FacebookPerson, inboxAppId, ownId } from './account.ts';

export type FacebookEvents = ReturnType<typeof createFacebookEvents>;

const reactions: Record<string, string> = {
  '❤️': 'love',
  '😆': 'smile',
  '😮': 'wow',
  '😢': 'sad',
  '😠': 'angry',
  '👍': 'like',
  '👎': 'dislike',
};
/** How long a file's address lives, ms. */
const addressLife = 24 * 60 * 60_000;

/** Menu entries beside the company's own: what somebody does elsewhere on the Page. */
export const menu = [
  { id: 'GET_STARTED', title: 'Get started' },
  { id: 'OPENING_HOURS', title: 'Opening hours' },
  { id: 'page-inbox', title: 'Page inbox answers instead' },
] as const;

/** What people do, as events of the Page. Source: Meta for Developers, Messenger Platform, "Webhook Events". */
export function createFacebookEvents(ground: Ground, account: FacebookAccount, subscription: Subscription) {
  const { world, phone } = ground;
  const instagram = account.variant === 'instagram';
  const newMid = () => (instagram ? `aWdfZAG1faXRlbTox${token(world, 60)}` : `m_${token(world, 66)}`);

  function deliver(
    psid: string,
    event: Fields,
    { from = psid, done }: { from?: string; done?: ((taken: boolean) => void) | undefined } = {},
  ): void {
    if (!account.subscribed) return;
    const own = ownId(account);
    const toPage = from === psid;
    const envelope = {
      sender: { id: toPage ? psid : own },
      recipient: { id: toPage ? own : psid },
      timestamp: world.now(),
      ...event,
    };
    const standby = account.people.get(psid)?.inboxControls === true && event.pass_thread_control === undefined;
    subscription.deliver(
      psid,
      {
        object: instagram ? 'instagram' : 'page',
        entry: [{ id: own, time: world.now(), [standby ? 'standby' : 'messaging']: [envelope] }],
      },
      done,
    );
  }

  function say(
    psid: string,
    person: FacebookPerson,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'>,
    message: Fields,
  ): string {
    const mid = newMid();
    person.wroteAt = world.now();
    dropQuickReplies(phone, psid);
    phone.show(psid, { ...shown, id: mid, by: 'customer', at: world.now(), state: 'sending' });
    const { quotes } = shown;
    const reply = quotes === undefined ? {} : { reply_to: { mid: quotes, is_self_reply: isOwn(quotes) } };
    deliver(
      psid,
      { message: { mid, ...message, ...reply } },
      { done: (taken) => phone.change(mid, { state: taken ? 'delivered' : 'failed' }) },
    );
    return mid;
  }

  const isOwn = (mid: string) => phone.find(mid)?.message.by === 'customer';

  function sendFile(psid: string, person: FacebookPerson, { as, file, quotes }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const type = as === 'voice' ? 'audio' : as === 'sticker' ? 'image' : as;
    const shown = ground.shown(as, kept, file.duration === undefined ? {} : { duration: file.duration });
    return say(
      psid,
      person,
      { file: shown, ...(quotes === undefined ? {} : { quotes }) },
      { attachments: [{ type, payload: { url: fileAddress(kept.id, kept.contentType) } }] },
    );
  }

  /** Signed by nothing but its own unguessable name, as far as anybody outside can tell; it ends. */
  function fileAddress(id: string, contentType: string): string {
    const oe = Math.floor((world.now() + addressLife) / 1000)
      .toString(16)
      .toUpperCase();
    return instagram
      ? `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=${id}&signature=${oe}`
      : `https://scontent.xx.fbcdn.net/v/t1.15752-9/${id}_n.${extensionOf(contentType)}?oh=00_AT${token(world, 12)}&oe=${oe}`;
  }

  function tap(psid: string, person: FacebookPerson, action: PhoneAction & { do: 'tap' }): string | undefined {
    const { button } = tapped(phone, psid, action.message, action.button);
    if (button.does !== 'answer') return undefined;
    const { kind, title, payload } = button.value as Fields;
    if (kind === 'quick_reply') {
      return say(
        psid,
        person,
        { text: button.title },
        { text: button.title, quick_reply: { payload: payload || button.title } },
      );
    }
    return postback(psid, person, String(title), String(payload));
  }

  function postback(psid: string, person: FacebookPerson, title: string, payload: string): string {
    const mid = newMid();
    person.wroteAt = world.now();
    dropQuickReplies(phone, psid);
    phone.show(psid, { id: mid, by: 'customer', at: world.now(), text: title, state: 'sending' });
    const referral =
      payload === 'GET_STARTED'
        ? { referral: { ref: 'spring-catalogue', source: 'SHORTLINK', type: 'OPEN_THREAD' } }
        : {};
    // While another app answers, no payload is told.
    const told = person.inboxControls ? { title } : { title, payload, ...referral };
    deliver(
      psid,
      { postback: { mid, ...told } },
      { done: (taken) => phone.change(mid, { state: taken ? 'delivered' : 'failed' }) },
    );
    return mid;
  }

  /** Somebody of the company answers in the Page's own inbox: the app sees an echo and loses the thread. */
  function inboxAnswers(psid: string, person: FacebookPerson): string {
    const mid = newMid();
    const text = 'Hello, this is the team at the shop. I will look after this myself.';
    phone.show(psid, { id: mid, by: 'company', at: world.now(), text, state: 'delivered' });
    deliver(psid, { message: { mid, text, is_echo: true, app_id: Number(inboxAppId) } }, { from: 'page' });
    deliver(psid, { pass_thread_control: { new_owner_app_id: inboxAppId, previous_owner_app_id: account.appId } });
    person.inboxControls = true;
    return mid;
  }

  function act(psid: string, action: PhoneAction): string | undefined {
    const { follows } = phone.personOf(psid);
    const person = account.people.get(psid);
    if (person === undefined) throw new PhoneRefusal('There is no such person.');
    if (!follows && !['follow', 'typing', 'read'].includes(action.do)) {
      throw new PhoneRefusal('The Page is blocked. Unblock it to write.');
    }
    switch (action.do) {
      case 'text': {
        const { text, quotes } = action;
        return say(psid, person, { text, ...(quotes === undefined ? {} : { quotes }) }, { text });
      }
      case 'file':
        return sendFile(psid, person, action);
      case 'sticker':
        return say(
          psid,
          person,
          { text: '👍' },
          {
            attachments: [
              {
                type: 'sticker',
                payload: {
                  sticker_id: Number(action.sticker),
                  url: `https://scontent.xx.fbcdn.net/v/t39.1997-6/${action.sticker}_n.png`,
                },
              },
            ],
          },
        );
      case 'tap':
        return tap(psid, person, action);
      case 'menu': {
        if (action.item === 'page-inbox') return inboxAnswers(psid, person);
        const item = menu.find(({ id }) => id === action.item);
        if (item === undefined) throw new PhoneRefusal('The menu has no such entry.');
        return postback(psid, person, item.title, item.id);
      }
      case 'react': {
        const { message: mid, emoji } = action;
        const before = reactTo(phone, mid, 'customer', emoji);
        person.wroteAt = world.now();
        const shown = emoji ?? before;
        const named = shown === undefined ? {} : { reaction: reactions[shown] ?? 'other', emoji: shown };
        deliver(psid, { reaction: { mid, action: emoji === null ? 'unreact' : 'react', ...named } });
        return undefined;
      }
      case 'edit': {
        ownMessage(phone, psid, action.message);
        const edits = (person.edits.get(action.message) ?? 0) + 1;
        if (edits > 5) throw new PhoneRefusal('A message can be edited five times.');
        person.edits.set(action.message, edits);
        phone.change(action.message, { text: action.text, edited: true });
        deliver(psid, { message_edit: { mid: action.message, text: action.text, num_edit: edits } });
        return undefined;
      }
      case 'unsend':
        ownMessage(phone, psid, action.message);
        phone.change(action.message, { removed: true });
        deliver(psid, { message: { mid: action.message, is_deleted: true } });
        return undefined;
      case 'follow':
      case 'unfollow':
        phone.changePerson(psid, { follows: action.do === 'follow' });
        return undefined;
      case 'read':
        read(psid);
        return undefined;
      case 'typing':
        return undefined;
      default:
        throw new PhoneRefusal(`${instagram ? 'Instagram' : 'Messenger'} does not do this.`);
    }
  }

  /** Everything of the company's up to now was seen: Messenger tells a time, Instagram the last message. */
  function read(psid: string): void {
    const unread = phone.messages(psid).filter(({ by, state }) => by === 'company' && state === 'delivered');
    const last = unread.at(-1);
    if (last === undefined) return;
    for (const { id } of unread) phone.change(id, { state: 'read' });
    deliver(psid, { read: instagram ? { mid: last.id } : { watermark: last.at } });
  }

  return {
    act,
    newMid,
    /** A message of the Page reached the phone. */
    arrived(psid: string, shown: ShownMessage, message: Fields): void {
      const { metadata, text, attachment } = message;
      deliver(
        psid,
        {
          message: {
            mid: shown.id,
            is_echo: true,
            app_id: Number(account.appId),
            ...(metadata === undefined ? {} : { metadata }),
            ...(text === undefined ? {} : { text }),
            ...(attachment === undefined ? {} : { attachments: [attachment] }),
          },
        },
        { from: 'page' },
      );
      phone.change(shown.id, { state: 'delivered' });
      if (!instagram) deliver(psid, { delivery: { mids: [shown.id], watermark: shown.at } });
      if (ground.reading.automatic) world.after(ground.reading.after, () => read(psid));
    },
    newPsid: () => digits(world, 17),
  };
}
