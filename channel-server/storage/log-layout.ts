import type { ColumnValue, Row } from './columns.ts';
import type { Step } from './step.ts';

/**
 * How a database lays out the sessions' logs. Parameters are written `$1`, `$2` … in all texts here;
 * `forFlavour` writes them as the database wants them.
 */
export interface LogLayout {
  /**
   * How an append finds its place: what is read with its session, and which column of the session keeps which of
   * it. Only where one transaction writes at a time.
   */
  placing: { head: readonly string[]; assign: readonly (readonly [column: string, value: string])[] };
  /** Columns of `activities` that keep what was read, and their values: written out, for every message asks. */
  placeColumns: readonly string[];
  placeOf(session: Row): ColumnValue[];
  /** What else an append writes now and then, so that its place is found again. */
  mark?(sessionId: string, seq: number, session: Row): Step | undefined;
  /** Selects from `activities` of session `$1` with `$2` < seq <= `$3`. */
  stretch(columns: readonly string[]): string;
  /** Condition that names the one activity of session `$1` with seq `$2`. */
  one: string;
}
