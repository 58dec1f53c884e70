import type { Identity, IdentityFacts } from '../customers/customer.ts';
import { newIdentity, sameFacts, withTyped } from '../customers/identity.ts';
import { announceActivities, announceSession } from './announce.ts';
import { contended, mostAttempts } from './attempts.ts';
import type { Change } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import { appendEvent, systemParticipant } from './events.ts';
import { openSessionsOf } from './lookup.ts';

/** Keep what a signature or a person says. Asked again with the same facts, it changes and tells nothing. */
export function createIdentify(d: SessionDependencies) {
  return async function identify(
    tenantId: string,
    channelId: string,
    conversations: readonly string[],
    facts: { signed?: IdentityFacts; typed?: IdentityFacts },
  ): Promise<void> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const [newest, ...earlier] = await identitiesOf(d, tenantId, channelId, conversations);
      if (newest === undefined) return;
      const at = d.clock.now();
      const changes: Change[] = [];
      const { identity } = newest;
      if (newest.fresh) changes.push(...insertIdentity(identity, facts, at));
      else changes.push(...updateIdentity(identity, facts));
      // A signature proves that the visitor is the subject: what they were until now belongs to the same person.
      if (facts.signed !== undefined) {
        for (const other of earlier) {
          if (!other.fresh) changes.push(...moveIdentity(other.identity, identity.customerId));
        }
      }
      if (changes.length === 0) return;
      const open = await openSessionsOf(d, tenantId, channelId, conversations);
      if (facts.signed !== undefined) {
        for (const session of open) {
          changes.push(appendEvent(session, at, 'identity:signed', systemParticipant, { identityId: identity.id }));
        }
      }
      const result = await d.unitOfWork.commit(changes);
      if (result.outcome !== 'applied') continue;
      for (const session of open) {
        const own = result.appended.filter((stored) => stored.activity.conversation.id === session.id);
        announceActivities(d.signals, session, own);
        announceSession(d.signals, session);
      }
      return;
    }
    throw contended();
  };
}

interface Found {
  identity: Identity;
  /** Not stored yet. */
  fresh: boolean;
}

/** The identities behind these conversations, the newest right first; only the first is made when it is missing. */
async function identitiesOf(
  d: SessionDependencies,
  tenantId: string,
  channelId: string,
  conversations: readonly string[],
): Promise<Found[]> {
  const found: Found[] = [];
  for (const [position, externalId] of conversations.entries()) {
    const identity = await d.customers.identityByExternalId(tenantId, channelId, externalId);
    if (identity !== undefined) found.push({ identity, fresh: false });
    else if (position === 0) {
      found.push({ identity: newIdentity(d.ids, { tenantId, channelId, externalId }, d.clock.now()), fresh: true });
    }
  }
  return found;
}

function insertIdentity(
  identity: Identity,
  facts: { signed?: IdentityFacts; typed?: IdentityFacts },
  at: number,
): Change[] {
  const { customerId, tenantId } = identity;
  const signed = facts.signed ?? null;
  const typed = facts.typed === undefined ? null : withTyped(null, facts.typed);
  return [
    { kind: 'insert', record: 'customer', values: { id: customerId, tenantId, createdAt: at, attributes: {} } },
    { kind: 'insert', record: 'identity', values: { ...identity, signed, typed }, refusal: 'IDENTITY_EXISTS' },
  ];
}

function updateIdentity(identity: Identity, facts: { signed?: IdentityFacts; typed?: IdentityFacts }): Change[] {
  const set: { signed?: IdentityFacts; typed?: IdentityFacts } = {};
  if (facts.signed !== undefined && !sameFacts(facts.signed, identity.signed)) set.signed = facts.signed;
  if (facts.typed !== undefined) {
    const typed = withTyped(identity.typed, facts.typed);
    if (!sameFacts(typed, identity.typed)) set.typed = typed;
  }
  if (Object.keys(set).length === 0) return [];
  return [{ kind: 'update', record: 'identity', where: { id: identity.id }, set, refusal: 'IDENTITY_CHANGED' }];
}

/** Merging moves only identity → customer, so that it can be undone. */
function moveIdentity(identity: Identity, customerId: string): Change[] {
  if (identity.customerId === customerId) return [];
  return [
    {
      kind: 'update',
      record: 'identity',
      where: { id: identity.id },
      expect: { customerId: identity.customerId },
      set: { customerId },
      refusal: 'IDENTITY_CHANGED',
    },
  ];
}
