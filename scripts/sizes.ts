/**
 * What the widget weighs, in brotli bytes, against its budget: page load at most 3 kB in one request, first open (all
 * modules with their styles and English) at most 40 kB. Builds when the build is stale; exits 1 when over.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, buildIsStale, type Manifest } from './build.ts';

/** Bytes. */
export const budget = { load: 3_000, open: 40_000 };

export interface Weights {
  load: Manifest['files'];
  open: Manifest['files'];
  lazy: Manifest['files'];
}

/** Sort the widget's files by when a visitor's browser fetches them. */
export function weigh({ entries, files }: Manifest): Weights {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const open = new Set<Manifest['files'][number]>();
  const take = (path: string | undefined) => {
    const file = path === undefined ? undefined : byPath.get(path);
    if (file === undefined || open.has(file)) return;
    open.add(file);
    file.imports.forEach(take);
  };
  take(entries.widget);
  const inWidget = files.filter(({ path }) => path.startsWith('widget/'));
  return {
    load: files.filter(({ path }) => path === 'widget.js'),
    open: [...open],
    lazy: inWidget.filter((file) => !open.has(file)),
  };
}

if (import.meta.main) {
  const dist = join(import.meta.dirname, '../dist');
  if (await buildIsStale(dist)) await build(dist);
  const weights = weigh(JSON.parse(await readFile(join(dist, 'manifest.json'), 'utf8')) as Manifest);
  const sum = (files: Manifest['files']) => files.reduce((total, { brotli }) => total + brotli, 0);
  const row = (name: string, brotli: number, limit = '') =>
    console.log(`${name.padEnd(44)}${String(brotli).padStart(8)}${limit.padStart(10)}`);
  console.log(`${'brotli bytes'.padEnd(52)}${'limit'.padStart(10)}`);
  let over = false;
  for (const [name, files, limit] of [
    ['page load', weights.load, budget.load],
    ['first open', weights.open, budget.open],
    ['only when wanted', weights.lazy, undefined],
  ] as const) {
    row(name, sum(files), limit === undefined ? '' : String(limit));
    for (const file of files) row(`  ${file.path}`, file.brotli);
    over ||= limit !== undefined && sum(files) > limit;
  }
  if (weights.load.length !== 1) {
    console.error('Page load must be one file.');
    over = true;
  }
  if (over) {
    console.error('The widget is over its budget.');
    process.exitCode = 1;
  }
}
