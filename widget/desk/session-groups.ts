import type { OfferView, SessionView } from '../client/desk-protocol.ts';

export type GroupName = 'mine' | 'parked' | 'waiting' | 'colleagues' | 'closed';

export interface SessionGroup {
  name: GroupName;
  sessions: SessionView[];
}

const order: readonly GroupName[] = ['mine', 'waiting', 'parked', 'colleagues', 'closed'];
const closedShown = 20;

/** The list of a desk, in groups: what needs an answer longest comes first. Ringing sessions stand elsewhere. Pure. */
export function groupSessions(
  sessions: Iterable<SessionView>,
  offers: readonly OfferView[],
  me: string | undefined,
): SessionGroup[] {
  const ringing = new Set(offers.map(({ sessionId }) => sessionId));
  const groups = new Map<GroupName, SessionView[]>(order.map((name) => [name, []]));
  for (const session of sessions) {
    if (ringing.has(session.id) && session.agent?.id !== me) continue;
    groups.get(groupOf(session, me))?.push(session);
  }
  groups.get('mine')?.sort(byNeed);
  groups.get('parked')?.sort(byNewest);
  groups.get('waiting')?.sort((a, b) => b.priority - a.priority || compare(a.queuedAt, b.queuedAt));
  groups.get('colleagues')?.sort(byNewest);
  groups.get('closed')?.sort((a, b) => compare(b.closedAt, a.closedAt));
  groups.get('closed')?.splice(closedShown);
  return order.map((name) => ({ name, sessions: groups.get(name) ?? [] })).filter((group) => group.sessions.length > 0);
}

function groupOf({ state, agent }: SessionView, me: string | undefined): GroupName {
  if (state === 'closed') return 'closed';
  if (agent === undefined) return 'waiting';
  if (agent.id !== me) return 'colleagues';
  return state === 'parked' ? 'parked' : 'mine';
}

/** Who waits for an answer before who does not; among those the longest wait, else the newest word. */
function byNeed(a: SessionView, b: SessionView): number {
  if (a.waitingSince && b.waitingSince) return compare(a.waitingSince, b.waitingSince);
  if (a.waitingSince || b.waitingSince) return a.waitingSince ? -1 : 1;
  return byNewest(a, b);
}

function byNewest(a: SessionView, b: SessionView): number {
  return compare(b.preview?.at ?? b.createdAt, a.preview?.at ?? a.createdAt);
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
