import type { DatabaseSync } from 'node:sqlite';
import { FoyerError } from '../../errors.ts';
import type { ColumnValue, Row } from '../columns.ts';
import type { Flavour } from '../flavour.ts';
import type { SessionMemory } from '../session-memory.ts';
import type { Step, StepResult, Steps, Transaction } from '../step.ts';
import type { ObserveCommit, Writer } from '../writer.ts';
import { statementCache } from './dialect.ts';
import { embeddedFailure, isStoreFailure, isUniqueViolation } from './failures.ts';
import { chainedLog } from './log-layout.ts';

/** What SQLite writes differently, with a memory for one store. */
export function sqliteFlavour(memory: SessionMemory): Flavour {
  return {
    parameter: (n) => `?${n}`,
    least: 'min',
    greatest: 'max',
    forUpdate: '',
    skipLocked: '',
    log: chainedLog,
    memory,
  };
}

/** Transactions of one commit: a bound, so that a flood never holds the event loop for long. */
const mostInOneCommit = 1_000;
const none: readonly Row[] = [];

/** Rows are taken as lists and named here: SQLite's driver makes every column's name anew for every row. */
function rowOf(columns: readonly string[], values: readonly ColumnValue[]): Row {
  const row: Record<string, ColumnValue> = {};
  for (let n = 0; n < columns.length; n += 1) row[columns[n] as string] = values[n] as ColumnValue;
  return row;
}

interface Waiting {
  transaction: Transaction<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { result: unknown } | { error: unknown };

/**
 * The embedded store's only way to write. Transactions waiting at the end of an event-loop tick share one
 * commit and one fsync. As long as none has to be undone they run one after the other without more ado; the first
 * that has to makes all of them run again, each in a savepoint of its own, so that undoing one undoes nothing else.
 * Answers are given after the commit; when it fails, nobody is told otherwise.
 */
export function createEmbeddedWriter(
  db: DatabaseSync,
  place: string,
  memory: SessionMemory,
  observe?: ObserveCommit,
): Writer {
  const prepare = statementCache(db, true);
  const othersWrote = prepare('pragma data_version').statement;
  const begin = prepare('begin immediate').statement;
  const commit = prepare('commit').statement;
  const rollback = prepare('rollback').statement;
  const save = prepare('savepoint one').statement;
  const undo = prepare('rollback to one').statement;
  const keep = prepare('release one').statement;

  let version: unknown;
  let waiting: Waiting[] = [];
  let scheduled = false;
  let closed = false;

  function execute({ text, parameters }: Step): StepResult {
    const { statement, columns } = prepare(text);
    try {
      if (columns.length === 0) {
        const { changes, lastInsertRowid } = statement.run(...parameters);
        return { rows: none, changes: Number(changes), row: Number(lastInsertRowid), conflict: false };
      }
      const found = statement.all(...parameters) as unknown as ColumnValue[][];
      return { rows: found.map((values) => rowOf(columns, values)), changes: found.length, row: 0, conflict: false };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return { rows: none, changes: 0, row: 0, conflict: true };
    }
  }

  function drive<T>(steps: Steps<T>): T {
    let next = steps.next();
    while (!next.done) next = steps.next(execute(next.value));
    return next.value;
  }

  /** All transactions without savepoints; undefined, with nothing done, when one of them has to be undone. */
  function runPlainly(batch: readonly Waiting[]): Outcome[] | undefined {
    const outcomes: Outcome[] = [];
    for (const { transaction } of batch) {
      let result: unknown;
      try {
        result = drive(transaction.run());
      } catch (error) {
        if (isStoreFailure(error)) throw error;
        return abandon();
      }
      if (transaction.undoes?.(result) === true) return abandon();
      outcomes.push({ result });
    }
    return outcomes;
  }

  /** Somebody may repair a running store by hand: what was remembered is then no longer true. */
  function lookAround(): void {
    const [now] = othersWrote.get() as unknown as ColumnValue[];
    if (now !== version) memory.clear();
    version = now;
  }

  function abandon(): undefined {
    memory.clear();
    rollback.run();
    begin.run();
    return undefined;
  }

  /** One transaction in its savepoint. Throws only when the store itself failed. */
  function runSaved({ run, undoes, undone }: Transaction<unknown>): Outcome {
    save.run();
    let outcome: Outcome;
    try {
      let result = drive(run());
      if (undoes?.(result) === true) {
        memory.clear();
        undo.run();
        if (undone !== undefined) result = drive(undone(result));
      }
      outcome = { result };
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      memory.clear();
      undo.run();
      outcome = { error: embeddedFailure(error, place) };
    }
    keep.run();
    return outcome;
  }

  function flush(): void {
    // Closing wrote what this tick had waited for.
    if (waiting.length === 0) {
      scheduled = false;
      return;
    }
    const batch = waiting.length > mostInOneCommit ? waiting.splice(0, mostInOneCommit) : waiting;
    if (batch === waiting) waiting = [];
    scheduled = waiting.length > 0;
    if (scheduled) setImmediate(flush);
    let outcomes: Outcome[];
    const from = observe === undefined ? 0 : performance.now();
    try {
      begin.run();
      lookAround();
      outcomes = runPlainly(batch) ?? batch.map(({ transaction }) => runSaved(transaction));
      commit.run();
    } catch (cause) {
      memory.clear();
      if (db.isTransaction) rollback.run();
      const error = embeddedFailure(cause, place);
      for (const { reject } of batch) reject(error);
      return;
    }
    observe?.(batch.length, performance.now() - from);
    for (const [n, outcome] of outcomes.entries()) {
      if ('error' in outcome) batch[n]?.reject(outcome.error);
      else batch[n]?.resolve(outcome.result);
    }
  }

  return {
    write<T>(transaction: Transaction<T>): Promise<T> {
      if (closed) return Promise.reject(new FoyerError('STORAGE_UNAVAILABLE', 'The store is closed.'));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ transaction, resolve: resolve as (result: unknown) => void, reject });
        if (!scheduled) {
          scheduled = true;
          setImmediate(flush);
        }
      });
    },
    async close() {
      closed = true;
      while (waiting.length > 0) flush();
    },
  };
}
