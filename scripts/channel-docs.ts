/**
 * Writes the README's channel table, and the limits on each channel's page in `docs/channels/`, from the adapters'
 * capabilities. With `--check` nothing is written: it exits 1, naming each file that differs, or a page that lacks.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Adapter } from '../adapters/contract/index.ts';
import * as registry from '../adapters/index.ts';
import { columns, facts } from './channel-docs/words.ts';

const root = resolve(import.meta.dirname, '..');

interface Variant {
  type: string;
  title: string;
  experimental: boolean;
  capabilities: ReturnType<Adapter['capabilities']>;
}

/** One row a variant: what differs by settings is told apart. */
function variantsOf(adapter: Adapter): Variant[] {
  const { type, title, variants } = adapter;
  const given = variants ?? [{ title, settings: adapter.settings.parse({}) }];
  return given.map((variant) => ({
    type,
    title: variant.title,
    experimental: variant.experimental === true,
    capabilities: adapter.capabilities(variant.settings),
  }));
}

function table(rows: readonly Variant[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['channel', ...columns.map(([title]) => title)]),
    `|${'---|'.repeat(columns.length + 1)}`,
    ...rows.map(({ type, title, experimental, capabilities }) =>
      line([
        `[${title}](docs/channels/${type}.md)${experimental ? ' (experimental)' : ''}`,
        ...columns.map(([, words]) => words(capabilities)),
      ]),
    ),
  ].join('\n');
}

function limits(rows: readonly Variant[]): string {
  const titles = rows.map(({ title, experimental }) => `${title}${experimental ? ' (experimental)' : ''}`);
  return [
    `| | ${titles.join(' | ')} |`,
    `|${'---|'.repeat(rows.length + 1)}`,
    ...facts.map(([name, words]) => `| ${name} | ${rows.map(({ capabilities }) => words(capabilities)).join(' | ')} |`),
  ].join('\n');
}

/** Puts `text` between the marks of that name. */
function between(file: string, whole: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: written by scripts/channel-docs.ts -->`, `<!-- /${name} -->`];
  const from = whole.indexOf(begin);
  const to = whole.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks "${begin}" and "${end}" around it.`);
  return `${whole.slice(0, from + begin.length)}\n${text}\n${whole.slice(to)}`;
}

const adapters = Object.values(registry) as Adapter[];
const wanted = new Map<string, (whole: string, file: string) => string>([
  ['README.md', (whole, file) => between(file, whole, 'channels', table(adapters.flatMap(variantsOf)))],
  ...adapters.map((adapter): [string, (whole: string, file: string) => string] => [
    `docs/channels/${adapter.type}.md`,
    (whole, file) => between(file, whole, 'limits', limits(variantsOf(adapter))),
  ]),
]);

let wrong = 0;
for (const [path, make] of wanted) {
  const file = resolve(root, path);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === undefined) {
    console.error(`${path} is missing: every channel type has its page.`);
    wrong += 1;
    continue;
  }
  const after = make(before, path);
  if (after === before) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} differs from the capabilities: run node scripts/channel-docs.ts`);
    wrong += 1;
  } else await writeFile(file, after);
}
process.exitCode = wrong === 0 ? 0 : 1;
