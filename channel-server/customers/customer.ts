/** One person, however many doors they come through. */
export interface Customer {
  id: string;
  tenantId: string;
  createdAt: number;
  /** Facts agents or the company's signature gave; scalar values only. */
  attributes: Record<string, string | number | boolean>;
}

/** How a customer is known in one channel: a visitor, a signed-in subject, an openid … */
export interface Identity {
  id: string;
  tenantId: string;
  channelId: string;
  /** `visitor:<id>` or `subject:<sub>` on the web; the platform's id elsewhere. Unique in its channel. */
  externalId: string;
  customerId: string;
  createdAt: number;
  /** From a verified signature or the platform. Beats `typed`. */
  signed: IdentityFacts | null;
  /** What the person typed: shown as such, proof of nothing. */
  typed: IdentityFacts | null;
}

export interface IdentityFacts {
  name?: string;
  email?: string;
  phone?: string;
  attributes?: Record<string, string | number | boolean>;
}

/** The name to show: signed before typed, undefined when the person has none. */
export function displayName(identity: Pick<Identity, 'signed' | 'typed'>): string | undefined {
  return identity.signed?.name ?? identity.typed?.name;
}
