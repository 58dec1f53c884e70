import type { Pool, PoolClient } from 'pg';
import { FoyerError } from '../../errors.ts';
import type { Row } from '../columns.ts';
import type { Flavour } from '../flavour.ts';
import type { Step, StepResult, Steps, Transaction } from '../step.ts';
import type { ObserveCommit, Writer } from '../writer.ts';
import { isRace, isUniqueViolation, postgresFailure } from './failures.ts';
import { indexedLog } from './log-layout.ts';

export const postgresFlavour: Flavour = {
  parameter: (n) => `$${n}`,
  least: 'least',
  greatest: 'greatest',
  forUpdate: 'for update',
  skipLocked: 'for update skip locked',
  log: indexedLog,
};

/** How often a transaction that lost a race is run again before its caller is told. */
const attempts = 8;

/** One transaction for each list of changes, run again when it lost a race for rows. */
export function createPostgresWriter(pool: Pool, place: string, observe?: ObserveCommit): Writer {
  /** Each text is prepared once in each connection, under one name. */
  const names = new Map<string, string>();
  const running = new Set<Promise<unknown>>();
  let closed = false;

  function nameOf(text: string): string {
    let name = names.get(text);
    if (name === undefined) {
      name = `foyer_${names.size + 1}`;
      names.set(text, name);
    }
    return name;
  }

  async function execute(client: PoolClient, { text, parameters }: Step): Promise<StepResult> {
    try {
      const { rows, rowCount } = await client.query<Row>({ name: nameOf(text), text, values: [...parameters] });
      return { rows, changes: rowCount ?? 0, row: 0, conflict: false };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return { rows: [], changes: 0, row: 0, conflict: true };
    }
  }

  async function drive<T>(client: PoolClient, steps: Steps<T>): Promise<T> {
    let next = steps.next();
    while (!next.done) next = steps.next(await execute(client, next.value));
    return next.value;
  }

  async function attempt<T>(
    client: PoolClient,
    { run, undoes, undone }: Transaction<T>,
    lost: (error: Error) => void,
  ): Promise<T> {
    await client.query('begin isolation level read committed');
    try {
      const result = await drive(client, run());
      if (undoes?.(result) !== true) {
        await client.query('commit');
        return result;
      }
      await client.query('rollback');
      return undone === undefined ? result : await drive(client, undone(result));
    } catch (error) {
      await client.query('rollback').catch(lost);
      throw error;
    }
  }

  async function write<T>(transaction: Transaction<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A connection that failed is not given back for others to use.
    const lost = (error: Error) => {
      broken = error;
    };
    client.on('error', lost);
    try {
      for (let left = attempts; ; left--) {
        try {
          const from = performance.now();
          const result = await attempt(client, transaction, lost);
          observe?.(1, performance.now() - from);
          return result;
        } catch (error) {
          if (!isRace(error) || left <= 1 || broken !== undefined) throw error;
        }
      }
    } finally {
      client.off('error', lost);
      client.release(broken);
    }
  }

  return {
    async write<T>(transaction: Transaction<T>): Promise<T> {
      if (closed) throw new FoyerError('STORAGE_UNAVAILABLE', 'The store is closed.');
      const work = write(transaction).catch((error: unknown) => {
        throw postgresFailure(error, place);
      });
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(running);
    },
  };
}
