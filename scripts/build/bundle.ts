import { nodeResolve } from '@rollup/plugin-node-resolve';
import { type LogHandlerWithDefault, type OutputChunk, type Plugin, rollup } from 'rollup';
import { minifyTemplates } from './minify-templates.ts';
import { plainPrivateNames } from './plain-private-names.ts';
import { slimLocalize } from './slim-localize.ts';
import { slimSocketIo } from './slim-socket-io.ts';
import { trustedTypes } from './trusted-types.ts';
import { typescript } from './typescript.ts';

export interface BuiltFile {
  /** File name inside its folder. */
  name: string;
  code: string;
  /** The entry itself, not a chunk of it. */
  entry: boolean;
  /** File names this one loads by itself, and those it loads only when wanted. */
  imports: string[];
  dynamicImports: string[];
}

function plugins(minify: boolean, extra: Plugin[]): Plugin[] {
  return [
    ...extra,
    slimSocketIo(),
    slimLocalize(),
    nodeResolve({ browser: true, exportConditions: ['browser', 'production'] }),
    typescript({ minify }),
    plainPrivateNames(),
    ...(minify ? [minifyTemplates()] : []),
    trustedTypes(),
  ];
}

const built = (chunk: OutputChunk): BuiltFile => ({
  name: chunk.fileName,
  code: chunk.code,
  entry: chunk.isEntry,
  imports: chunk.imports,
  dynamicImports: chunk.dynamicImports,
});

/** Bundle one entry to ES modules; every name but an entry's own alias carries a hash of its content. */
export async function bundleModules(
  input: Record<string, string>,
  options: { minify?: boolean; plugins?: Plugin[] } = {},
): Promise<BuiltFile[]> {
  const bundle = await rollup({
    input,
    plugins: plugins(options.minify ?? true, options.plugins ?? []),
    onLog,
    // Nothing is imported from an entry by name: one file less to wait for.
    preserveEntrySignatures: false,
  });
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    hoistTransitiveImports: false,
  });
  await bundle.close();
  return output.flatMap((file) => (file.type === 'chunk' ? [built(file)] : []));
}

/**
 * Bundle one entry to a classic script. `constants` replace free names, e.g. the address of the module to load.
 * `import()` of such a name is left to the browser.
 */
export async function bundleScript(entry: string, constants: Record<string, string>): Promise<BuiltFile> {
  const bundle = await rollup({ input: entry, plugins: plugins(true, [define(constants)]), onLog });
  const { output } = await bundle.generate({ format: 'iife', entryFileNames: '[name].js', inlineDynamicImports: true });
  await bundle.close();
  return built(output[0]);
}

function define(constants: Record<string, string>): Plugin {
  return {
    name: 'foyer-define',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      let result = code;
      for (const [name, value] of Object.entries(constants)) {
        result = result.replaceAll(new RegExp(`\\b${name}\\b(?!\\s*:)`, 'g'), JSON.stringify(value));
      }
      return { code: result, map: null };
    },
  };
}

/** A warning of the bundler is an error of ours. */
const onLog: LogHandlerWithDefault = (level, log) => {
  if (level === 'warn') throw new Error(typeof log === 'string' ? log : log.message);
};
