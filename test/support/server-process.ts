import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DeclaredInput } from '../../channel-server/config/declared-file.ts';

/** The real server as a process of its own, started as an operator starts it, so that it can be killed. */
export interface ServerProcess {
  /** Start and wait until it prints that it is ready; answers its port. */
  start(): Promise<number>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers its exit code. */
  stop(): Promise<number | null>;
  /** What it printed so far, over all starts. */
  output(): string;
  remove(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

export async function serverProcess(
  declared: DeclaredInput | undefined,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-process-'));
  const config = join(folder, 'foyer.json');
  if (declared !== undefined) await writeFile(config, JSON.stringify(declared));
  let child: ChildProcess | undefined;
  let printed = '';

  const ended = (signal: NodeJS.Signals) =>
    new Promise<number | null>((done) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        done(child?.exitCode ?? null);
        return;
      }
      child.once('exit', (code) => done(code));
      child.kill(signal);
    });

  return {
    start() {
      const from = printed.length;
      const started = spawn(process.execPath, ['channel-server/main.ts'], {
        cwd: root,
        env: {
          ...process.env,
          FOYER_PORT: '0',
          FOYER_DATA_DIR: join(folder, 'data'),
          FOYER_LOG_LEVEL: 'error',
          ...(declared === undefined ? {} : { FOYER_CONFIG: config }),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      return new Promise((done, fail) => {
        const read = (data: Buffer) => {
          printed += data.toString();
          const address = /Desk\s+http:\/\/[^\s:]+:(\d+)\/desk/.exec(printed.slice(from));
          if (address?.[1] !== undefined) done(Number(address[1]));
        };
        started.stdout.on('data', read);
        started.stderr.on('data', read);
        started.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${printed.slice(from)}`)));
      });
    },
    kill: async () => void (await ended('SIGKILL')),
    stop: () => ended('SIGTERM'),
    output: () => printed,
    async remove() {
      await ended('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
