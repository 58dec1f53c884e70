import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operated, type OperateOptions, operate } from '../support/operator.ts';
import { smallCompany } from '../support/server.ts';

const nobody = 65_534;
let folder: string;
let config: string;
const running: Operated[] = [];
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foyer-start-'));
  config = join(folder, 'foyer.json');
  await writeFile(config, JSON.stringify(smallCompany));
});
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

const newFolder = () => join(folder, `data-${++count}`);
const start = (env: Record<string, string>, options?: OperateOptions): Operated => {
  const server = operate({ FOYER_CONFIG: config, ...env }, options);
  running.push(server);
  return server;
};
/** The one line of a start that was refused. */
const refused = async (env: Record<string, string>, options?: OperateOptions): Promise<string> => {
  const server = start(env, options);
  expect(await server.ended).toBe(1);
  expect(server.stdout).toBe('Foyer is starting …\n');
  expect(server.stderr).toMatch(/^Foyer cannot start: [^\n]+\n$/);
  return server.stderr;
};
const stopped = async (server: Operated): Promise<void> => {
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
};
const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('a start that cannot be', () => {
  it('says that the port is taken, and touches no data', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const data = newFolder();
    expect(await refused({ FOYER_PORT: String(port), FOYER_DATA_DIR: data })).toBe(
      `Foyer cannot start: Port ${port} on 127.0.0.1 is taken by another program. Stop that one, or set FOYER_PORT to a free port.\n`,
    );
    expect(await exists(data)).toBe(false);
    await new Promise((done) => other.close(done));
  });

  it.each(['203.0.113.9', 'no-such-host.invalid', '2001:db8::1'])(
    'says that the machine has no address %s',
    async (host) => {
      const data = newFolder();
      expect(await refused({ FOYER_HOST: host, FOYER_DATA_DIR: data })).toContain(
        `This machine has no address ${host}. Set FOYER_HOST to one it has.`,
      );
      expect(await exists(data)).toBe(false);
    },
  );

  it('says whose the data folder must be when it is not writable', async () => {
    const locked = newFolder();
    await mkdir(locked, { mode: 0o755 });
    const root = process.getuid?.() === 0;
    await chmod(folder, 0o755);
    if (!root) await chmod(locked, 0o555);
    const line = await refused({ FOYER_DATA_DIR: locked }, root ? { uid: nobody, gid: nobody } : {});
    expect(line).toContain(
      `The data folder ${locked} cannot be used (EACCES). Give this user the right to write there`,
    );
    expect(await readdir(locked)).toEqual([]);
  });

  it('says so of a store that others wrote and this user may only read', async () => {
    if (process.getuid?.() !== 0) return;
    const data = newFolder();
    const first = start({ FOYER_DATA_DIR: data });
    await first.ready;
    await stopped(first);
    await chmod(data, 0o755);
    await chown(join(data, 'secret.key'), nobody, nobody);
    expect(await refused({ FOYER_DATA_DIR: data }, { uid: nobody, gid: nobody })).toContain(
      `Cannot write in the data folder ${data}. Let this user own it`,
    );
  });

  it('says so when the data folder is a file, or lies in one', async () => {
    const file = newFolder();
    await writeFile(file, 'not a folder');
    for (const data of [file, join(file, 'data')]) {
      expect(await refused({ FOYER_DATA_DIR: data })).toContain(`The data folder ${data} cannot be used (`);
    }
    expect(await readFile(file, 'utf8')).toBe('not a folder');
  });

  it('says that another Foyer holds the folder, and disturbs nothing there', async () => {
    const data = newFolder();
    const first = start({ FOYER_DATA_DIR: data });
    const port = await first.ready;
    expect(await refused({ FOYER_DATA_DIR: data })).toContain(
      `The data folder ${data} is in use by another Foyer. Stop that one`,
    );
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    await stopped(first);
    const again = start({ FOYER_DATA_DIR: data });
    await again.ready;
    await stopped(again);
  });

  it.each([
    ['is missing', undefined, 'which cannot be read (ENOENT). Check the path'],
    ['is not YAML', 'tenants: [{', 'is not valid YAML or JSON: '],
    [
      'names an unknown queue',
      'channels: [{id: c, type: web, name: C, queue: q}]',
      'channels[0].queue: there is no queue "q"',
    ],
    [
      'holds settings no channel has',
      'queues: [{id: q, name: Q}]\nchannels: [{id: c, type: web, name: C, queue: q, settings: {colour: red}}]',
      'channels[0].settings.colour: there is no such setting.',
    ],
  ])('says what is wrong when the declared file %s', async (_what, text, expected) => {
    const file = join(folder, `bad-${++count}.yaml`);
    if (text !== undefined) await writeFile(file, text);
    const data = newFolder();
    const line = await refused({ FOYER_CONFIG: file, FOYER_DATA_DIR: data });
    expect(line).toContain(file);
    expect(line).toContain(expected);
    if (await exists(join(data, 'foyer.db'))) {
      const db = new DatabaseSync(join(data, 'foyer.db'), { readOnly: true });
      expect(db.prepare('select count(*) as n from queues').get()?.n, 'nothing of the file was stored').toBe(0);
      db.close();
    }
  });

  it('names a variable that is not as it should be', async () => {
    const data = newFolder();
    expect(await refused({ FOYER_PORT: 'http', FOYER_DATA_DIR: data })).toContain('FOYER_PORT must be a port number');
    expect(await refused({ FOYER_TRUSTED_PROXIES: 'proxy', FOYER_DATA_DIR: data })).toContain(
      'FOYER_TRUSTED_PROXIES must be IP',
    );
    expect(
      await refused({ FOYER_DATABASE_URL: 'postgresql://u:canary@127.0.0.1:1/x', FOYER_DATA_DIR: data }),
    ).not.toContain('canary');
    expect(await exists(join(data, 'foyer.db'))).toBe(false);
  });

  it('says what to do about a store that a newer Foyer wrote, and leaves it as it is', async () => {
    const data = newFolder();
    const first = start({ FOYER_DATA_DIR: data });
    await first.ready;
    await stopped(first);
    const db = new DatabaseSync(join(data, 'foyer.db'));
    db.prepare('insert into kysely_migration (name, timestamp) values (?, ?)').run('9000-later', '2030-01-01');
    db.close();
    const line = await refused({ FOYER_DATA_DIR: data });
    expect(line).toContain(
      `The store in ${data} is of version 9000-later; this Foyer knows versions up to 0003-platforms.`,
    );
    expect(line).toContain('Start the newer Foyer that wrote it, or restore a backup');
  });

  it('says what to do about a damaged store and a damaged key', async () => {
    const damaged = newFolder();
    await mkdir(damaged);
    await writeFile(join(damaged, 'foyer.db'), 'this is no database '.repeat(1_000));
    expect(await refused({ FOYER_DATA_DIR: damaged })).toContain(
      `The store in ${damaged} is damaged. Restore it from a backup.`,
    );
    for (const key of ['', 'short', `\u0000${'\u0001'.repeat(60)}`]) {
      const data = newFolder();
      await mkdir(data);
      await writeFile(join(data, 'secret.key'), key);
      expect(await refused({ FOYER_DATA_DIR: data })).toContain(`${join(data, 'secret.key')} is damaged`);
      expect(await readdir(data)).toEqual(['secret.key']);
    }
  });
});

describe('a start', () => {
  it('of the demo speaks at once, is usable in seconds, and prints only addresses that answer', async () => {
    const data = newFolder();
    const from = performance.now();
    const server = operate({ FOYER_DATA_DIR: data });
    running.push(server);
    await server.ready;
    const took = performance.now() - from;
    expect(server.firstOutput).toBeLessThan(2_000);
    expect(took).toBeLessThan(10_000);
    const addresses = server.stdout.match(/http:\/\/\S+/g) ?? [];
    expect(addresses).toHaveLength(5);
    for (const address of addresses) expect((await fetch(address)).status, address).toBe(200);
    for (const line of server.stdout.split('\n')) expect(line).not.toMatch(/^\{/);
    await stopped(server);
    for (const line of server.stderr.trim().split('\n')) expect(() => JSON.parse(line), line).not.toThrow();
    process.stderr.write(
      `demo: first output ${Math.round(server.firstOutput ?? 0)} ms, usable after ${Math.round(took)} ms\n`,
    );
  });

  it('keeps its key to its owner and warns of a misspelt variable', async () => {
    const data = newFolder();
    const server = start({ FOYER_DATA_DIR: data, FOYER_PROT: '1', FOYER_LOG_LEVEL: 'silent' });
    await server.ready;
    expect((await stat(join(data, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect(server.stderr).toBe('Foyer does not know FOYER_PROT; it is ignored. Is it misspelt?\n');
    await stopped(server);
  });
});
