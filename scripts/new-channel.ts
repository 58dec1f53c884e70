/**
 * `npm run new:channel NAME`: a channel type to start from, which already passes the contract suite.
 * docs/adding-a-channel.md says how to go on.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { makeChannel } from './new-channel/make-channel.ts';

const root = resolve(import.meta.dirname, '..');

try {
  const [name] = process.argv.slice(2);
  const files = await makeChannel(root, name);
  // Lines broken for the new names, and the tables that have a row for each channel.
  const code = files.filter((file) => file.endsWith('.ts'));
  const biome = resolve(root, 'node_modules/.bin/biome');
  spawnSync(biome, ['check', '--write', ...code], { cwd: root, stdio: 'ignore' });
  spawnSync(process.execPath, ['scripts/channel-docs.ts'], { cwd: root, stdio: 'inherit' });
  console.log(`${[...files, 'README.md'].join('\n')}\n`);
  console.log(`It passes its tests (npx vitest run ${name}). How to go on: docs/adding-a-channel.md`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
