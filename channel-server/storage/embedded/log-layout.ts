import type { LogLayout } from '../log-layout.ts';

/** Every so many activities of a session, one is marked, so that a walk to any of them is short. */
const markEvery = 32;

/**
 * A chain: activities lie in the order in which they were stored, each naming the row before it in its session.
 * Appending then writes at the end of the table alone, whatever the session; an index by session would make each
 * append of a busy hall write a page of its own, which costs more than all the rest. A stretch of a log is found
 * by walking back from the mark after it.
 */
export const chainedLog: LogLayout = {
  placing: {
    head: ['(select coalesce(max(row), 0) + 1 from activities) as row', 'last_row as previous_row'],
    assign: [['last_row', 'row']],
  },
  placeColumns: ['row', 'previous_row'],
  placeOf: (session) => [session.row ?? null, session.previous_row ?? null],

  mark(sessionId, seq, session) {
    if (seq % markEvery !== 0) return undefined;
    return {
      text: 'insert into activity_marks (session_id, seq, row) values (?1, ?2, ?3)',
      parameters: [sessionId, seq, session.row ?? null],
    };
  },

  stretch: (columns) =>
    `${walk('$1', '$2', '$3')} select ${columns.join(', ')} from walk ` +
    'cross join activities on activities.row = walk.row where activities.seq > $2 and activities.seq <= $3',

  one:
    `row = (${walk('$1', '$2 - 1', '$2')} select activities.row from walk ` +
    'cross join activities on activities.row = walk.row where activities.seq = $2)',
};

function walk(session: string, after: string, upto: string): string {
  return (
    'with recursive walk (row) as (select coalesce(' +
    `(select row from activity_marks where session_id = ${session} and seq >= ${upto} order by seq limit 1), ` +
    `(select last_row from sessions where id = ${session})) ` +
    'union all select activities.previous_row from walk cross join activities on activities.row = walk.row ' +
    `where activities.seq > ${after} + 1)`
  );
}
