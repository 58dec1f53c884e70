import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, type AppOptions, startApp } from '../../channel-server/app.ts';
import { checkDeclared } from '../../channel-server/config/declared-file.ts';
import { readEnvironment } from '../../channel-server/config/environment.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { openPage, pause } from '../contracts/web-protocol/page.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { until } from '../support/people.ts';
import { smallCompany } from '../support/server.ts';
import { silentLog } from '../support/silent-log.ts';

const day = 24 * 3_600_000;
let dataDir: string;
let log: ReturnType<typeof silentLog>;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'foyer-app-'));
  log = silentLog();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = (options: Partial<AppOptions> = {}, port = 0): Promise<App> =>
  startApp({
    environment: readEnvironment({ FOYER_PORT: String(port), FOYER_DATA_DIR: dataDir }),
    declared: checkDeclared(smallCompany, 'the test'),
    log,
    ...options,
  });
const say = async ({ url }: App, clientId: string): Promise<void> => {
  const unused = () => Promise.reject(new Error('not used'));
  const page = await openPage({
    url,
    channel: 'web',
    otherChannel: 'web',
    origin: 'http://localhost:1',
    secret: '',
    answer: unused,
    note: unused,
  });
  await page.say('hello', clientId);
  page.close();
};
const keys = () => {
  const db = new DatabaseSync(join(dataDir, 'foyer.db'), { readOnly: true });
  const found = db
    .prepare('select key from activity_keys order by key')
    .all()
    .map(({ key }) => key);
  db.close();
  return found;
};
const errors = () => log.lines.filter(({ level }) => level === 'error' || level === 'warn');

describe('the house', () => {
  it('forgets after sixty days, and not before, which messages were sent', async () => {
    for (const [clientId, age] of [
      ['older', 61],
      ['younger', 59],
    ] as const) {
      const app = await start({ clock: { ...systemClock, now: () => Date.now() - age * day } });
      await say(app, clientId);
      await app.stop(1_000);
    }
    expect(keys()).toEqual(['older', 'younger']);
    const clock = fakeClock(Date.now());
    const app = await start({ clock });
    await clock.advance(61_000);
    await until('the older key is gone', () => !keys().includes('older'));
    expect(keys()).toEqual(['younger']);
    // The next turn comes by itself.
    await clock.advance(2 * day);
    await until('the younger key is gone', () => keys().length === 0, 5_000);
    let over = false;
    const stopped = app.stop(1_000).finally(() => {
      over = true;
    });
    while (!over) await clock.advance(20);
    await stopped;
    expect(errors()).toEqual([]);
  });

  it('leaves nothing behind when a step of its start fails, and starts again in the same process', async () => {
    const taken: Server[] = [];
    const free = await start();
    const { port } = free;
    await free.stop(1_000);
    const wrong = checkDeclared(
      { ...smallCompany, channels: [{ ...smallCompany.channels[0], settings: { nonsense: 1 } }] },
      'the test',
    );
    const failing: [string, () => Promise<App>, string][] = [
      ['the declared file', () => start({ declared: wrong }, port), 'channels[0].settings.nonsense'],
      [
        'a page',
        () =>
          start(
            {
              pages: [
                async () => {
                  throw new Error('this page cannot be made');
                },
              ],
            },
            port,
          ),
        'this page cannot be made',
      ],
      [
        'listening',
        () =>
          start(
            {
              pages: [
                async (app) => {
                  // Somebody takes the port between the look at it and the listening.
                  app.addHook('onReady', async () => {
                    if (taken.length > 0) return;
                    const other = createServer();
                    taken.push(other);
                    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
                  });
                },
              ],
            },
            port,
          ),
        `Port ${port} on 127.0.0.1 is taken`,
      ],
    ];
    const busy = () => process.getActiveResourcesInfo().filter((name) => /Server|FSReq|Worker/.test(name)).length;
    const before = busy();
    for (const [what, run, expected] of failing) {
      await expect(run(), what).rejects.toThrow(expected);
      for (const other of taken) await new Promise((done) => other.close(done));
      await pause(50);
      expect(busy(), what).toBe(before);
      const app = await start({}, port);
      expect((await fetch(`${app.url}/readyz`)).status, what).toBe(200);
      await Promise.all([app.stop(1_000), app.stop(1_000)]);
    }
    await pause(200);
    expect(errors()).toEqual([]);
    expect((await readdir(dataDir)).sort()).toEqual(['foyer.db', 'foyer.lock', 'secret.key', 'uploads']);
  });
});
