import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A throwaway PostgreSQL, reached through a socket in its own folder: no port, no password, nothing kept. */
export interface PostgresServer {
  /** The address of a new, empty database. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const installation = 'apt-get install -y postgresql';
const binaries = '/usr/lib/postgresql';
/** How long the server may take to answer, ms. */
const patience = 30_000;

/** Start a PostgreSQL of one's own. Where none can be had, it fails and says what to install; it never skips. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'foyer-postgres-'));
  const asNobody = process.getuid?.() === 0 ? nobody() : {};
  if (asNobody.uid !== undefined && asNobody.gid !== undefined) chownSync(folder, asNobody.uid, asNobody.gid);
  const data = join(folder, 'data');
  const initialise = ['-D', data, '-U', 'foyer', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'];
  execFileSync(join(programs, 'initdb'), initialise, { ...asNobody, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const settings = [
    '-D',
    data,
    '-k',
    folder,
    '-c',
    'listen_addresses=',
    '-c',
    'fsync=off',
    '-c',
    'max_connections=200',
  ];
  const server = spawn(join(programs, 'postgres'), settings, {
    ...asNobody,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    process.off('exit', killNow);
    rmSync(folder, { recursive: true, force: true });
  };
  // A run that is interrupted leaves no server behind.
  const killNow = () => void server.kill('SIGQUIT');
  process.once('exit', killNow);

  const url = (database: string) => `postgresql://foyer@/${database}?host=${folder}`;
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await query('select 1');
      break;
    } catch (error) {
      if (server.exitCode === null && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      await stop();
      throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
    }
  }

  let databases = 0;
  return {
    async createDatabase() {
      const name = `foyer_${process.pid}_${++databases}`;
      await query(`create database ${name}`);
      return url(name);
    },
    stop,
  };
}

/** The folder of PostgreSQL's programs. Installs them where it can, having said so; else throws, saying what to install. */
export function findPostgres(): string {
  return findPrograms() ?? installPrograms();
}

/** The newest installed version's programs. */
function findPrograms(): string | undefined {
  if (!existsSync(binaries)) return undefined;
  const newest = readdirSync(binaries)
    .filter((version) => existsSync(join(binaries, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(binaries, newest, 'bin');
}

function installPrograms(): string {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`The tests need PostgreSQL, which is missing here. Installing it: ${installation}`);
    execFileSync('apt-get', ['install', '-y', 'postgresql'], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const installed = findPrograms();
    if (installed !== undefined) return installed;
  }
  throw new Error(`The tests need PostgreSQL, which is missing here. Install it: sudo ${installation}`);
}

/** PostgreSQL refuses to run as root. */
function nobody(): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
