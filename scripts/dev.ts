import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** `npm run dev`: start, and start again whenever a source changes (browser bundles are rebuilt on the way). */
const watched = ['adapters', 'channel-server', 'widget', 'demo'].map((folder) => `--watch-path=${folder}`);
const child = spawn(process.execPath, [...watched, '--watch-preserve-output', 'scripts/start.ts'], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});
