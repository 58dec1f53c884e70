/**
 * Writes `custom-elements.json` and `docs/elements.md` from the doc headers of the elements in `widget/`. With `--check`
 * nothing is written: it exits 1, naming each file that differs from what the sources give.
 */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readManifest } from './custom-elements/manifest.ts';
import { reference } from './custom-elements/reference.ts';

const root = resolve(import.meta.dirname, '..');

/** As the project's formatter has it, so that the lint check is content too. */
function formatted(path: string, text: string): string {
  const biome = resolve(root, 'node_modules/.bin/biome');
  const { status, stdout, stderr } = spawnSync(biome, ['format', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`biome could not format ${path}: ${stderr}`);
  return stdout;
}

const manifest = await readManifest(root);
const files = new Map([
  ['custom-elements.json', formatted('custom-elements.json', JSON.stringify(manifest, null, 2))],
  ['docs/elements.md', reference(manifest)],
]);

const check = process.argv.includes('--check');
for (const [path, text] of files) {
  const file = resolve(root, path);
  if (!check) {
    await writeFile(file, text);
    continue;
  }
  const committed = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (committed === text) continue;
  console.error(`${path} is not what the sources give: run node scripts/custom-elements.ts`);
  process.exitCode = 1;
}
