import type { SessionDependencies } from './dependencies.ts';
import type { Session } from './session.ts';

/** The open session of the first conversation that has one. */
export async function openSessionOf(
  d: Pick<SessionDependencies, 'sessions'>,
  tenantId: string,
  channelId: string,
  conversations: readonly string[],
): Promise<Session | undefined> {
  for (const conversation of conversations) {
    const session = await d.sessions.openSession(tenantId, channelId, conversation);
    if (session !== undefined) return session;
  }
  return undefined;
}

/** Every open session of these conversations: an anonymous one and a signed-in one may stand side by side. */
export async function openSessionsOf(
  d: Pick<SessionDependencies, 'sessions'>,
  tenantId: string,
  channelId: string,
  conversations: readonly string[],
): Promise<Session[]> {
  const found: Session[] = [];
  for (const conversation of conversations) {
    const session = await d.sessions.openSession(tenantId, channelId, conversation);
    if (session !== undefined) found.push(session);
  }
  return found;
}
