import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionMemory } from '../session-memory.ts';
import type { Steps, Transaction } from '../step.ts';
import type { Writer } from '../writer.ts';
import { createEmbeddedWriter } from './writer.ts';

describe('the embedded writer', () => {
  let folder: string;
  let db: DatabaseSync;
  let writer: Writer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foyer-writer-'));
    db = new DatabaseSync(join(folder, 'test.db'));
    db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
    db.exec(
      'create table notes (id integer primary key, body text, parent integer references notes deferrable initially deferred)',
    );
    writer = createEmbeddedWriter(db, folder, createSessionMemory());
  });
  afterEach(async () => {
    await writer.close();
    db.close();
    await rm(folder, { recursive: true, force: true });
  });

  const note = (id: number, body = 'x', parent: number | null = null): Transaction<number> => ({
    *run(): Steps<number> {
      const text = 'insert into notes (id, body, parent) values (?1, ?2, ?3)';
      return (yield { text, parameters: [id, body, parent] }).changes;
    },
  });
  const stored = () =>
    db
      .prepare('select id from notes order by id')
      .all()
      .map((row) => row.id);

  it('commits what waits at the end of a tick together', async () => {
    let commits = 0;
    const watcher = new DatabaseSync(join(folder, 'test.db'), { readOnly: true });
    const version = () => watcher.prepare('pragma data_version').get()?.data_version;
    let last = version();
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        writer.write(note(n)).then(() => {
          const now = version();
          if (now !== last) commits += 1;
          last = now;
        }),
      ),
    );
    watcher.close();
    expect(commits).toBe(1);
    expect(stored()).toHaveLength(50);
  });

  it('rejects everything of a commit when the disk is full, keeps nothing of it, and goes on when there is room', async () => {
    await writer.write(note(1));
    const pages = Number(db.prepare('pragma page_count').get()?.page_count);
    db.exec(`pragma max_page_count = ${pages + 2}`);
    const results = await Promise.allSettled([
      writer.write(note(2)),
      writer.write(note(3, 'y'.repeat(100_000))),
      writer.write(note(4)),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORAGE_FULL', status: 507 } });
    }
    expect(stored()).toEqual([1]);
    await writer.write(note(5));
    db.exec('pragma max_page_count = 100000');
    await writer.write(note(3, 'y'.repeat(100_000)));
    expect(stored()).toEqual([1, 3, 5]);
  });

  it('tells nobody otherwise when the commit itself fails', async () => {
    const results = await Promise.allSettled([writer.write(note(1)), writer.write(note(2, 'orphan', 99))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stored()).toEqual([]);
    await writer.write(note(1));
    expect(stored()).toEqual([1]);
  });

  it('undoes a transaction that throws, and it alone', async () => {
    const results = await Promise.allSettled([
      writer.write(note(1)),
      writer.write({
        *run(): Steps<void> {
          yield* note(2).run();
          throw new Error('a mistake');
        },
      }),
      writer.write(note(3)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(stored()).toEqual([1, 3]);
  });

  it('finishes what waits before it closes, more than one commit can hold', async () => {
    const waiting = Array.from({ length: 2_500 }, (_, n) => writer.write(note(n)));
    await writer.close();
    await Promise.all(waiting);
    expect(stored()).toHaveLength(2_500);
    await expect(writer.write(note(9_999))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});
