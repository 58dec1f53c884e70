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
  // A message then writes some forty bytes of its session, which lie close to those of other sessions.
  heads: {
    facts: 'session_facts',
    table: 'session_heads',
    key: 'session_id',
    columns: new Set(['last_seq', 'last_public_seq', 'last_customer_at', 'last_agent_at', 'waiting_since', 'last_row']),
  },
  // The new row takes the next number by itself. No other table that an append writes numbers its rows.
  placing: { head: ['last_row as previous_row'], keep: ['last_row = last_insert_rowid()'] },
  placeColumns: ['previous_row'],
  placeOf: (session) => [session.previous_row ?? null],

  mark(sessionId, seq) {
    if (seq % markEvery !== 0) return undefined;
    return {
      text: 'insert into activity_marks (session_id, seq, row) values (?1, ?2, last_insert_rowid())',
      parameters: [sessionId, seq],
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
    `(select last_row from session_heads where session_id = ${session})) ` +
    'union all select activities.previous_row from walk cross join activities on activities.row = walk.row ' +
    `where activities.seq > ${after} + 1)`
  );
}
