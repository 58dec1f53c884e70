import type { DatabaseSync } from 'node:sqlite';

/**
 * What a busy hall's store looks like, in the form of SQLite's own statistics: rows of an index, then rows that
 * share its first column, its first two, and so on. Without any, SQLite takes a tenant's or a channel's sessions
 * to be few and walks them all. Given once instead of counted, plans are the same in every installation.
 */
const typical: readonly (readonly [table: string, index: string, statistics: string])[] = [
  ['session_facts', 'session_facts', '1000000 1'],
  ['session_facts', 'sessions_one_open', '2000 500 1'],
  ['session_facts', 'sessions_conversation', '1000000 200000 3 1'],
  ['session_facts', 'sessions_open', '2000 2000 400 100 80 1 1'],
  ['session_facts', 'sessions_tenant', '1000000 1000000 1'],
  ['session_facts', 'sessions_channel', '1000000 200000 1'],
  ['session_facts', 'sessions_queue', '1000000 1000000 200000 1'],
  ['session_facts', 'sessions_identity', '1000000 3 1'],
  ['session_facts', 'sessions_agent', '900000 10000 3000 1'],
  ['session_heads', 'session_heads', '1000000 1'],
  ['participants', 'participants', '2000000 2 1 1'],
  ['participants', 'participants_account', '2000000 20000 1'],
  ['identities', 'identities_external', '500000 100000 1'],
  ['identities', 'identities_customer', '500000 500000 2 1'],
  ['offers', 'offers_session', '1500000 2 1'],
  ['offers', 'offers_one_ringing', '100 1'],
  ['offers', 'offers_agent_ringing', '100 1 1'],
  ['media', 'media_hash', '500000 1'],
  ['media', 'media_thumbnail', '500000 2'],
  ['media', 'media_usage', '500000 500000 1'],
];

/** Give SQLite's planner the statistics above, for every connection opened from now on. */
export function teachPlanner(db: DatabaseSync): void {
  db.exec('analyze sqlite_schema');
  const given = db.prepare('select tbl, idx, stat from sqlite_stat1 order by tbl, idx').all();
  const wanted = typical.map(([tbl, idx, stat]) => `${tbl} ${idx} ${stat}`).sort();
  const same = given.map(({ tbl, idx, stat }) => `${tbl} ${idx} ${stat}`).sort();
  if (wanted.join('\n') === same.join('\n')) return;
  db.exec('begin immediate; delete from sqlite_stat1');
  const insert = db.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)');
  for (const row of typical) insert.run(...row);
  db.exec('commit; analyze sqlite_schema');
}
