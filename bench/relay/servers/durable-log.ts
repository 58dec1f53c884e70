import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One table, one insert a message, WAL, synchronous=FULL, one commit each event-loop tick. */
export function durableLog(): { append(body: string, stored: () => void): void } {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const db = new DatabaseSync(join(folder, 'floor.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (id INTEGER PRIMARY KEY, body TEXT)');
  const insert = db.prepare('INSERT INTO log (body) VALUES (?)');
  let waiting: { body: string; stored: () => void }[] = [];

  const commit = () => {
    const batch = waiting;
    waiting = [];
    db.exec('BEGIN IMMEDIATE');
    for (const { body } of batch) insert.run(body);
    db.exec('COMMIT');
    for (const { stored } of batch) stored();
  };
  return {
    append(body, stored) {
      if (waiting.push({ body, stored }) === 1) setImmediate(commit);
    },
  };
}
