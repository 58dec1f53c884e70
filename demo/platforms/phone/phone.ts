import { type Person, PhoneRefusal, type ShownMessage } from './model.ts';
import type { World } from './world.ts';

/** A request between the platform and the company, for whoever wants to see what happened. */
export interface WireEntry {
  at: number;
  /** `out`: platform to company (a delivery). `in`: company to platform (an API call). */
  direction: 'in' | 'out';
  method: string;
  /** Without query: tokens stand there. */
  path: string;
  /** HTTP status; 0: no answer. */
  status: number;
  /** What went wrong, or was made to. */
  note?: string;
}

/** Something changed on a phone. */
export type PhoneEvent =
  | { type: 'person'; person: Person }
  | { type: 'message'; person: string; message: ShownMessage }
  | { type: 'wire'; entry: WireEntry }
  | { type: 'gone'; person: string };

/** All the phones of one platform: people and what they see. In memory and bounded: the oldest goes first. */
export interface Phone {
  addPerson(person: Omit<Person, 'companyTyping' | 'since' | 'follows'> & { follows?: boolean }): Person;
  people(): Person[];
  person(id: string): Person | undefined;
  /** @throws PhoneRefusal when there is no such person. */
  personOf(id: string): Person;
  changePerson(id: string, change: Partial<Omit<Person, 'id'>>): void;
  messages(personId: string): ShownMessage[];
  /** Where a message is, whoever's phone it is on. */
  find(messageId: string): { person: Person; message: ShownMessage } | undefined;
  show(personId: string, message: ShownMessage): void;
  /** Changes to one message; nothing when it is not there any more. */
  change(messageId: string, change: Partial<ShownMessage>): void;
  /** The company's "is typing", which ends by itself. */
  typing(personId: string, ms: number): void;
  log(entry: Omit<WireEntry, 'at'>): void;
  wire(): WireEntry[];
  listen(listener: (event: PhoneEvent) => void): () => void;
}

export interface PhoneLimits {
  people: number;
  /** Of each person. */
  messages: number;
}

const wireKept = 100;

export function createPhone(world: World, limits: PhoneLimits = { people: 500, messages: 500 }): Phone {
  const people = new Map<string, Person>();
  const chats = new Map<string, Map<string, ShownMessage>>();
  const places = new Map<string, string>();
  const typingEnds = new Map<string, () => void>();
  const wire: WireEntry[] = [];
  const listeners = new Set<(event: PhoneEvent) => void>();
  const tell = (event: PhoneEvent) => {
    for (const listener of listeners) listener(event);
  };

  function forget(personId: string): void {
    for (const id of chats.get(personId)?.keys() ?? []) places.delete(id);
    chats.delete(personId);
    people.delete(personId);
    typingEnds.get(personId)?.();
    typingEnds.delete(personId);
    tell({ type: 'gone', person: personId });
  }

  function touch(personId: string): void {
    const person = people.get(personId);
    if (person === undefined) return;
    // Order of insertion is order of use: whoever was quiet longest goes first.
    people.delete(personId);
    people.set(personId, person);
  }

  const phone: Phone = {
    addPerson(given) {
      const [oldest] = people.keys();
      if (people.size >= limits.people && oldest !== undefined) forget(oldest);
      const person: Person = { follows: true, ...given, since: world.now(), companyTyping: false };
      people.set(person.id, person);
      chats.set(person.id, new Map());
      tell({ type: 'person', person });
      return person;
    },
    people: () => [...people.values()].sort((a, b) => a.since - b.since),
    person: (id) => people.get(id),
    personOf(id) {
      const person = people.get(id);
      if (person === undefined) throw new PhoneRefusal('There is no such person.');
      return person;
    },
    changePerson(id, change) {
      const person = people.get(id);
      if (person === undefined) return;
      Object.assign(person, change);
      tell({ type: 'person', person });
    },
    messages: (personId) => [...(chats.get(personId)?.values() ?? [])],
    find(messageId) {
      const person = people.get(places.get(messageId) ?? '');
      const message = person && chats.get(person.id)?.get(messageId);
      return person && message && { person, message };
    },
    show(personId, message) {
      const chat = chats.get(personId);
      if (chat === undefined) return;
      const [oldest] = chat.keys();
      if (chat.size >= limits.messages && oldest !== undefined) {
        chat.delete(oldest);
        places.delete(oldest);
      }
      touch(personId);
      chat.set(message.id, message);
      places.set(message.id, personId);
      if (message.by === 'company') phone.typing(personId, 0);
      tell({ type: 'message', person: personId, message });
    },
    change(messageId, change) {
      const found = phone.find(messageId);
      if (found === undefined) return;
      Object.assign(found.message, change);
      tell({ type: 'message', person: found.person.id, message: found.message });
    },
    typing(personId, ms) {
      typingEnds.get(personId)?.();
      typingEnds.delete(personId);
      const person = people.get(personId);
      if (person === undefined) return;
      if (person.companyTyping !== ms > 0) phone.changePerson(personId, { companyTyping: ms > 0 });
      if (ms > 0)
        typingEnds.set(
          personId,
          world.after(ms, () => phone.typing(personId, 0)),
        );
    },
    log(entry) {
      const stamped = { at: world.now(), ...entry };
      wire.push(stamped);
      if (wire.length > wireKept) wire.shift();
      tell({ type: 'wire', entry: stamped });
    },
    wire: () => [...wire],
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return phone;
}
