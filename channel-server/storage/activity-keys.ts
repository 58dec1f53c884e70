import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';
import type { Steps } from './step.ts';
import type { Writer } from './writer.ts';

/** Keys looked at in one step: a bound, so that pruning never holds up anybody. */
const stretch = 500;

/**
 * Forget dedupe keys stored before `before` (ms since the epoch); answers how many. A repeat of a forgotten
 * key is stored as a new activity: the caller keeps keys 30 days at least, and 30 days longer than content.
 */
export async function pruneKeys(
  db: Kysely<Database>,
  writer: Writer,
  flavour: Flavour,
  before: number,
): Promise<number> {
  const p = flavour.parameter;
  const remove = `delete from activity_keys where key = ${p(1)} and scope = ${p(2)} and created_at < ${p(3)}`;
  let forgotten = 0;
  let last = { key: '', scope: '' };
  for (;;) {
    const { key, scope } = last;
    const rows = await db
      .selectFrom('activity_keys')
      .select(['key', 'scope', 'created_at'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('key', 'scope'), '>', tuple(key, scope)))
      .orderBy('key')
      .orderBy('scope')
      .limit(stretch)
      .execute();
    const old = rows.filter((row) => row.created_at < before);
    forgotten += await writer.write({
      *run(): Steps<number> {
        let count = 0;
        for (const row of old) count += (yield { text: remove, parameters: [row.key, row.scope, before] }).changes;
        return count;
      },
    });
    const end = rows.at(-1);
    if (end === undefined || rows.length < stretch) return forgotten;
    last = end;
  }
}
