import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** A server as an operator runs it: a process of its own, what it prints on either stream, how it ends. */
export interface Operated {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the start to the first output. */
  readonly firstOutput: number | undefined;
  /** The port, once it says that it is ready; rejects when it ends before. */
  readonly ready: Promise<number>;
  /** Its exit code; the signal's name when a signal ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface OperateOptions {
  /** Run as this user and group. */
  uid?: number;
  gid?: number;
}

const root = resolve(import.meta.dirname, '../..');

/** Start `channel-server/main.ts` with these variables; nothing else of FOYER_… is set. */
export function operate(env: Record<string, string>, options: OperateOptions = {}): Operated {
  const from = performance.now();
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FOYER_'));
  const child = spawn(process.execPath, ['channel-server/main.ts'], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), FOYER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  let stdout = '';
  let stderr = '';
  let firstOutput: number | undefined;
  const ended = new Promise<number | NodeJS.Signals>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => done(code ?? signal ?? -1));
  });
  const ready = new Promise<number>((done, fail) => {
    child.stdout.on('data', (data: Buffer) => {
      firstOutput ??= performance.now() - from;
      stdout += data.toString();
      const address = /Desk\s+http:\/\/[^\s]+:(\d+)\/desk/.exec(stdout);
      if (address?.[1] !== undefined) done(Number(address[1]));
    });
    child.stderr.on('data', (data: Buffer) => {
      firstOutput ??= performance.now() - from;
      stderr += data.toString();
    });
    ended.then((how) => fail(new Error(`the server ended with ${how}: ${stdout}${stderr}`)), fail);
  });
  ready.catch(() => undefined);
  return {
    child,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    get firstOutput() {
      return firstOutput;
    },
    ready,
    ended,
  };
}
