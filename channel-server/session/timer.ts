/** A row with a due time: a restart loses none. At most one per (kind, subject). */
export interface Timer {
  /** `<kind>/<subject>`: unique, so that setting a timer again replaces it. */
  id: string;
  tenantId: string;
  kind: TimerKind;
  /** What it is about: a session, offer, agent, medium. */
  subject: string;
  /** ms since the epoch. */
  dueAt: number;
  /** Claimed until this time by one process; null when free. */
  claimedUntil: number | null;
}

export const timerKinds = [
  /** An offer rings out. Subject: offer. */
  'offer:ring',
  /** An agent's desk has been gone past the grace period. Subject: account. */
  'agent:grace',
  /** An agent's wrap-up ends. Subject: account. */
  'agent:wrap-up',
  /** A customer's page is gone while waiting. Subject: session. */
  'session:abandon',
  /** The customer has been silent since the answer. Subject: session. */
  'session:park',
  /** Nobody has written. Subject: session. */
  'session:inactive',
] as const;
export type TimerKind = (typeof timerKinds)[number];

export function timerId(kind: TimerKind, subject: string): string {
  return `${kind}/${subject}`;
}
