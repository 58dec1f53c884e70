import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A static page of an app, with the built names of what it loads. */
export interface BuiltPage {
  html: string;
  assets: { name: string; content: Buffer }[];
}

/**
 * Read `<folder>/<app>.html` and point each `./file` it names at the built file: `./index.ts` at the entry's module,
 * other files (style sheets, icons) at a copy whose name carries a hash. Undefined when the app has no page.
 */
export async function builtPage(folder: string, app: string, entry: string): Promise<BuiltPage | undefined> {
  const source = await readFile(join(folder, `${app}.html`), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (source === undefined) return undefined;
  const names = new Map([['index.ts', entry]]);
  const assets: BuiltPage['assets'] = [];
  for (const [, name] of source.matchAll(/"\.\/([\w.-]+)"/g)) {
    if (name === undefined || names.has(name)) continue;
    const content = await readFile(join(folder, name));
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
    const builtName = `${name.slice(0, -extname(name).length)}-${hash}${extname(name)}`;
    names.set(name, builtName);
    assets.push({ name: builtName, content });
  }
  const html = source.replace(/"\.\/([\w.-]+)"/g, (_, name: string) => `"/${app}/${names.get(name)}"`);
  return { html, assets };
}
