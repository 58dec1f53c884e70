import { createHmac } from 'node:crypto';
import { dropQuickReplies, tapped } from '../../phone/buttons.ts';
import type { Fields } from '../../phone/checks.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../../phone/model.ts';
import type { Ground } from '../../phone/platform.ts';
import { digits, uuid } from '../../phone/world.ts';
import { messageId, type RbmAccount, type RbmPerson } from './account.ts';
import type { Postback } from './show.ts';

/** Backoff up to ten minutes; Google goes on for seven days. Source: Google RBM guides, "Webhooks". */
export const rbmRetries = {
  timeout: 10_000,
  waits: [1_000, 2_000, 4_000, 8_000, 16_000, 60_000, 300_000, 600_000],
  accepts: ({ status }: { status: number }) => status === 200,
};

/** What the owner of the phone can change of it. */
export const menu = [
  { id: 'flight', title: 'Flight mode on/off' },
  { id: 'rcs', title: 'RCS chats on/off' },
] as const;

/** `X-Goog-Signature` of what `data` decodes to. Source: Google RBM guides, "Verify incoming messages". */
export function signatureOf(clientToken: string, data: Uint8Array): string {
  return createHmac('sha512', clientToken).update(data).digest('base64');
}

/** What people do and what becomes of messages. Source: Google RBM reference, UserMessage and UserEvent. */
export function createRbmEvents(ground: Ground, account: RbmAccount) {
  const { world, phone, deliveries } = ground;
  /** RFC 3339 with microseconds, as Google writes times. */
  const time = () => new Date(world.now()).toISOString().replace('Z', '000Z');

  function deliver(
    conversation: string,
    payload: Fields,
    type: 'message' | 'event' | 'serverEvent',
    done?: (taken: boolean) => void,
  ): void {
    const data = Buffer.from(JSON.stringify({ ...payload, sendTime: time(), agentId: account.agentId }));
    const envelope = {
      message: {
        attributes: {
          product: 'RBM',
          business_id: account.agentId,
          project_number: account.projectNumber,
          type: type === 'message' ? 'message' : 'event',
          message_type: messageType(payload, type),
        },
        data: data.toString('base64'),
        messageId: digits(world, 17),
        publishTime: time(),
      },
      subscription: `projects/${account.serviceAccountKey.project_id}/subscriptions/rbm-agent-sub`,
    };
    const body = Buffer.from(JSON.stringify(envelope));
    deliveries.send({
      conversation,
      make: () => ({
        method: 'POST',
        url: account.webhook,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'RBM-Webhook',
          'x-goog-signature': signatureOf(account.clientToken, data),
        },
        body,
      }),
      ...(done === undefined ? {} : { done }),
    });
  }

  function userEvent(personId: string, eventType: string, about?: string): void {
    const subject = about === undefined ? {} : { messageId: about };
    deliver(personId, { senderPhoneNumber: personId, eventType, eventId: uuid(world), ...subject }, 'event');
  }

  function say(personId: string, shown: Omit<ShownMessage, 'id' | 'by' | 'at'>, content: Fields): string {
    const id = messageId(ground);
    dropQuickReplies(phone, personId);
    phone.show(personId, { ...shown, id, by: 'customer', at: world.now(), state: 'sending' });
    deliver(personId, { senderPhoneNumber: personId, messageId: id, ...content }, 'message', (taken) =>
      phone.change(id, { state: taken ? 'delivered' : 'failed' }),
    );
    return id;
  }

  function sendFile(personId: string, { as, file }: PhoneAction & { do: 'file' }): string {
    if (file.bytes.length > 100_000_000) throw new PhoneRefusal('RCS takes files of at most 100 MB.');
    const kept = ground.keep(file);
    const duration = file.duration === undefined ? {} : { duration: file.duration };
    const payload = {
      mimeType: kept.contentType,
      fileSizeBytes: kept.bytes.length,
      fileName: kept.name,
      fileUri: `https://rcs-copper-us.googleapis.com/blob/${kept.id}/payload`,
    };
    const thumbnail = {
      mimeType: 'image/jpeg',
      fileSizeBytes: Math.min(kept.bytes.length, 20_000),
      fileUri: `https://rcs-copper-us.googleapis.com/blob/${kept.id}/thumbnail`,
    };
    const userFile = as === 'image' || as === 'video' ? { payload, thumbnail } : { payload };
    return say(personId, { file: ground.shown(as, kept, duration) }, { userFile });
  }

  function tap(personId: string, action: PhoneAction & { do: 'tap' }): string | undefined {
    const { button } = tapped(phone, personId, action.message, action.button);
    const response = button.value as Postback;
    if (response.type === 'REPLY') return say(personId, { text: button.title }, { suggestionResponse: response });
    deliver(
      personId,
      { senderPhoneNumber: personId, messageId: messageId(ground), suggestionResponse: response },
      'message',
    );
    if (button.does !== 'location') return undefined;
    return act(personId, { do: 'location', latitude: 37.422, longitude: -122.084 });
  }

  function personOf(id: string): RbmPerson {
    const person = account.people.get(id);
    if (person === undefined) throw new PhoneRefusal('There is no such person.');
    return person;
  }

  function setOnline(personId: string, online: boolean): void {
    personOf(personId).online = online;
    if (!online) return;
    for (const waiting of [...account.waiting.values()]) if (waiting.personId === personId) waiting.arrive();
  }

  function change(personId: string, item: string): undefined {
    const person = personOf(personId);
    if (item === 'flight') setOnline(personId, !person.online);
    else if (item === 'rcs') person.rcs = !person.rcs;
    else throw new PhoneRefusal('There is no such switch.');
    const state = person.rcs ? (person.online ? 'RCS is on.' : 'Flight mode is on.') : 'RCS is off: SMS only.';
    phone.show(personId, { id: messageId(ground), by: 'system', at: world.now(), text: state });
  }

  function act(personId: string, action: PhoneAction): string | undefined {
    const person = phone.personOf(personId);
    const { rcs, online } = personOf(personId);
    if (action.do === 'menu') return change(personId, action.item);
    if (!rcs) throw new PhoneRefusal('RCS is off on this phone.');
    if (!online) throw new PhoneRefusal('The phone is in flight mode.');
    switch (action.do) {
      case 'text':
        return say(personId, { text: action.text }, { text: action.text });
      case 'file':
        return sendFile(personId, action);
      case 'location': {
        const { do: _, ...place } = action;
        const { latitude, longitude } = place;
        return say(personId, { place }, { location: { latitude, longitude } });
      }
      case 'tap':
        return tap(personId, action);
      case 'typing':
        if (action.typing) userEvent(personId, 'IS_TYPING');
        return undefined;
      case 'read':
        for (const { id, by, state } of phone.messages(personId)) {
          if (by === 'company' && state === 'delivered') read(personId, id);
        }
        return undefined;
      case 'follow':
      case 'unfollow': {
        const follows = action.do === 'follow';
        if (person.follows === follows) throw new PhoneRefusal(follows ? 'Subscribed already.' : 'Not subscribed.');
        phone.changePerson(personId, { follows });
        userEvent(personId, follows ? 'SUBSCRIBE' : 'UNSUBSCRIBE');
        return undefined;
      }
      default:
        throw new PhoneRefusal('RCS does not do this.');
    }
  }

  function read(personId: string, id: string): void {
    phone.change(id, { state: 'read' });
    userEvent(personId, 'READ', id);
  }

  return {
    act,
    setOnline,
    /** A message reached the phone, and is read soon after where that is automatic. */
    arrived(personId: string, id: string): void {
      phone.change(id, { state: 'delivered' });
      userEvent(personId, 'DELIVERED', id);
      if (!ground.reading.automatic) return;
      world.after(ground.reading.after, () => {
        if (phone.find(id)?.message.state === 'delivered') read(personId, id);
      });
    },
    /** A message was given up before it arrived. */
    expired(personId: string, id: string): void {
      const event = { phoneNumber: personId, messageId: id, eventType: 'TTL_EXPIRATION_REVOKED', eventId: uuid(world) };
      deliver(personId, event, 'serverEvent');
    },
  };
}

export type RbmEvents = ReturnType<typeof createRbmEvents>;

function messageType(payload: Fields, type: string): string {
  if (type !== 'message') return String(payload.eventType);
  if (payload.suggestionResponse !== undefined) return 'SUGGESTION_RESPONSE';
  if (payload.location !== undefined) return 'LOCATION';
  return payload.userFile === undefined ? 'TEXT' : 'USER_FILE';
}
