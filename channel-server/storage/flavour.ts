import type { LogLayout } from './log-layout.ts';
import type { SessionMemory } from './session-memory.ts';

/** What the two databases write differently. */
export interface Flavour {
  /** The n-th parameter of a statement, from 1; may be named more than once. */
  parameter(n: number): string;
  /** The lesser and the greater of two values. */
  least: string;
  greatest: string;
  /** After a SELECT: lock its rows to the end of the transaction. Empty where only one transaction writes. */
  forUpdate: string;
  /** As forUpdate, leaving out rows that others hold. */
  skipLocked: string;
  log: LogLayout;
  /** What is remembered of sessions between transactions, where nobody else writes. */
  memory?: SessionMemory;
}

/** A text with parameters `$1`, `$2` … as this database wants it. */
export function forFlavour(flavour: Flavour, text: string): string {
  return text.replace(/\$(\d+)/g, (_, n: string) => flavour.parameter(Number(n)));
}
