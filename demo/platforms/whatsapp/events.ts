import { createHash } from 'node:crypto';
import type { Subscription } from '../meta/subscription.ts';
import { dropQuickReplies, ownMessage, reactTo, tapped } from '../phone/buttons.ts';
import type { Fields } from '../phone/checks.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import type { WhatsappAccount, WhatsappPerson } from './account.ts';
import { mediaAddress } from './media.ts';
import { wamid } from './wamid.ts';

export interface StatusError {
  code: number;
  title: string;
  details: string;
}

export type WhatsappEvents = ReturnType<typeof createWhatsappEvents>;

/** What people do, and what becomes of the business's messages. Source: Meta for Developers, Cloud API, "Webhooks". */
export function createWhatsappEvents(ground: Ground, account: WhatsappAccount, subscription: Subscription) {
  const { world, phone } = ground;
  const seconds = () => String(Math.floor(world.now() / 1000));

  function deliver(person: WhatsappPerson | undefined, value: Fields, done?: (taken: boolean) => void): void {
    if (!account.subscribed) return;
    const metadata = {
      display_phone_number: account.displayPhoneNumber,
      phone_number_id: account.phoneNumberId,
    };
    const payload = {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: account.wabaId,
          changes: [{ value: { messaging_product: 'whatsapp', metadata, ...value }, field: 'messages' }],
        },
      ],
    };
    subscription.deliver(person?.waId ?? 'nobody', payload, done);
  }

  function contactOf(person: WhatsappPerson): Fields {
    const name = phone.person(person.waId)?.name ?? '';
    return {
      profile: { name, ...(person.username === undefined ? {} : { username: person.username }) },
      user_id: person.userId,
      ...(person.hidesNumber ? {} : { wa_id: person.waId }),
    };
  }

  function contextOf(person: WhatsappPerson, quotes: string | undefined): Fields {
    if (quotes === undefined) return {};
    const own = phone.find(quotes)?.message.by === 'customer';
    return { context: { from: own ? person.waId : account.displayPhoneNumber, id: quotes } };
  }

  function say(
    person: WhatsappPerson,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'> | undefined,
    message: Fields,
    id = wamid(world),
  ): string {
    person.wroteAt = world.now();
    if (shown !== undefined) {
      dropQuickReplies(phone, person.waId);
      phone.show(person.waId, { ...shown, id, by: 'customer', at: world.now(), state: 'sending' });
    }
    const { quotes } = shown ?? {};
    deliver(
      person,
      {
        contacts: [contactOf(person)],
        messages: [
          {
            ...contextOf(person, quotes),
            ...(person.hidesNumber ? {} : { from: person.waId }),
            from_user_id: person.userId,
            id,
            timestamp: seconds(),
            ...message,
          },
        ],
      },
      (taken) => shown !== undefined && phone.change(id, { state: taken ? 'delivered' : 'failed' }),
    );
    return id;
  }

  function status(
    id: string,
    state: 'sent' | 'delivered' | 'read' | 'failed',
    person: WhatsappPerson | undefined,
    { error, callback }: { error?: StatusError; callback?: string },
  ): void {
    const recipient =
      person === undefined
        ? {}
        : { recipient_user_id: person.userId, ...(person.hidesNumber ? {} : { recipient_id: person.waId }) };
    deliver(person, {
      ...(person === undefined ? {} : { contacts: [contactOf(person)] }),
      statuses: [
        {
          id,
          status: state,
          timestamp: seconds(),
          ...recipient,
          ...(state === 'sent' || state === 'delivered'
            ? { pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' } }
            : {}),
          ...(callback === undefined ? {} : { biz_opaque_callback_data: callback }),
          ...(error === undefined ? {} : { errors: [failure(error)] }),
        },
      ],
    });
    if (state !== 'failed') phone.change(id, { state });
  }

  function sendFile(person: WhatsappPerson, { as, file, caption, quotes }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const type = as === 'voice' ? 'audio' : as === 'file' ? 'document' : as;
    const voice = as === 'voice' ? { voice: true } : {};
    const sticker = as === 'sticker' ? { animated: false } : {};
    const named = as === 'file' ? { filename: kept.name } : {};
    const worded = caption !== undefined && ['image', 'video', 'document'].includes(type) ? { caption } : {};
    return say(
      person,
      {
        file: ground.shown(as, kept, file.duration === undefined ? {} : { duration: file.duration }),
        ...(caption === undefined ? {} : { text: caption }),
        ...(quotes === undefined ? {} : { quotes }),
      },
      {
        type,
        [type]: {
          ...worded,
          ...named,
          mime_type: as === 'voice' ? 'audio/ogg; codecs=opus' : kept.contentType,
          sha256: createHash('sha256').update(kept.bytes).digest('base64'),
          id: kept.id,
          url: mediaAddress(ground, account, kept.id),
          ...voice,
          ...sticker,
        },
      },
    );
  }

  function tap(person: WhatsappPerson, action: PhoneAction & { do: 'tap' }): string | undefined {
    const { message, button } = tapped(phone, person.waId, action.message, action.button);
    if (button.does === 'location') return act(person.waId, { do: 'location', latitude: -1.2864, longitude: 36.8172 });
    if (button.does !== 'answer') return undefined;
    const { kind, ...reply } = button.value as { kind: string } & Fields;
    const shown = { text: button.title, quotes: message.id };
    if (kind === 'button') return say(person, shown, { type: 'button', button: reply });
    return say(person, shown, { type: 'interactive', interactive: { type: kind, [kind]: reply } });
  }

  function act(personId: string, action: PhoneAction): string | undefined {
    const { follows } = phone.personOf(personId);
    const person = account.people.get(personId);
    if (person === undefined) throw new PhoneRefusal('There is no such person.');
    if (!follows && !['follow', 'typing', 'read'].includes(action.do)) {
      throw new PhoneRefusal('The business is blocked. Unblock it to write.');
    }
    switch (action.do) {
      case 'text':
        return say(
          person,
          { text: action.text, ...(action.quotes === undefined ? {} : { quotes: action.quotes }) },
          { type: 'text', text: { body: action.text } },
        );
      case 'file':
        return sendFile(person, action);
      case 'location': {
        const { do: _, ...place } = action;
        return say(person, { place }, { type: 'location', location: place });
      }
      case 'contact': {
        const contact = {
          name: { formatted_name: action.name, first_name: action.name },
          phones: [{ phone: action.phone, type: 'CELL' }],
        };
        const shown = { contact: { name: action.name, phones: [action.phone] } };
        return say(person, shown, { type: 'contacts', contacts: [contact] });
      }
      case 'tap':
        return tap(person, action);
      case 'react': {
        reactTo(phone, action.message, 'customer', action.emoji);
        const emoji = action.emoji === null ? {} : { emoji: action.emoji };
        say(person, undefined, { type: 'reaction', reaction: { message_id: action.message, ...emoji } });
        return undefined;
      }
      case 'edit': {
        ownMessage(phone, personId, action.message);
        phone.change(action.message, { text: action.text, edited: true });
        const message = { type: 'text', text: { body: action.text } };
        say(person, undefined, { type: 'edit', edit: { original_message_id: action.message, message } });
        return undefined;
      }
      case 'unsend':
        ownMessage(phone, personId, action.message);
        phone.change(action.message, { removed: true });
        say(person, undefined, { type: 'revoke', revoke: { original_message_id: action.message } });
        return undefined;
      case 'follow':
      case 'unfollow':
        // Blocking is between a person and WhatsApp: the business is told nothing.
        phone.changePerson(personId, { follows: action.do === 'follow' });
        return undefined;
      case 'read':
        for (const { id, by, state } of phone.messages(personId)) {
          if (by === 'company' && state === 'delivered') status(id, 'read', person, {});
        }
        return undefined;
      case 'typing':
        // WhatsApp does not tell businesses.
        return undefined;
      default:
        throw new PhoneRefusal('WhatsApp does not do this.');
    }
  }

  return {
    act,
    status,
    /** A message reached the phone, and is read soon after where that is automatic. */
    arrived(id: string, person: WhatsappPerson, callback: string | undefined): void {
      const kept = callback === undefined ? {} : { callback };
      status(id, 'delivered', person, kept);
      if (!ground.reading.automatic) return;
      world.after(ground.reading.after, () => {
        if (phone.find(id)?.message.state === 'delivered') status(id, 'read', person, kept);
      });
    },
  };
}

function failure({ code, title, details }: StatusError): Fields {
  return {
    code,
    title,
    message: title,
    error_data: { details },
    href: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/',
  };
}
