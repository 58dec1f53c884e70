import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const pinning = spawnSync('taskset', ['--version']).status === 0;

/** A child on one core (where the machine can pin), speaking over IPC. */
export interface Worker {
  /** The first message that answers `ask`. */
  ask<T>(message: object): Promise<T>;
  /** The first message the child sends by itself. */
  ready: Promise<{ port: number } & Record<string, unknown>>;
  stop(): Promise<void>;
}

export function startWorker(script: string, core: 0 | 1, env: Record<string, string> = {}): Worker {
  const child: ChildProcess = fork(resolve(root, script), {
    cwd: root,
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  if (pinning && child.pid !== undefined) spawnSync('taskset', ['-a', '-cp', String(core), String(child.pid)]);
  const next = () =>
    new Promise<never>((done, fail) => {
      child.once('message', (message) => done(message as never));
      child.once('exit', (code) => fail(new Error(`${script} ended with ${code}`)));
    });
  const ready = next();
  return {
    ready,
    async ask(message) {
      const answer = next();
      child.send(message);
      return answer;
    },
    stop() {
      if (child.exitCode !== null) return Promise.resolve();
      return new Promise((done) => {
        const overdue = setTimeout(() => child.kill('SIGKILL'), 5_000);
        child.removeAllListeners('exit');
        child.once('exit', () => {
          clearTimeout(overdue);
          done();
        });
        child.kill('SIGTERM');
      });
    },
  };
}

/** Middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Value below which `share` (0–1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
