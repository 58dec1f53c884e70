import type { Customer, Identity, IdentityFacts } from './customer.ts';

/** What is known of a person, from all their identities. */
export interface KnownFacts {
  name?: string;
  email?: string;
  phone?: string;
  attributes: Record<string, string | number | boolean>;
  /** Whether a signature or the platform vouches for any of it. */
  signed: boolean;
}

/**
 * Everything known of a customer. A signed field beats every typed one; of the same kind, the identity asked
 * about (`first`) beats the others, and a newer one beats an older.
 */
export function knownFacts(
  customer: Pick<Customer, 'attributes'> | undefined,
  identities: readonly Identity[],
  first?: string,
): KnownFacts {
  const ordered = [...identities].sort(
    (a, b) => Number(b.id === first) - Number(a.id === first) || b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1),
  );
  const sources: IdentityFacts[] = [];
  for (const kind of ['signed', 'typed'] as const) {
    for (const identity of ordered) {
      const facts = identity[kind];
      if (facts !== null) sources.push(facts);
    }
  }
  const known: KnownFacts = {
    attributes: { ...customer?.attributes },
    signed: ordered.some((identity) => identity.signed !== null),
  };
  for (const field of ['name', 'email', 'phone'] as const) {
    const value = sources.find((facts) => facts[field] !== undefined)?.[field];
    if (value !== undefined) known[field] = value;
  }
  for (const facts of sources.toReversed()) Object.assign(known.attributes, facts.attributes);
  return known;
}
