import { CompiledQuery, type Kysely } from 'kysely';
import type { Audience } from '../../adapters/contract/index.ts';
import type { StoredActivity } from '../session/changes.ts';
import { activityColumns, readActivity, type SessionFacts } from './activity-row.ts';
import { type Flavour, forFlavour } from './flavour.ts';
import type { Database } from './schema.ts';

/** Activities looked at beyond a page, because some are not for the reader. */
const slack = 16;

/** A log to read: its session, and its end as it was known beforehand. A log only grows. */
export interface Log extends SessionFacts {
  id: string;
  last_seq: number;
}

/** A part of a log, oldest first, and how far it is complete. */
export interface LogPage {
  stored: StoredActivity[];
  upto: number;
}

/** Reads stretches of sessions' logs. */
export interface LogReader {
  /** Up to `limit` activities after `after` that `audience` may see. */
  after(log: Log, audience: Audience, after: number, limit: number): Promise<LogPage>;
  /** The newest `limit` activities that `audience` may see. */
  newest(log: Log, audience: Audience, limit: number): Promise<LogPage>;
  one(log: Log, seq: number): Promise<StoredActivity | undefined>;
}

export function createLogReader(db: Kysely<Database>, flavour: Flavour): LogReader {
  const all = forFlavour(flavour, flavour.log.stretch(activityColumns));
  const texts = {
    staff: `${all} order by activities.seq`,
    all: `${all} and activities.audience = 'all' order by activities.seq`,
  };

  async function between(log: Log, audience: Audience, after: number, upto: number) {
    const { rows } = await db.executeQuery<object>(CompiledQuery.raw(texts[audience], [log.id, after, upto]));
    return rows.map((row) => readActivity(row, log));
  }

  return {
    async after(log, audience, after, limit) {
      const end = log.last_seq;
      if (audience === 'staff') {
        const upto = Math.min(end, after + limit);
        return { stored: upto > after ? await between(log, audience, after, upto) : [], upto };
      }
      const step = limit + slack;
      const stored: StoredActivity[] = [];
      for (let from = after; from < end && stored.length <= limit; from += step) {
        stored.push(...(await between(log, audience, from, Math.min(end, from + step))));
      }
      // Nothing more for this reader: what follows, if anything, is not for them.
      if (stored.length <= limit) return { stored, upto: end };
      const page = stored.slice(0, limit);
      return { stored: page, upto: page.at(-1)?.activity.seq ?? after };
    },

    async newest(log, audience, limit) {
      const end = log.last_seq;
      const step = audience === 'staff' ? limit : limit + slack;
      let stored: StoredActivity[] = [];
      for (let to = end; to > 0 && stored.length < limit; to -= step) {
        stored = [...(await between(log, audience, Math.max(0, to - step), to)), ...stored];
      }
      return { stored: stored.slice(-limit), upto: end };
    },

    async one(log, seq) {
      return (await between(log, 'staff', seq - 1, seq))[0];
    },
  };
}
