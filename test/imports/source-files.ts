import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { init, parse } from 'es-module-lexer';

export interface ImportEdge {
  from: string;
  /** A project file (relative to the root) or a package's name. */
  to: string;
  isPackage: boolean;
  typeOnly: boolean;
}

const root = resolve(import.meta.dirname, '../..');
const sourceFolders = ['adapters', 'channel-server', 'widget', 'demo', 'bench', 'scripts', 'test'];

/** Every TypeScript and JavaScript source file of the project, relative to its root. */
export function sourceFiles(): string[] {
  return sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name) && !/\.d\.ts$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((file) => !file.includes('/fixtures/') && !file.includes('node_modules')),
  );
}

/** The imports and re-exports of one file; `import type` is marked. */
export async function importsOf(file: string): Promise<ImportEdge[]> {
  await init;
  const [imports] = parse(readFileSync(join(root, file), 'utf8'));
  return imports.flatMap((found) => {
    if (!('specifier' in found) || typeof found.specifier !== 'string') return [];
    return edge(file, found.specifier, 'typeOnly' in found && found.typeOnly);
  });
}

function edge(file: string, specifier: string, typeOnly: boolean): ImportEdge {
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/');
    const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
    return { from: file, to: name, isPackage: true, typeOnly };
  }
  return { from: file, to: relative(root, resolve(root, dirname(file), specifier)), isPackage: false, typeOnly };
}
