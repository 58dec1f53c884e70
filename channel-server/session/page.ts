import type { PageContext } from '../../adapters/contract/index.ts';
import { announceSession } from './announce.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { KnownSessions } from './known-sessions.ts';
import { openSessionsOf } from './lookup.ts';
import { openStates } from './session.ts';

/** Keep where the customer is with each open session; nothing is stored for one who has none. */
export function createPage(d: SessionDependencies, known: KnownSessions) {
  return async function page(
    tenantId: string,
    channelId: string,
    conversations: readonly string[],
    now: PageContext,
  ): Promise<void> {
    for (const session of await openSessionsOf(d, tenantId, channelId, conversations)) {
      if (samePage(now, session.page)) continue;
      const result = await d.unitOfWork.commit([
        {
          kind: 'update',
          record: 'session',
          where: { id: session.id },
          expect: { state: { in: openStates } },
          set: { page: now, locale: now.locale ?? session.locale },
          refusal: 'SESSION_CLOSED',
        },
      ]);
      if (result.outcome !== 'applied') continue;
      const { id, conversation } = session;
      known.keep(channelId, { id, conversation, page: now });
      announceSession(d.signals, session);
    }
  };
}

export function samePage(a: PageContext, b: PageContext | null): boolean {
  return (
    a === b ||
    (b !== null &&
      a.url === b.url &&
      a.title === b.title &&
      a.referrer === b.referrer &&
      a.locale === b.locale &&
      a.userAgent === b.userAgent)
  );
}
