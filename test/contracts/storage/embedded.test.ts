import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../../../channel-server/storage/open-storage.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';

/** What only the embedded store promises: one process for a folder, and nothing acknowledged lost by its death. */
describe('a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foyer-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = (dataDir = folder): Promise<Storage> => openStorage({ dataDir, clock: fakeClock(), log: silentLog() });

  /** A process that appends to the store in `folder`; answers when it has begun. */
  async function appending(run: string) {
    const process = spawn(
      globalThis.process.execPath,
      [join(import.meta.dirname, 'appending-process.ts'), folder, run],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    process.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!said.includes('ready\n')) {
      if (process.exitCode !== null) throw new Error('the appending process ended by itself');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return {
      process,
      /** Lines that were said whole. */
      acknowledged: () => said.slice(0, said.lastIndexOf('\n')).split('\n').slice(1),
    };
  }

  async function kill(process: ChildProcess): Promise<void> {
    const closed = once(process, 'close');
    process.kill('SIGKILL');
    await closed;
  }

  it('is made when it is missing', async () => {
    const store = await open(join(folder, 'not', 'yet'));
    await store.ready();
    await store.close();
  });

  it('is refused to a second opener, in this process and in another, and free when the first has closed', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED', message: expect.stringContaining(folder) });
    await first.ready();
    await first.close();
    const { process } = await appending('lock');
    try {
      await expect(open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
    } finally {
      await kill(process);
    }
    const next = await open();
    await next.close();
  });

  it('keeps every acknowledged activity once, without gaps, when its process is killed under load', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const load = await appending(`run${round}`);
      await new Promise((resolve) => setTimeout(resolve, 150 + 70 * round));
      await kill(load.process);
      acknowledged.push(...load.acknowledged());
      // No stale lock, no repair by hand.
      const store = await open();
      const stored = new Map<string, string>();
      let activities = 0;
      for (let n = 0; n < 10; n++) {
        const id = `ses_${n}`;
        const session = await store.sessions.session('acme', id);
        const { items, upto } = await store.sessions.activities('acme', id, 'staff', 0, 1_000_000);
        expect(items.map(({ activity }) => activity.seq)).toEqual(items.map((_, index) => index + 1));
        expect(upto).toBe(session?.lastSeq);
        activities += items.length;
        for (const { activity } of items) stored.set(activity.clientId ?? '', activity.id);
      }
      expect(stored.size).toBe(activities);
      for (const line of acknowledged) {
        const [clientId = '', id] = line.split(' ');
        expect(stored.get(clientId)).toBe(id);
      }
      const [sample = ''] = acknowledged.at(-1)?.split(' ') ?? [];
      expect((await store.sessions.activityByKey('visitor:load', sample))?.activity.id).toBe(stored.get(sample));
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(500);
  });

  it('that cannot be written in is refused with one line that says what to do', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const refusal = {
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/^Cannot write in the data folder \S+\..*FOYER_DATA_DIR\.$/),
    };
    await expect(open(join(file, 'data'))).rejects.toMatchObject(refusal);
    // The super-user may write anywhere.
    if (process.getuid?.() !== 0) {
      const closed = join(folder, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      await expect(open(closed)).rejects.toMatchObject(refusal);
      await chmod(closed, 0o700);
    }
  });

  it('with a damaged store is refused and left as it is', async () => {
    await writeFile(join(folder, 'foyer.db'), 'this is no database, whatever its name says'.repeat(200));
    await expect(open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('damaged'),
    });
    await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('damaged') });
  });
});
