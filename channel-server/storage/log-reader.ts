import { CompiledQuery, type Kysely } from 'kysely';
import type { Audience } from '../../adapters/contract/index.ts';
import type { StoredActivity } from '../session/changes.ts';
import { activityColumns, readActivity } from './activity-row.ts';
import type { Database } from './schema.ts';
import { type Flavour, forFlavour } from './step.ts';

/** Activities looked at in one step when some of them are not for the reader. */
const leastStretch = 64;

/** A part of a log, oldest first, and how far it is complete. */
export interface LogPage {
  stored: StoredActivity[];
  upto: number;
}

/** Reads stretches of sessions' logs. `end` is the log's last seq, known beforehand: a log only grows. */
export interface LogReader {
  /** Up to `limit` activities after `after` that `audience` may see. */
  after(sessionId: string, audience: Audience, after: number, end: number, limit: number): Promise<LogPage>;
  /** The newest `limit` activities that `audience` may see. */
  newest(sessionId: string, audience: Audience, end: number, limit: number): Promise<LogPage>;
  one(sessionId: string, seq: number): Promise<StoredActivity | undefined>;
}

export function createLogReader(db: Kysely<Database>, flavour: Flavour): LogReader {
  const all = forFlavour(flavour, flavour.log.stretch(activityColumns));
  const texts = {
    staff: `${all} order by activities.seq`,
    all: `${all} and activities.audience = 'all' order by activities.seq`,
  };

  async function between(sessionId: string, audience: Audience, after: number, upto: number) {
    const { rows } = await db.executeQuery<object>(CompiledQuery.raw(texts[audience], [sessionId, after, upto]));
    return rows.map(readActivity);
  }

  return {
    async after(sessionId, audience, after, end, limit) {
      if (audience === 'staff') {
        const upto = Math.min(end, after + limit);
        return { stored: upto > after ? await between(sessionId, audience, after, upto) : [], upto };
      }
      const step = Math.max(2 * limit, leastStretch);
      const stored: StoredActivity[] = [];
      for (let from = after; from < end && stored.length <= limit; from += step) {
        stored.push(...(await between(sessionId, audience, from, Math.min(end, from + step))));
      }
      // Nothing more for this reader: what follows, if anything, is not for them.
      if (stored.length <= limit) return { stored, upto: end };
      const page = stored.slice(0, limit);
      return { stored: page, upto: page.at(-1)?.activity.seq ?? after };
    },

    async newest(sessionId, audience, end, limit) {
      const step = audience === 'staff' ? limit : Math.max(2 * limit, leastStretch);
      let stored: StoredActivity[] = [];
      for (let to = end; to > 0 && stored.length < limit; to -= step) {
        stored = [...(await between(sessionId, audience, Math.max(0, to - step), to)), ...stored];
      }
      return { stored: stored.slice(-limit), upto: end };
    },

    async one(sessionId, seq) {
      return (await between(sessionId, 'staff', seq - 1, seq))[0];
    },
  };
}
