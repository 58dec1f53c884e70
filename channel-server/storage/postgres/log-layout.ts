import type { LogLayout } from '../log-layout.ts';

/** An index by session and seq: many writers share it, and each commit is alone. */
export const indexedLog: LogLayout = {
  placing: { head: [], keep: [] },
  placeColumns: [],
  placeOf: () => [],

  stretch: (columns) =>
    `select ${columns.join(', ')} from activities ` +
    'where activities.session_id = $1 and activities.seq > $2 and activities.seq <= $3',

  one: 'session_id = $1 and seq = $2',
};
