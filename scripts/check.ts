import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, buildIsStale } from './build.ts';

/** Types, lint, imports and sizes; every check runs even when an earlier one fails, and the last line counts them. */
const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => resolve(root, 'node_modules/.bin', name);

const checks: [name: string, command: string, args: string[]][] = [
  ['types of server and demo', bin('tsc'), ['-p', '.']],
  ['types of tests and benches', bin('tsc'), ['-p', 'test']],
  ['types of the widget', bin('tsc'), ['-p', 'widget']],
  ['lint and format', bin('biome'), ['ci', '--error-on-warnings', '.']],
  ['import rules', bin('vitest'), ['run', '--project', 'unit', 'test/imports', '--reporter', 'dot']],
  ['custom elements manifest', process.execPath, ['scripts/custom-elements.ts', '--check']],
  ['channel table and pages', process.execPath, ['scripts/channel-docs.ts', '--check']],
  ['sizes', process.execPath, ['scripts/sizes.ts']],
];

if (!existsSync(resolve(root, 'dist')) || (await buildIsStale())) await build();

let failed = 0;
for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status !== 0) failed += 1;
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
