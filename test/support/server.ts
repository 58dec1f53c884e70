import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type AppOptions, startApp } from '../../channel-server/app.ts';
import { checkDeclared, type DeclaredInput } from '../../channel-server/config/declared-file.ts';
import { readEnvironment } from '../../channel-server/config/environment.ts';
import { silentLog } from './silent-log.ts';

/** The real server on a free port of loopback, with a store of its own in a temporary folder. */
export interface TestServer extends App {
  dataDir: string;
  log: ReturnType<typeof silentLog>;
  /** Stop and start again on the same data (another port). */
  restart(): Promise<void>;
  /** Stop and remove its data. */
  remove(): Promise<void>;
}

/** A small company: two queues, three agents, a supervisor, an administrator, one web channel for any loopback page. */
export const smallCompany = {
  tenants: [{ id: 'default', name: 'Test Ltd' }],
  queues: [
    { id: 'support', name: 'Support' },
    { id: 'sales', name: 'Sales' },
  ],
  accounts: [
    { login: 'ann', name: 'Ann', role: 'agent', password: 'correct horse battery ann', queues: ['support'] },
    { login: 'bo', name: 'Bo', role: 'agent', password: 'correct horse battery bo', queues: ['support', 'sales'] },
    { login: 'cy', name: 'Cy', role: 'agent', password: 'correct horse battery cy', queues: ['sales'] },
    { login: 'sue', name: 'Sue', role: 'supervisor', password: 'correct horse battery sue', queues: ['support'] },
    { login: 'ada', name: 'Ada', role: 'administrator', password: 'correct horse battery ada' },
  ],
  channels: [{ id: 'web', type: 'web', name: 'Website', queue: 'support', settings: { anyLoopbackOrigin: true } }],
} satisfies DeclaredInput;

/** The password of an account of `smallCompany`. */
export const passwordOf = (login: string) => `correct horse battery ${login}`;

export async function startServer(
  options: Partial<Omit<AppOptions, 'declared' | 'environment'>> & {
    declared?: DeclaredInput;
    env?: NodeJS.ProcessEnv;
  } = {},
): Promise<TestServer> {
  const { declared = smallCompany, env = {}, ...rest } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'foyer-test-'));
  const log = silentLog();
  const environment = readEnvironment({ FOYER_PORT: '0', FOYER_DATA_DIR: dataDir, ...env });
  const start = () => startApp({ environment, declared: checkDeclared(declared, 'the test'), log, ...rest });
  let app = await start();
  return {
    get url() {
      return app.url;
    },
    get port() {
      return app.port;
    },
    get warnings() {
      return app.warnings;
    },
    dataDir,
    log,
    stop: (drainMs) => app.stop(drainMs),
    async restart() {
      await app.stop(1_000);
      app = await start();
    },
    async remove() {
      await app.stop(1_000);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Sign in over REST. */
export async function signIn(server: { url: string }, login: string, password = passwordOf(login)): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const body = (await response.json()) as { accessToken?: string };
  if (body.accessToken === undefined) throw new Error(`sign-in of ${login} failed: ${response.status}`);
  return body.accessToken;
}
