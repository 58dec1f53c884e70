/**
 * Why a decision was taken, as codes: kept in the log with the decision and put into words by the desk's locales.
 */

/** Why this agent. Several may hold: the first is the rule that decided. */
export const chosenReasons = [
  /** The customer's last or preferred agent is free. */
  'last-agent',
  /** Nobody else could take it. */
  'only-free-agent',
  /** Smallest share of slots in use. */
  'least-loaded',
  /** As little loaded as others, and idle for longest. */
  'longest-idle',
  /** Everybody who could take it was asked once: a second round. */
  'asked-again',
] as const;
export type ChosenReason = (typeof chosenReasons)[number];

/** Why nobody. */
export const nobodyReasons = [
  'queue-unknown',
  'no-agent-in-queue',
  'no-agent-with-skills',
  'no-agent-free',
  /** All who are free declined it a moment ago. */
  'everybody-declined',
  /** The queue waits exclusively for the last agent. */
  'waiting-for-last-agent',
] as const;
export type NobodyReason = (typeof nobodyReasons)[number];

/** Why not that agent. */
export const skipReasons = [
  'offline',
  'busy',
  'away',
  'wrap-up',
  /** No desk of this agent is connected. */
  'lost',
  'lacks-skill',
  /** Every slot is in use. */
  'full',
  /** Was asked already, and others were not. */
  'passed-over',
  /** Declined or released it a moment ago. */
  'resting',
  'more-loaded',
  'idle-less-long',
  'not-last-agent',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface Skipped {
  agentId: string;
  why: SkipReason;
  /** With `lacks-skill`: which. */
  skill?: string;
}

/** How many skipped agents are kept with a decision: the log is for people to read. */
export const skippedKept = 20;
