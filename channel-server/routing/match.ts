import type { Session } from '../session/session.ts';
import type { Agent } from './agent.ts';
import type { Queue } from './queue.ts';
import { type ChosenReason, type NobodyReason, type Skipped, type SkipReason, skippedKept } from './reasons.ts';

/** An agent as a decision sees it. `capacity` is effective: the tenant's default already stands in for 0. */
export type Candidate = Pick<
  Agent,
  'id' | 'name' | 'state' | 'stateSince' | 'capacity' | 'load' | 'loadSince' | 'skills' | 'queueIds' | 'lostSince'
>;

/** A waiting session as a decision sees it. */
export type Waiting = Pick<Session, 'id' | 'queueId' | 'preferredAgentId' | 'priority' | 'queuedAt'> & {
  /** Since when it waits this time, ms since the epoch: exclusive waiting for the last agent counts from here. */
  waitsSince: number;
  /** Agents who were asked since it was last queued and did not take it. */
  passedOver: ReadonlySet<string>;
  /** Agents who are not to be asked right now: they declined or released it a moment ago. */
  resting: ReadonlySet<string>;
};

export interface MatchQuestion {
  session: Waiting;
  /** The session's queue. */
  queue: Queue | undefined;
  /** Agents of the tenant, or only those who serve this queue (an index spares the scan). */
  agents: readonly Candidate[];
  /** ms since the epoch. */
  now: number;
}

export type Match =
  | { agent: Candidate; because: ChosenReason[]; skipped: Skipped[] }
  | {
      agent: null;
      because: [NobodyReason];
      skipped: Skipped[];
      /** When the answer may change by time alone, ms since the epoch. */
      askAgainAt?: number;
    };

/**
 * Who gets a waiting session: skills → last agent if free → least loaded → longest idle. Agents who were asked
 * already come after all others. Pure: the same question always has the same answer.
 */
export function match({ session, queue, agents, now }: MatchQuestion): Match {
  if (queue === undefined) return nobody('queue-unknown', []);
  const skipped: Skipped[] = [];
  const skip = (agentId: string, why: SkipReason, skill?: string) => {
    if (skipped.length < skippedKept) skipped.push(skill === undefined ? { agentId, why } : { agentId, why, skill });
  };
  const needs = Object.entries(requirements(queue));
  const fresh: Candidate[] = [];
  const asked: Candidate[] = [];
  const resting: Candidate[] = [];
  let serving = 0;
  let skilled = 0;
  for (const agent of agents) {
    if (!agent.queueIds.includes(queue.id)) continue;
    serving++;
    const lacking = needs.find(([skill, level]) => (agent.skills[skill] ?? 0) < level);
    if (lacking !== undefined) {
      skip(agent.id, 'lacks-skill', lacking[0]);
      continue;
    }
    skilled++;
    const hindrance = unfree(agent);
    if (hindrance !== undefined) skip(agent.id, hindrance);
    else if (session.resting.has(agent.id)) resting.push(agent);
    else if (session.passedOver.has(agent.id)) asked.push(agent);
    else fresh.push(agent);
  }
  for (const agent of resting) skip(agent.id, 'resting');

  const preferred = session.preferredAgentId;
  const last = fresh.find((agent) => agent.id === preferred);
  if (last !== undefined) {
    for (const agent of fresh) if (agent !== last) skip(agent.id, 'not-last-agent');
    return { agent: last, because: ['last-agent'], skipped };
  }
  const exclusiveUntil = session.waitsSince + queue.lastAgentWait;
  if (exclusiveUntil > now && agents.some((agent) => agent.id === preferred && mayComeBack(agent, session, queue))) {
    return { ...nobody('waiting-for-last-agent', skipped), askAgainAt: exclusiveUntil };
  }

  const round = fresh.length > 0 ? fresh : asked;
  if (fresh.length > 0) for (const agent of asked) skip(agent.id, 'passed-over');
  const [first, ...others] = round;
  if (first === undefined) {
    if (serving === 0) return nobody('no-agent-in-queue', skipped);
    if (skilled === 0) return nobody('no-agent-with-skills', skipped);
    return nobody(resting.length > 0 ? 'everybody-declined' : 'no-agent-free', skipped);
  }
  const best = others.reduce((least, agent) => (compareAgents(agent, least) < 0 ? agent : least), first);
  const because: ChosenReason[] = [];
  if (others.length === 0) because.push('only-free-agent');
  else if (round.some((agent) => agent !== best && compareLoad(agent, best) === 0)) because.push('longest-idle');
  else because.push('least-loaded');
  if (round === asked) because.push('asked-again');
  for (const agent of round) {
    if (agent !== best) skip(agent.id, compareLoad(agent, best) > 0 ? 'more-loaded' : 'idle-less-long');
  }
  return { agent: best, because, skipped };
}

/** Which session a free agent gets first: priority, then first queued. The id breaks ties by age. */
export function compareWaiting(
  a: Pick<Session, 'id' | 'priority' | 'queuedAt'>,
  b: Pick<Session, 'id' | 'priority' | 'queuedAt'>,
): number {
  return b.priority - a.priority || (a.queuedAt ?? 0) - (b.queuedAt ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Whether this agent can be offered work now. */
export function isFree(agent: Candidate): boolean {
  return unfree(agent) === undefined;
}

/** Skill → least level that a session of this queue asks for. */
export function requirements(queue: Queue): Record<string, number> {
  return queue.skills;
}

/** Since when agents are asked for a session this time: later than `queuedAt` when one had it meanwhile. */
export function askedSince(session: Pick<Session, 'queuedAt' | 'assignedAt'>): number {
  return Math.max(session.queuedAt ?? 0, session.assignedAt ?? 0);
}

/** Since when a customer waits this time: one whose parked session came back waits since that message. */
export function waitsSince(session: Pick<Session, 'queuedAt' | 'assignedAt' | 'waitingSince'>): number {
  return Math.max(askedSince(session), session.waitingSince ?? 0);
}

function unfree(agent: Candidate): SkipReason | undefined {
  if (agent.state !== 'idle') return agent.state;
  if (agent.lostSince !== null) return 'lost';
  if (agent.load >= agent.capacity) return 'full';
  return undefined;
}

/** Waiting for somebody who went home, or said no, would be waiting for nothing. */
function mayComeBack(agent: Candidate, session: Waiting, queue: Queue): boolean {
  return (
    agent.state !== 'offline' &&
    agent.queueIds.includes(queue.id) &&
    !session.passedOver.has(agent.id) &&
    !session.resting.has(agent.id)
  );
}

/** Shares of load, compared without dividing. */
function compareLoad(a: Candidate, b: Candidate): number {
  return a.load * b.capacity - b.load * a.capacity;
}

function compareAgents(a: Candidate, b: Candidate): number {
  return compareLoad(a, b) || idleSince(a) - idleSince(b) || (a.id < b.id ? -1 : 1);
}

function idleSince(agent: Candidate): number {
  return Math.max(agent.loadSince, agent.stateSince);
}

function nobody(why: NobodyReason, skipped: Skipped[]): { agent: null; because: [NobodyReason]; skipped: Skipped[] } {
  return { agent: null, because: [why], skipped };
}
