import type { Ids, Person } from '../../adapters/contract/index.ts';
import type { IdentityFacts } from '../customers/customer.ts';
import { newIdentity, sameFacts } from '../customers/identity.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type { Change } from '../session/ports.ts';
import type { Channel } from './channel.ts';

/** What is known of a person of a platform. */
export interface KnownPerson {
  /** What the platform vouches for, everything it said so far together; null: nothing. */
  facts: IdentityFacts | null;
  /** Whether an identity is stored. */
  stored: boolean;
  /** Brings the stored identity up to date; empty when it is, or when there is none. */
  changes: readonly Change[];
}

/** People as platforms name them, with a memory, so that a message of somebody known reads nothing. */
export interface InboundPeople {
  /** What the platform says now beside what it said before. Told again, it changes nothing. */
  know(channel: Channel, person: Person): Promise<KnownPerson>;
  /** `know`'s changes are committed, or an identity with its facts was stored. */
  keep(channel: Channel, person: Person, known: KnownPerson): void;
  /** Something was refused: look again next time. */
  forget(channel: Channel, personId: string): void;
  /** Stores somebody who has no session yet. */
  insert(channel: Channel, person: Person, known: KnownPerson, at: number): Change[];
}

const remembered = 20_000;
const longestName = 200;

export function createInboundPeople(dependencies: { customers: CustomerRepository; ids: Ids }): InboundPeople {
  const { customers, ids } = dependencies;
  const people = new Map<string, IdentityFacts | null>();
  const keyOf = (channelId: string, personId: string) => `${channelId}\n${personId}`;

  return {
    async know(channel, person) {
      const before = people.get(keyOf(channel.id, person.id));
      if (before !== undefined) {
        const facts = withPlatform(before, person);
        if (facts === null || sameFacts(facts, before)) return { facts: before, stored: true, changes: [] };
      }
      const identity = await customers.identityByExternalId(channel.tenantId, channel.id, person.id);
      const facts = withPlatform(identity?.signed ?? null, person);
      if (identity === undefined) return { facts, stored: false, changes: [] };
      if (facts === null || sameFacts(facts, identity.signed)) return { facts, stored: true, changes: [] };
      const { id } = identity;
      return {
        facts,
        stored: true,
        changes: [{ kind: 'update', record: 'identity', where: { id }, set: { signed: facts } }],
      };
    },
    keep(channel, person, { facts }) {
      const key = keyOf(channel.id, person.id);
      people.delete(key);
      people.set(key, facts);
      if (people.size > remembered) people.delete(people.keys().next().value as string);
    },
    forget: (channel, personId) => void people.delete(keyOf(channel.id, personId)),
    insert(channel, person, { facts }, at) {
      const { id: channelId, tenantId } = channel;
      const identity = newIdentity(ids, { tenantId, channelId, externalId: person.id }, at);
      const { customerId } = identity;
      return [
        { kind: 'insert', record: 'customer', values: { id: customerId, tenantId, createdAt: at, attributes: {} } },
        { kind: 'insert', record: 'identity', values: { ...identity, signed: facts }, refusal: 'IDENTITY_EXISTS' },
      ];
    },
  };
}

/** What the platform says of a person beside what it said before: silence takes nothing away. */
export function withPlatform(before: IdentityFacts | null, person: Partial<Person>): IdentityFacts | null {
  const facts: IdentityFacts = { ...before };
  for (const field of ['name', 'email', 'phone'] as const) {
    const value = person[field]?.trim().slice(0, longestName).toWellFormed();
    if (value !== undefined && value !== '') facts[field] = value;
  }
  if (person.locale !== undefined && person.locale !== '') {
    facts.attributes = { ...facts.attributes, locale: person.locale.slice(0, 50) };
  }
  return Object.keys(facts).length === 0 ? null : facts;
}
