import { type Kysely, sql } from 'kysely';
import type { TimerRepository } from '../session/ports.ts';
import type { Timer } from '../session/timer.ts';
import { toRecord } from './columns.ts';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';
import type { Steps } from './step.ts';
import type { Writer } from './writer.ts';

/** Timers: found by the earliest time at which one can be claimed, claimed by lease. */
export function createTimerRepository(db: Kysely<Database>, writer: Writer, flavour: Flavour): TimerRepository {
  const p = flavour.parameter;
  // Materialized: PostgreSQL might look for due rows anew for every row it changes, and so take more than asked.
  const claim =
    `with due as materialized (select id from timers where due_at <= ${p(1)} ` +
    `and (claimed_until is null or claimed_until <= ${p(2)}) order by due_at, id limit ${p(3)} ${flavour.skipLocked}) ` +
    `update timers set claimed_until = ${p(4)} where id in (select id from due) returning *`;

  function* claimed(now: number, limit: number, leaseMs: number): Steps<Timer[]> {
    const { rows } = yield { text: claim, parameters: [now, now, limit, now + leaseMs] };
    return rows.map((row) => toRecord('timer', row)).sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
  }

  return {
    async nextDue() {
      // A claimed timer is free again when its lease ends: whoever held it may have died.
      const free = await db
        .selectFrom('timers')
        .select(({ fn }) => fn.min('due_at').as('due'))
        .where('claimed_until', 'is', null)
        .executeTakeFirst();
      const leased = await db
        .selectFrom('timers')
        .select(({ fn }) => fn.min('claimed_until').as('due'))
        .where('claimed_until', 'is not', null)
        .executeTakeFirst();
      const due = [free?.due, leased?.due].filter((time) => typeof time === 'number');
      return due.length === 0 ? undefined : Math.min(...due);
    },

    async claimDue(now, limit, leaseMs) {
      const due = await db
        .selectFrom('timers')
        .select(sql.lit(1).as('one'))
        .where('due_at', '<=', now)
        .limit(1)
        .executeTakeFirst();
      return due === undefined ? [] : writer.write({ run: () => claimed(now, limit, leaseMs) });
    },
  };
}
