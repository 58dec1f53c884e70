import type { Row } from './columns.ts';
import type { Step } from './step.ts';

/**
 * How a database lays out the sessions' logs. Parameters are written `$1`, `$2` … in all texts here;
 * `forFlavour` writes them as the database wants them.
 */
export interface LogLayout {
  /** Assignments to a session's row by which an append finds its place, and the columns of that row it answers. */
  placing: { set: string; returning: readonly string[] };
  /** Columns of `activities` that keep those answers, in the same order. */
  placeColumns: readonly string[];
  /** What else an append writes now and then, so that its place is found again. */
  mark?(sessionId: string, seq: number, session: Row): Step | undefined;
  /** Selects from `activities` of session `$1` with `$2` < seq <= `$3`. */
  stretch(columns: readonly string[]): string;
  /** Condition that names the one activity of session `$1` with seq `$2`. */
  one: string;
}
