import { announceSession } from './announce.ts';
import { contended, mostAttempts } from './attempts.ts';
import type { Change } from './changes.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { KnownSessions } from './known-sessions.ts';

/** How a platform calls a conversation, and the person whose it is. */
export interface PlatformNames {
  conversation: string;
  /** The identity's external id. */
  person: string;
}

/** A conversation's newest sessions that go along; older ones stay found by their identity. */
const mostSessions = 100;

/** Let identity and sessions of a conversation go on under new names. Asked again, nothing is left to do. */
export function createRename(
  d: Pick<SessionDependencies, 'unitOfWork' | 'sessions' | 'customers' | 'signals'>,
  known: KnownSessions,
) {
  return async function rename(
    tenantId: string,
    channelId: string,
    before: PlatformNames,
    after: PlatformNames,
    more: readonly Change[],
  ): Promise<void> {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const identity = await d.customers.identityByExternalId(tenantId, channelId, before.person);
      const taken = await d.customers.identityByExternalId(tenantId, channelId, after.person);
      const moving =
        before.conversation === after.conversation
          ? []
          : await d.sessions.sessionsOfConversations(tenantId, channelId, [before.conversation], mostSessions);
      // Somebody wrote under the new name already: two open sessions of one conversation there cannot be.
      const open = await d.sessions.openSession(tenantId, channelId, after.conversation);
      const changes: Change[] = [...more];
      if (identity !== undefined && taken === undefined) {
        changes.push({
          kind: 'update',
          record: 'identity',
          where: { id: identity.id },
          expect: { externalId: before.person },
          set: { externalId: after.person },
          refusal: 'IDENTITY_CHANGED',
        });
      }
      // The platform itself says that both are one person.
      if (identity !== undefined && taken !== undefined && taken.customerId !== identity.customerId) {
        changes.push({
          kind: 'update',
          record: 'identity',
          where: { id: taken.id },
          expect: { customerId: taken.customerId },
          set: { customerId: identity.customerId },
          refusal: 'IDENTITY_CHANGED',
        });
      }
      const moved = moving.filter(({ state }) => state === 'closed' || open === undefined);
      for (const { id, state } of moved) {
        changes.push({
          kind: 'update',
          record: 'session',
          where: { id },
          expect: { conversation: before.conversation, state },
          set: { conversation: after.conversation },
          refusal: 'SESSION_CHANGED',
        });
      }
      if (changes.length === 0) return;
      const result = await d.unitOfWork.commit(changes);
      if (result.outcome !== 'applied') continue;
      for (const session of moved) {
        known.forget(channelId, before.conversation);
        if (session.state !== 'closed') announceSession(d.signals, session);
      }
      return;
    }
    throw contended();
  };
}
