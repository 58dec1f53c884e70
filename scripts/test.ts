import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { findChromium } from '../test/support/chromium.ts';
import { findPostgres } from '../test/support/postgres.ts';
import { build, buildIsStale } from './build.ts';

/** `npm test [-- vitest's arguments]`: first what the machine must have, then every suite. */
const root = resolve(import.meta.dirname, '..');
findChromium();
findPostgres();
if (await buildIsStale()) await build();

const { status } = spawnSync(resolve(root, 'node_modules/.bin/vitest'), ['run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
