import { dropQuickReplies, ownMessage, tapped } from '../phone/buttons.ts';
import { extensionOf } from '../phone/file-type.ts';
import { type Person, type PhoneAction, PhoneRefusal, type ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { digits, token } from '../phone/world.ts';
import { type LineAccount, remember, replyTokenLife, signatureOf, ulid } from './account.ts';

type Event = Record<string, unknown>;

/** What people do in the app, as webhook events. Source: LINE Developers, Messaging API reference, "Webhook Event Objects". */
export function createLineEvents(ground: Ground, account: LineAccount, channelId: string) {
  const { world, phone, deliveries, deliverTo } = ground;

  /** Deliver one event; a delivery that failed comes again as a redelivery of the same event. */
  function deliver(person: Person, event: Event, message?: string): void {
    if (!account.webhook.active) return;
    const envelope = {
      ...event,
      mode: 'active',
      timestamp: world.now(),
      source: { type: 'user', userId: person.id },
      webhookEventId: ulid(world),
    };
    deliveries.send({
      conversation: person.id,
      make(attempt) {
        const body = Buffer.from(
          JSON.stringify({
            destination: account.userId,
            events: [{ ...envelope, deliveryContext: { isRedelivery: attempt > 1 } }],
          }),
        );
        return {
          method: 'POST',
          url: deliverTo(channelId),
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': 'LineBotWebhook/2.0',
            'x-line-signature': signatureOf(account.channelSecret, body),
          },
          body,
        };
      },
      done(taken) {
        if (message !== undefined) phone.change(message, { state: taken ? 'sent' : 'failed' });
      },
    });
  }

  function replyToken(person: Person): { replyToken: string } {
    const value = token(world, 16).replaceAll('-', 'a').replaceAll('_', 'b');
    remember(account.replyTokens, value, { to: person.id, until: world.now() + replyTokenLife });
    return { replyToken: value };
  }

  /** Show what somebody wrote, and tell the company. */
  function say(
    person: Person,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'>,
    message: Event,
    id = digits(world, 18),
  ): string {
    dropQuickReplies(phone, person.id);
    phone.show(person.id, { ...shown, id, by: 'customer', at: world.now(), state: 'sending' });
    const markAsReadToken = token(world, 24);
    remember(account.readTokens, markAsReadToken, id);
    const quotable: Event = {};
    if (['text', 'sticker', 'image', 'video'].includes(String(message.type))) {
      quotable.quoteToken = token(world, 48);
      remember(account.quoteTokens, String(quotable.quoteToken), id);
    }
    deliver(
      person,
      { type: 'message', ...replyToken(person), message: { id, ...message, ...quotable, markAsReadToken } },
      id,
    );
    return id;
  }

  function quoted(id: string | undefined): { quotes?: string; quotedMessageId?: string } {
    return id === undefined ? {} : { quotes: id, quotedMessageId: id };
  }

  function sendFile(person: Person, { as, file, quotes }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const id = digits(world, 18);
    const duration = file.duration ?? 2_000;
    ground.shelf.put({ ...kept, id: `content-${id}` });
    const contentProvider = { type: 'line' };
    const { quotes: _, ...quote } = quoted(quotes);
    switch (as) {
      case 'image':
        return say(person, { file: ground.shown('image', kept) }, { type: 'image', contentProvider, ...quote }, id);
      case 'video':
        return say(
          person,
          { file: ground.shown('video', kept, { duration }) },
          { type: 'video', duration, contentProvider, ...quote },
          id,
        );
      case 'voice':
      case 'audio':
        return say(
          person,
          { file: ground.shown('voice', kept, { duration }) },
          { type: 'audio', duration, contentProvider },
          id,
        );
      case 'file': {
        const fileName = kept.name.includes('.') ? kept.name : `${kept.name}.${extensionOf(kept.contentType)}`;
        return say(
          person,
          { file: ground.shown('file', kept) },
          { type: 'file', fileName, fileSize: kept.bytes.length },
          id,
        );
      }
      case 'sticker':
        throw new PhoneRefusal('LINE’s stickers are chosen, not made.');
    }
  }

  function tap(person: Person, messageId: string, buttonId: string): string | undefined {
    const { button } = tapped(phone, person.id, messageId, buttonId);
    const action = (button.value ?? {}) as Record<string, unknown>;
    switch (action.type) {
      case 'message':
        return say(person, { text: String(action.text) }, { type: 'text', text: String(action.text) });
      case 'location':
        return act(person.id, { do: 'location', latitude: 35.6812, longitude: 139.7671, name: 'Tokyo Station' });
      case 'postback':
      case 'datetimepicker': {
        const picked = action.type === 'postback' ? {} : { params: pickedTime(String(action.mode), world.now()) };
        const spoken = action.displayText ?? action.text;
        if (spoken !== undefined) {
          phone.show(person.id, {
            id: digits(world, 18),
            by: 'customer',
            at: world.now(),
            text: String(spoken),
            state: 'sent',
          });
        }
        dropQuickReplies(phone, person.id);
        deliver(person, {
          type: 'postback',
          ...replyToken(person),
          postback: { data: String(action.data), ...picked },
        });
        return undefined;
      }
      default:
        return undefined;
    }
  }

  function act(personId: string, action: PhoneAction): string | undefined {
    const person = phone.personOf(personId);
    if (!person.follows && !['follow', 'typing', 'read'].includes(action.do)) {
      throw new PhoneRefusal('The account is blocked. Unblock it to write.');
    }
    switch (action.do) {
      case 'text': {
        const { quotes, ...quote } = quoted(action.quotes);
        return say(
          person,
          { text: action.text, ...(quotes === undefined ? {} : { quotes }) },
          { type: 'text', text: action.text, ...quote },
        );
      }
      case 'file':
        return sendFile(person, action);
      case 'location': {
        const { do: _, ...place } = action;
        const { name, ...rest } = place;
        return say(person, { place }, { type: 'location', ...rest, ...(name === undefined ? {} : { title: name }) });
      }
      case 'sticker':
        return say(
          person,
          {
            file: {
              kind: 'sticker',
              name: action.sticker,
              url: `/simulators/${ground.key}/api/stickershop/v1/sticker/${action.sticker}/android/sticker.png`,
            },
          },
          {
            type: 'sticker',
            packageId: '446',
            stickerId: action.sticker,
            stickerResourceType: 'STATIC',
            keywords: ['hello'],
          },
        );
      case 'tap':
        return tap(person, action.message, action.button);
      case 'unsend': {
        ownMessage(phone, person.id, action.message);
        phone.change(action.message, { removed: true });
        ground.shelf.remove(`content-${action.message}`);
        deliver(person, { type: 'unsend', unsend: { messageId: action.message } });
        return undefined;
      }
      case 'follow':
        if (person.follows) throw new PhoneRefusal('The account is a friend already.');
        phone.changePerson(person.id, { follows: true });
        deliver(person, { type: 'follow', ...replyToken(person), follow: { isUnblocked: true } });
        return undefined;
      case 'unfollow':
        phone.changePerson(person.id, { follows: false });
        // A blocked account gets no reply token: nothing it sends would arrive.
        deliver(person, { type: 'unfollow' });
        return undefined;
      case 'typing':
      case 'read':
        // LINE tells companies neither.
        return undefined;
      default:
        throw new PhoneRefusal('LINE does not do this.');
    }
  }

  return {
    act,
    /** Somebody adds the account as a friend. */
    follow: (person: Person) =>
      deliver(person, { type: 'follow', ...replyToken(person), follow: { isUnblocked: false } }),
  };
}

function pickedTime(mode: string, now: number): Record<string, string> {
  const iso = new Date(now).toISOString();
  if (mode === 'date') return { date: iso.slice(0, 10) };
  if (mode === 'time') return { time: iso.slice(11, 16) };
  return { datetime: iso.slice(0, 16) };
}
