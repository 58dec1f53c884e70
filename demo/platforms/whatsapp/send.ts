import { type Graph, graphRefusal } from '../meta/graph.ts';
import type { ApiAnswer, ApiRequest } from '../phone/api.ts';
import { reactTo } from '../phone/buttons.ts';
import { type Fields, fieldsOf, textOf } from '../phone/checks.ts';
import { fetchLink, isPublicAddress } from '../phone/fetch-link.ts';
import { bareType } from '../phone/file-type.ts';
import type { ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { type WhatsappAccount, type WhatsappPerson, windowLength } from './account.ts';
import { checkMessage } from './check-message.ts';
import type { StatusError, WhatsappEvents } from './events.ts';
import { shownContacts, shownMessage } from './show.ts';
import { wamid } from './wamid.ts';

/** One message every six seconds to one person, and 45 on credit. */
const pair = { every: 6_000, burst: 45 };
const perSecond = 80;

/** `POST /{phone number id}/messages`. Source: Meta for Developers, WhatsApp Cloud API, "Messages" and "Error codes". */
export function createSending(ground: Ground, account: WhatsappAccount, graph: Graph, events: WhatsappEvents) {
  const { world, phone, shelf } = ground;
  let lastSecond: number[] = [];

  return function send(request: ApiRequest): ApiAnswer {
    graph.authorize(request);
    if (request.params.id !== account.phoneNumberId) {
      return graphRefusal(world, {
        message: `Unsupported post request. Object with ID '${request.params.id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
        type: 'GraphMethodException',
        code: 100,
        subcode: 33,
      });
    }
    const body = graph.body(request);
    if (body.messaging_product !== 'whatsapp') {
      graph.refuse({ message: '(#100) The parameter messaging_product is required.', code: 100 });
    }
    if (body.status !== undefined) return markRead(body);
    throttle();
    const { person, input } = recipient(body);
    const knows = (id: string) => person !== undefined && phone.find(id)?.person.id === person.waId;
    checkMessage(body, {
      account,
      graph,
      isPublic: (address) => isPublicAddress(ground, address),
      uploaded: (id) => {
        const file = shelf.get(id);
        return file && bareType(file.contentType);
      },
      knows: (id) => knows(id) || person === undefined,
    });
    if (person !== undefined) pace(person);
    const id = wamid(world);
    if (person !== undefined) person.sentAt.push(world.now());
    void deliver(id, person, body);
    const contact = person?.hidesNumber
      ? { user_id: person.userId }
      : { wa_id: person?.waId ?? input.replace('+', '') };
    return {
      status: 200,
      body: { messaging_product: 'whatsapp', contacts: [{ input, ...contact }], messages: [{ id }] },
    };
  };

  /** Numbers in any form, or a business-scoped user id in `recipient`. */
  function recipient(body: Fields): { person: WhatsappPerson | undefined; input: string } {
    const to = textOf(body.to);
    const userId = textOf(body.recipient);
    if (to === undefined && userId === undefined) {
      graph.refuse({ message: '(#100) The parameter to is required.', code: 100 });
    }
    if (to === undefined) {
      const person = [...account.people.values()].find((known) => known.userId === userId);
      return { person, input: String(userId) };
    }
    const number = to.replace(/[\s()-]/g, '');
    if (!/^\+?\d{5,15}$/.test(number)) {
      graph.refuse({
        message: '(#131009) Parameter value is not valid',
        code: 131009,
        details: 'Recipient phone number not valid',
      });
    }
    // Without plus the business number's own country code is put before it, unless it already stands there.
    const country = account.displayPhoneNumber[0] ?? '1';
    const bare = number.replace('+', '');
    const person =
      account.people.get(bare) ?? (number.startsWith('+') ? undefined : account.people.get(country + bare));
    if (bare === account.displayPhoneNumber) {
      graph.refuse({
        message: '(#131021) Recipient cannot be sender',
        code: 131021,
        details: 'Recipient cannot be sender',
      });
    }
    return { person, input: to };
  }

  function throttle(): void {
    const now = world.now();
    lastSecond = lastSecond.filter((at) => at > now - 1_000);
    if (ground.limits.count && lastSecond.length >= perSecond) {
      graph.refuse({
        message: '(#130429) Rate limit hit',
        code: 130429,
        status: 429,
        details:
          'Message failed to send because there were too many messages sent from this phone number in a short period of time',
      });
    }
    lastSecond.push(now);
  }

  function pace(person: WhatsappPerson): void {
    const now = world.now();
    // Every message takes back six seconds; more than 45 on credit is too many.
    let credit = 0;
    let last = 0;
    for (const at of person.sentAt) {
      credit = Math.max(0, credit - (at - last) / pair.every) + 1;
      last = at;
    }
    credit = Math.max(0, credit - (now - last) / pair.every);
    person.sentAt = person.sentAt.slice(-1_000);
    if (!ground.limits.count || Math.round(credit) < pair.burst) return;
    graph.refuse({
      message: '(#131056) (Business Account, Consumer Account) pair rate limit hit',
      code: 131056,
      status: 429,
      details:
        'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
    });
  }

  function markRead(body: Fields): ApiAnswer {
    const found = phone.find(String(body.message_id));
    if (body.status !== 'read' || found?.message.by !== 'customer') {
      return graphRefusal(
        world,
        { message: '(#100) Invalid parameter', code: 100, details: 'Message ID is not valid' },
        'whatsapp',
      );
    }
    const typing = body.typing_indicator;
    if (typing !== undefined && fieldsOf(typing).type !== 'text') {
      graph.refuse({ message: "(#100) Param typing_indicator['type'] must be text", code: 100 });
    }
    for (const message of phone.messages(found.person.id)) {
      if (message.by === 'customer') phone.change(message.id, { state: 'read' });
      if (message.id === found.message.id) break;
    }
    if (typing !== undefined) phone.typing(found.person.id, 25_000);
    return { status: 200, body: { success: true } };
  }

  /** What happens after the message was accepted: statuses tell. */
  async function deliver(id: string, person: WhatsappPerson | undefined, body: Fields): Promise<void> {
    const callback = textOf(body.biz_opaque_callback_data);
    const fail = (error: StatusError) => events.status(id, 'failed', person, { error, ...(callback && { callback }) });
    const type = String(body.type ?? 'text');
    if (person === undefined) return fail(undeliverable);
    const closed =
      person.wroteAt + windowLength < world.now() || ground.misbehaviour.takes('windowClosed') !== undefined;
    if (closed && type !== 'template') return fail(windowClosed);
    if (type === 'reaction') return react(id, person, fieldsOf(body.reaction));
    const template =
      type === 'template'
        ? account.templates.find(
            ({ name, language }) =>
              name === fieldsOf(body.template).name && language === fieldsOf(fieldsOf(body.template).language).code,
          )
        : undefined;
    const shown = shownMessage(body, { id, at: world.now(), ...(template && { template }) });
    if (type === 'contacts') Object.assign(shown, shownContacts(body.contacts));
    if (shown.file !== undefined) {
      const problem = await attach(shown, fieldsOf(body[type]));
      if (problem !== undefined) return fail({ ...mediaFailed, details: problem });
    }
    const receives = phone.person(person.waId)?.follows ?? false;
    if (receives) phone.show(person.waId, shown);
    events.status(id, 'sent', person, callback === undefined ? {} : { callback });
    // Somebody who blocked the business never gets it; nobody is told.
    if (receives) events.arrived(id, person, callback);
  }

  function react(id: string, person: WhatsappPerson, { message_id: target, emoji }: Fields): void {
    reactTo(phone, String(target), 'company', String(emoji) === '' ? null : String(emoji));
    events.status(id, 'sent', person, {});
    events.status(id, 'delivered', person, {});
  }

  /** Put the file on the message; answers what is wrong with it. */
  async function attach(shown: ShownMessage, content: Fields): Promise<string | undefined> {
    if (shown.file === undefined) return undefined;
    const { kind, name } = shown.file;
    const uploaded = content.id === undefined ? undefined : shelf.get(String(content.id));
    if (uploaded !== undefined) {
      shown.file = ground.shown(kind, uploaded, name === undefined ? {} : { name });
      return undefined;
    }
    const fetched = await fetchLink(ground, String(content.link), 100_000_000);
    if ('problem' in fetched) return `Downloading media from weblink failed: ${fetched.problem}`;
    shown.file = ground.shown(kind, ground.keep(fetched), name === undefined ? {} : { name });
    return undefined;
  }
}

const undeliverable: StatusError = { code: 131026, title: 'Message undeliverable', details: 'Message Undeliverable.' };
const windowClosed: StatusError = {
  code: 131047,
  title: 'Re-engagement message',
  details:
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
};
const mediaFailed: StatusError = { code: 131053, title: 'Media upload error', details: '' };
