import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ChannelNames, namesOf } from './names.ts';

/**
 * Make a channel type from the example in the project at `root`: its folder, its registration in the contract suite, its
 * page, its line in the registry and its place in the import rules. Answers the files written or changed, relative to
 * `root`. Throws, before anything is written, when one of them is there already or cannot be changed.
 */
export async function makeChannel(root: string, type: string | undefined): Promise<string[]> {
  const names = namesOf(type);
  const read = (file: string) => readFile(join(root, file), 'utf8');
  const written = new Map<string, string>();

  const example = await readdir(join(root, 'adapters/example'), { recursive: true, withFileTypes: true });
  for (const entry of example) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name).slice(join(root, 'adapters/example').length + 1);
    const source = await read(`adapters/example/${file}`);
    written.set(`adapters/${names.type}/${file}`, file.endsWith('.md') ? readmeOf(names) : renamed(source, names));
  }
  written.set(
    `test/contracts/adapter/${names.type}.test.ts`,
    renamed(await read('test/contracts/adapter/example.test.ts'), names).replaceAll(
      'adapters/example/',
      `adapters/${names.type}/`,
    ),
  );
  written.set(`docs/channels/${names.type}.md`, pageOf(names));
  for (const file of written.keys()) {
    if (existsSync(join(root, file))) throw new Error(`${file} is there already: nothing was changed.`);
  }

  written.set('adapters/index.ts', withLine(await read('adapters/index.ts'), names));
  written.set('test/imports/rules.ts', withRule(await read('test/imports/rules.ts'), names));
  for (const [file, text] of written) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return [...written.keys()];
}

/** The example's code under the new names. The header names of its wire format are yours to choose. */
function renamed(source: string, { type, constant, pascal, title }: ChannelNames): string {
  return source
    .replaceAll('WebhookSettings', `${pascal}Settings`)
    .replaceAll(/\bexample\b(?!['/.])/g, constant)
    .replaceAll("type: 'webhook'", `type: '${type}'`)
    .replaceAll(/(['`])webhook:/g, `$1${type}:`)
    .replaceAll("title: 'Webhook (your own system)'", `title: '${title}'`)
    .replaceAll("title: 'Webhook'", `title: '${title}'`);
}

/** The registry with one line more, in the order of the folders. */
function withLine(registry: string, { type, constant }: ChannelNames): string {
  const line = `export { ${constant} } from './${type}/index.ts';`;
  const lines = registry.trimEnd().split('\n');
  const isExport = (one: string) => one.startsWith('export { ');
  const first = lines.findIndex(isExport);
  if (first === -1) throw new Error('adapters/index.ts has no lines of channel types to put another beside.');
  const folder = (one: string) => /from '\.\/([^/]+)\//.exec(one)?.[1] ?? '';
  const later = lines.findIndex((one) => isExport(one) && folder(one) > type);
  lines.splice(later === -1 ? lines.length : later, 0, line);
  return `${lines.join('\n')}\n`;
}

/** The import rules with the new folder among those of channels. */
function withRule(rules: string, { type }: ChannelNames): string {
  const changed = rules.replace(/(\.\.\.adapterFolders\(\[[^\]]*?)(,?\s*\]\))/, `$1, '${type}'$2`);
  if (changed === rules) throw new Error('test/imports/rules.ts has no list of adapterFolders to add the folder to.');
  return changed;
}

function readmeOf({ type, title }: ChannelNames): string {
  return `# ${type}

${title}. For whoever sets one up: [\`docs/channels/${type}.md\`](../../docs/channels/${type}.md).

| file | holds |
|---|---|
| \`config.ts\` | settings |
| \`platform.ts\` | the platform's limits and messages; what the conversation's address holds |
| \`webhook.ts\` | the proof that a request is the platform's |
| \`decode.ts\` | its events, as activities |
| \`encode.ts\` | our messages, as its requests |
| \`client.ts\` | the only file that calls it, and what its errors mean |
| \`fixtures/\` | every kind of event, with what it becomes |
`;
}

function pageOf({ type, title }: ChannelNames): string {
  return `# ${title}

## Set up

1. In the console, or in the declared file, make a channel of type \`${type}\`.
2. Copy its webhook address to where the platform asks for it.
3. Press *Test connection*.

## Limits

<!-- limits: written by scripts/channel-docs.ts -->
<!-- /limits -->

## Troubleshooting

| what you see | why, and what to do |
|---|---|
| Requests are answered with 401 | The secret here and at the platform must be the same. |
`;
}
