import type { ColumnValue, Row } from './columns.ts';
import type { Step } from './step.ts';

/**
 * How a database lays out the sessions' logs. Parameters are written `$1`, `$2` … in all texts here;
 * `forFlavour` writes them as the database wants them.
 */
export interface LogLayout {
  /** Where what every message changes of a session lies, if it lies apart from the rest. */
  heads?: SessionHeads;
  /**
   * How an append finds its place: what is read with its session beforehand, and what its session keeps of the new
   * activity's row. Only where one transaction writes at a time.
   */
  placing: { head: readonly string[]; keep: readonly string[] };
  /** Columns of `activities` that keep what was read, and their values: written out, for every message asks. */
  placeColumns: readonly string[];
  placeOf(session: Row): ColumnValue[];
  /** What else an append writes now and then, right after, so that its place is found again. */
  mark?(sessionId: string, seq: number): Step | undefined;
  /** Selects from `activities` of session `$1` with `$2` < seq <= `$3`. */
  stretch(columns: readonly string[]): string;
  /** Condition that names the one activity of session `$1` with seq `$2`. */
  one: string;
}

/**
 * A session's row in two: what rarely changes, and a narrow head that each message writes anew. Read together, they
 * are the view `sessions`.
 */
export interface SessionHeads {
  /** The table of what rarely changes. */
  facts: string;
  /** The table of heads, and its column that names the session. */
  table: string;
  key: string;
  /** Columns that lie in the head. */
  columns: ReadonlySet<string>;
}
