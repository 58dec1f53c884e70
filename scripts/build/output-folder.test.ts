import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outputFolder } from './output-folder.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-21T08:00:00Z');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'foyer-output-'));
  await mkdir(join(root, 'widget'));
});
afterEach(() => rm(root, { recursive: true }));

/** What an older build left, last written so many days ago. */
async function old(name: string, days: number): Promise<void> {
  for (const path of [join(root, 'widget', name), join(root, 'widget', `${name}.br`)]) {
    await writeFile(path, 'old');
    await utimes(path, (now - days * day) / 1000, (now - days * day) / 1000);
  }
}

const left = async () => (await readdir(join(root, 'widget'))).filter((name) => !name.endsWith('.br')).sort();

test('files of older builds stay for 30 days, with their packed siblings', async () => {
  await old('tus-recent.js', 29);
  await old('tus-ancient.js', 31);
  const folder = outputFolder(root, () => now);
  await folder.write('widget/tus-new.js', 'new');
  await folder.prune(['widget', 'desk']);
  expect(await readdir(join(root, 'widget')).then((names) => names.sort())).toEqual([
    'tus-new.js',
    'tus-new.js.br',
    'tus-recent.js',
    'tus-recent.js.br',
  ]);
});

test('files of the build just replaced stay for 30 days from now, however long it was in use', async () => {
  await old('tus-used.js', 90);
  await outputFolder(root, () => now).prune(['widget'], ['widget/tus-used.js', 'widget.js']);
  expect(await left()).toEqual(['tus-used.js']);
  await outputFolder(root, () => now + 29 * day).prune(['widget'], []);
  expect(await left()).toEqual(['tus-used.js']);
  await outputFolder(root, () => now + 31 * day).prune(['widget'], []);
  expect(await left()).toEqual([]);
});

test('sizes are those of the files written now, not of those kept', async () => {
  await old('tus-recent.js', 1);
  const folder = outputFolder(root, () => now);
  await folder.write('widget/tus-new.js', 'new');
  await folder.prune(['widget']);
  expect(folder.sizes.map(({ path }) => path)).toEqual(['widget/tus-new.js']);
});
