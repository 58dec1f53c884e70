import { transform } from 'esbuild';
import type { Plugin } from 'rollup';
import { browserTargets, supported } from './browser-targets.ts';

/** TypeScript to plain modules for each file, then one last minification of each finished chunk. */
export function typescript(options: { minify: boolean }): Plugin {
  return {
    name: 'foyer-typescript',
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const result = await transform(code, {
        loader: 'ts',
        charset: 'utf8',
        // Newer syntax is lowered once, at the end.
        target: 'esnext',
        sourcefile: id,
        sourcemap: true,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      });
      return { code: result.code, map: result.map };
    },
    async renderChunk(code, _chunk, output) {
      const result = await transform(code, {
        loader: 'js',
        charset: 'utf8',
        target: browserTargets,
        supported,
        format: output.format === 'es' ? 'esm' : 'iife',
        minify: options.minify,
        legalComments: 'none',
        sourcemap: true,
      });
      return { code: result.code.trimEnd(), map: result.map };
    },
  };
}
