import type { Ids } from '../../adapters/contract/index.ts';
import type { Identity, IdentityFacts } from './customer.ts';

/** An identity nobody has met before, with the id of a new customer of its own. Nothing is known of it yet. */
export function newIdentity(
  ids: Ids,
  { tenantId, channelId, externalId }: Pick<Identity, 'tenantId' | 'channelId' | 'externalId'>,
  at: number,
): Identity {
  return {
    id: ids.next('idn'),
    tenantId,
    channelId,
    externalId,
    customerId: ids.next('cus'),
    createdAt: at,
    signed: null,
    typed: null,
  };
}

/** What the person typed now beside what they typed before; an empty field takes the earlier one away. */
export function withTyped(before: IdentityFacts | null, typed: IdentityFacts): IdentityFacts {
  const facts: IdentityFacts = { ...before };
  for (const field of ['name', 'email', 'phone'] as const) {
    const value = typed[field]?.trim();
    if (value === undefined) continue;
    if (value === '') delete facts[field];
    else facts[field] = value;
  }
  if (typed.attributes !== undefined) facts.attributes = { ...facts.attributes, ...typed.attributes };
  return facts;
}

/** Whether two sets of facts say the same, in whatever order. */
export function sameFacts(a: IdentityFacts, b: IdentityFacts | null): boolean {
  if (b === null) return false;
  if (a.name !== b.name || a.email !== b.email || a.phone !== b.phone) return false;
  const left = Object.entries(a.attributes ?? {});
  const right = b.attributes ?? {};
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
