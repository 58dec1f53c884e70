import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../test/support/silent-log.ts';
import { systemClock } from '../../runtime.ts';
import { embeddedDialect } from '../embedded/dialect.ts';
import { openStorage } from '../open-storage.ts';
import { first } from './0001-first.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const session = 'ses_01939f2c6d0a7d3e8b1f2a3c4d5e6f70';

/** A data folder as version 0001 left it: one session with three activities, one of them marked. */
async function oldStore(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'foyer-old-'));
  folders.push(dataDir);
  const db = new DatabaseSync(join(dataDir, 'foyer.db'));
  const kysely = new Kysely<unknown>({ dialect: embeddedDialect(db, false) });
  const up = first({
    text: 'text',
    integer: 'integer',
    chained: true,
    clustered: (table) => table.modifyEnd(sql`without rowid`),
  });
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => ({ '0001-first': { up } }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  db.exec(`
    insert into sessions (id, tenant_id, channel_id, channel_type, identity_id, conversation, queue_id, agent_id, media,
      priority, page, state, last_seq, last_public_seq, previous_public_seq, last_row, last_customer_at, waiting_since,
      created_at)
    values ('${session}', 'main', 'web', 'web', 'idn_1', 'visitor:vis_1', 'support', 'acc_ann', '["chat"]',
      0, '{"url":"https://example.com/"}', 'active', 3, 3, 2, 7, 1700000003000, 1700000001000, 1700000000000);
    insert into activities (row, previous_row, session_id, seq, tenant_id, type, audience, from_id, from_role, at,
      previous_public, content)
    values (4, 0, '${session}', 1, 'main', 'message', 'all', 'vis_1', 'user', 1700000001000, 0, '{"text":"one"}'),
      (5, 4, '${session}', 2, 'main', 'message', 'all', 'acc_ann', 'agent', 1700000002000, 1, '{"text":"two"}'),
      (7, 5, '${session}', 3, 'main', 'message', 'all', 'vis_1', 'user', 1700000003000, 2, '{"text":"three"}');
  `);
  db.close();
  return dataDir;
}

describe('a store of version 0001', () => {
  it('keeps its sessions and their logs, which go on where they were', async () => {
    const storage = await openStorage({ dataDir: await oldStore(), clock: systemClock, log: silentLog() });
    try {
      expect(await storage.sessions.session('main', session)).toMatchObject({
        state: 'active',
        agentId: 'acc_ann',
        page: { url: 'https://example.com/' },
        lastSeq: 3,
        lastPublicSeq: 3,
        lastCustomerAt: 1_700_000_003_000,
        lastAgentAt: null,
        waitingSince: 1_700_000_001_000,
      });
      await storage.unitOfWork.commit([
        {
          kind: 'append',
          tenantId: 'main',
          sessionId: session,
          at: 1_700_000_004_000,
          activity: { type: 'message', audience: 'all', from: { id: 'acc_ann', role: 'agent' }, text: 'four' },
        },
      ]);
      const log = await storage.sessions.activities('main', session, 'all', 0, 10);
      expect(log.items.map(({ activity, prev }) => [activity.seq, prev, activity.text])).toEqual([
        [1, 0, 'one'],
        [2, 1, 'two'],
        [3, 2, 'three'],
        [4, 3, 'four'],
      ]);
      expect(await storage.sessions.openSession('main', 'web', 'visitor:vis_1')).toMatchObject({
        lastSeq: 4,
        lastAgentAt: 1_700_000_004_000,
        waitingSince: null,
      });
    } finally {
      await storage.close();
    }
  });
});
