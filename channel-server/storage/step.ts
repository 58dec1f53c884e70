import type { ColumnValue, Row } from './columns.ts';

/** One statement of a transaction. Equal texts are prepared once; values are always parameters. */
export interface Step {
  text: string;
  parameters: readonly ColumnValue[];
}

/** What a step did. */
export interface StepResult {
  /** What it returned. */
  rows: readonly Row[];
  /** How many rows it changed. */
  changes: number;
  /** Number of the row it inserted, where the database numbers rows; else 0. */
  row: number;
  /** A unique index forbade it; nothing more can be done but to undo. */
  conflict: boolean;
}

/**
 * A transaction as a sequence of steps, each decided by the results of those before. The embedded store runs
 * it without waiting, PostgreSQL waits for each answer; neither knows what it means. It may be run again from
 * its start when the database asks for that.
 */
export type Steps<T> = Generator<Step, T, StepResult>;

/** A transaction that may decide to undo itself. */
export interface Transaction<T> {
  run(): Steps<T>;
  /** Whether what `run` did must be undone. */
  undoes?(result: T): boolean;
  /** Read-only steps after undoing, which may change the answer. */
  undone?(result: T): Steps<T>;
}
