/**
 * Builds what browsers load into `dist/`:
 *
 *   widget.js            the classic script a company embeds
 *   widget/              the customer's ES modules, with hashes in their names
 *   desk/ console/       the staff apps' modules;  desk.html  console.html  their pages
 *   manifest.json        what was built: entries, files, sizes
 *
 * Every file has a `.br` sibling. Files of older builds stay for 30 days, for pages that are still open. `node scripts/build.ts` builds always; `npm start` only when {@link buildIsStale}.
 */
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuiltFile, bundleModules, bundleScript } from './build/bundle.ts';
import { type FileSize, outputFolder } from './build/output-folder.ts';
import { builtPage } from './build/pages.ts';
import { newestChange } from './build/staleness.ts';

const root = join(import.meta.dirname, '..');
const sources = ['widget', 'adapters/contract', 'adapters/web/protocol.ts', 'channel-server/protocol', 'scripts/build'];

export interface Manifest {
  /** App → path of its entry module, under `dist/`. */
  entries: Record<string, string>;
  files: (FileSize & { imports: string[]; dynamicImports: string[] })[];
}

/** Whether `dist/` is missing, or older than a source of it. */
export async function buildIsStale(dist = join(root, 'dist')): Promise<boolean> {
  const built = await stat(join(dist, 'manifest.json')).then(
    (facts) => facts.mtimeMs,
    () => 0,
  );
  if (built === 0) return true;
  const isTest = (name: string) => name.endsWith('.test.ts') || name.endsWith('.story.ts');
  for (const path of [...sources, 'scripts/build.ts', 'package-lock.json']) {
    if ((await newestChange(join(root, path), isTest)) > built) return true;
  }
  return false;
}

/** Build everything; answers what was built. Throws with the first error or warning. */
export async function build(dist = join(root, 'dist')): Promise<Manifest> {
  const folder = outputFolder(dist);
  const previous = await builtBefore(dist);
  const manifest: Manifest = { entries: {}, files: [] };
  const write = async (path: string, file: BuiltFile) => {
    const inFolder = (name: string) => join(path, '..', name);
    manifest.files.push({
      ...(await folder.write(path, file.code)),
      imports: file.imports.map(inFolder),
      dynamicImports: file.dynamicImports.map(inFolder),
    });
  };
  for (const [app, source] of [
    ['widget', 'customer'],
    ['desk', 'desk'],
    ['console', 'console'],
  ] as const) {
    const entry = join(root, 'widget', source, 'index.ts');
    if (!existsSync(entry)) continue;
    const files = await bundleModules({ [app]: entry });
    for (const file of files) await write(`${app}/${file.name}`, file);
    const main = files.find((file) => file.entry)?.name ?? '';
    manifest.entries[app] = `${app}/${main}`;
    const page = await builtPage(join(root, 'widget', source), app, main);
    if (page === undefined) continue;
    await folder.write(`${app}.html`, page.html);
    for (const asset of page.assets) await folder.write(`${app}/${asset.name}`, asset.content);
  }
  const loader = await bundleScript(join(root, 'widget/loader/loader.ts'), {
    FOYER_WIDGET_MODULE: manifest.entries.widget ?? '',
  });
  await write('widget.js', loader);
  await folder.prune(['widget', 'desk', 'console'], previous);
  await writeFile(join(dist, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** Paths of the last build's files; none when there was none, or one that cannot be read. */
async function builtBefore(dist: string): Promise<string[]> {
  try {
    const { files } = JSON.parse(await readFile(join(dist, 'manifest.json'), 'utf8')) as Manifest;
    return files.map(({ path }) => path);
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

if (import.meta.main) {
  const started = performance.now();
  const { files } = await build();
  const kilobytes = files.reduce((sum, file) => sum + file.brotli, 0) / 1000;
  console.log(
    `Built ${files.length} files, ${kilobytes.toFixed(1)} kB brotli, in ${((performance.now() - started) / 1000).toFixed(1)} s.`,
  );
}
