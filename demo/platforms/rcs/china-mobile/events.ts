import { dropQuickReplies, tapped } from '../../phone/buttons.ts';
import { type PhoneAction, PhoneRefusal, type ShownMessage } from '../../phone/model.ts';
import type { Ground } from '../../phone/platform.ts';
import { uuid } from '../../phone/world.ts';
import type { MaapAccount, MaapPerson } from './account.ts';
import { type Response, types } from './content.ts';
import { type Files, fileInfo } from './files.ts';
import type { Inbound, Notifications } from './notify.ts';

/** What the owner of the phone can change or do beside writing. */
export const menu = [
  { id: 'rcs', title: '5G消息 on/off' },
  { id: 'spam', title: '举报 Report' },
] as const;

/** What people do, as notifications. Source: CSP interface specification (3p) and GSMA RCC.07. */
export function createMaapEvents(ground: Ground, account: MaapAccount, notifications: Notifications, files: Files) {
  const { world, phone } = ground;
  /** Reading reports that were asked for: shown message to the platform's id of it. */
  const reads = new Map<string, string>();

  function say(
    personId: string,
    shown: Omit<ShownMessage, 'id' | 'by' | 'at'>,
    inbound: Omit<Inbound, 'messageId'>,
  ): string {
    const id = uuid(world);
    dropQuickReplies(phone, personId);
    phone.show(personId, { ...shown, id, by: 'customer', at: world.now(), state: 'sending' });
    notifications.message(personId, { messageId: id, ...inbound }, (taken) =>
      phone.change(id, { state: taken ? 'sent' : 'failed' }),
    );
    return id;
  }

  function sendFile(personId: string, { as, file }: PhoneAction & { do: 'file' }): string {
    const kept = ground.keep(file);
    const given = { bytes: kept.bytes, contentType: kept.contentType, name: kept.name };
    const { url, until } = files.keepCustomers(given);
    const duration = file.duration === undefined ? {} : { duration: file.duration };
    const body = fileInfo([{ type: 'file', url, name: kept.name, file: given, until }]);
    return say(
      personId,
      { file: ground.shown(as, kept, duration) },
      { contentType: types.file, bodyText: body, encoded: true },
    );
  }

  function tap(personId: string, action: PhoneAction & { do: 'tap' }): string | undefined {
    const { message, button } = tapped(phone, personId, action.message, action.button);
    const { kind, displayText, data } = button.value as Response;
    const response = { [kind]: { displayText, ...(data === undefined ? {} : { postback: { data } }) } };
    const inbound = {
      contentType: 'application/vnd.gsma.botsuggestion.response.v1.0+json',
      bodyText: JSON.stringify({ response }),
      encoded: true,
      answers: message.id,
    };
    if (kind === 'reply') return say(personId, { text: button.title }, inbound);
    notifications.message(personId, { messageId: uuid(world), ...inbound }, () => undefined);
    if (button.does !== 'location') return undefined;
    return act(personId, { do: 'location', latitude: 39.9087, longitude: 116.3975, name: '天安门' });
  }

  function personOf(personId: string): MaapPerson {
    const person = account.people.get(personId);
    if (person === undefined) throw new PhoneRefusal('There is no such person.');
    return person;
  }

  function choose(personId: string, item: string): undefined {
    const person = personOf(personId);
    if (item === 'rcs') {
      person.rcs = !person.rcs;
      const text = person.rcs ? '5G消息已开启' : '5G消息已关闭,仅短信';
      phone.show(personId, { id: uuid(world), by: 'system', at: world.now(), text });
      return;
    }
    if (item !== 'spam') throw new PhoneRefusal('There is no such switch.');
    const report = `<?xml version="1.0" encoding="UTF-8"?><SR xmlns="urn:gsma:params:xml:ns:rcs:rcs:spamreport"><Chatbot>${account.chatbotURI}</Chatbot><spam-type></spam-type><free-text>骚扰</free-text></SR>`;
    const inbound = { contentType: 'application/vnd.gsma.rcsspam-report+xml', bodyText: report, encoded: true };
    notifications.message(personId, { messageId: uuid(world), ...inbound }, () => undefined);
  }

  function act(personId: string, action: PhoneAction): string | undefined {
    phone.personOf(personId);
    if (action.do === 'menu') return choose(personId, action.item);
    if (!personOf(personId).rcs) throw new PhoneRefusal('5G messages are off on this phone.');
    switch (action.do) {
      case 'text':
        return say(personId, { text: action.text }, { contentType: 'text/plain;charset=UTF-8', bodyText: action.text });
      case 'file':
        return sendFile(personId, action);
      case 'location': {
        const { do: _, ...place } = action;
        const label = place.name === undefined ? '' : `;rcs-l=${encodeURIComponent(place.name)}`;
        const bodyText = `geo:${place.latitude},${place.longitude};crs=gcj02;u=10${label}`;
        return say(personId, { place }, { contentType: 'text/plain', bodyText });
      }
      case 'tap':
        return tap(personId, action);
      case 'read':
        for (const { id, by, state } of phone.messages(personId)) {
          if (by === 'company' && state === 'delivered') read(personId, id);
        }
        return undefined;
      case 'typing':
        // The platform does not tell chatbots.
        return undefined;
      default:
        throw new PhoneRefusal('5G messages do not do this.');
    }
  }

  function read(personId: string, id: string): void {
    phone.change(id, { state: 'read' });
    const messageId = reads.get(id);
    if (messageId !== undefined) notifications.status(personId, messageId, 'MessageDisplayed', 'SVC0000');
    reads.delete(id);
  }

  return {
    act,
    /** A message reached the phone, shown as `id`, and is read soon after where that is automatic. */
    arrived(
      personId: string,
      id: string,
      messageId: string,
      reports: { delivered: boolean; displayed: boolean },
    ): void {
      phone.change(id, { state: 'delivered' });
      if (reports.delivered) notifications.status(personId, messageId, 'DeliveredToTerminal', 'UP2');
      if (reads.size > 5_000) reads.clear();
      if (reports.displayed) reads.set(id, messageId);
      if (!ground.reading.automatic) return;
      world.after(ground.reading.after, () => {
        if (phone.find(id)?.message.state === 'delivered') read(personId, id);
      });
    },
  };
}

export type MaapEvents = ReturnType<typeof createMaapEvents>;
