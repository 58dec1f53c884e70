import type { Kysely } from 'kysely';
import type { MediaFetch } from '../channels/channel-status.ts';
import type { MediaFetchRepository } from '../channels/ports.ts';
import { toRecord } from './columns.ts';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';
import type { Steps } from './step.ts';
import type { Writer } from './writer.ts';

/** Customers' files still to be fetched: claimed by lease, as timers are. */
export function createMediaFetchRepository(
  db: Kysely<Database>,
  writer: Writer,
  flavour: Flavour,
): MediaFetchRepository {
  const p = flavour.parameter;
  // Materialized: PostgreSQL might look for due rows anew for every row it changes, and so take more than asked.
  const claim =
    `with due as materialized (select id from media_fetches where due_at <= ${p(1)} ` +
    `and (lease_until is null or lease_until <= ${p(2)}) order by due_at, id limit ${p(3)} ${flavour.skipLocked}) ` +
    `update media_fetches set lease_until = ${p(4)} where id in (select id from due) returning *`;

  function* claimed(now: number, leaseUntil: number, limit: number): Steps<MediaFetch[]> {
    const { rows } = yield { text: claim, parameters: [now, now, limit, leaseUntil] };
    return rows.map((row) => toRecord('mediaFetch', row)).sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
  }

  return {
    async claim(now, leaseUntil, limit) {
      const due = await db
        .selectFrom('media_fetches')
        .select('id')
        .where('due_at', '<=', now)
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .limit(1)
        .executeTakeFirst();
      return due === undefined ? [] : writer.write({ run: () => claimed(now, leaseUntil, limit) });
    },

    async nextDue() {
      const free = await db
        .selectFrom('media_fetches')
        .select('due_at')
        .where('lease_until', 'is', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      // What somebody has is due when the lease ends: whoever held it may have died.
      const leased = await db
        .selectFrom('media_fetches')
        .select(({ fn }) => fn.min('lease_until').as('due'))
        .where('lease_until', 'is not', null)
        .executeTakeFirst();
      const due = [free?.due_at, leased?.due].filter((time) => typeof time === 'number');
      return due.length === 0 ? undefined : Math.min(...due);
    },
  };
}
