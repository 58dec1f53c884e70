import { transform } from 'esbuild';
import type { Plugin } from 'rollup';
import { browserTargets } from './browser-targets.ts';

/** TypeScript to plain modules for each file, then one last minification of each finished chunk. */
export function typescript(options: { minify: boolean }): Plugin {
  return {
    name: 'foyer-typescript',
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const result = await transform(code, {
        loader: 'ts',
        charset: 'utf8',
        target: browserTargets,
        sourcefile: id,
        sourcemap: true,
        tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, verbatimModuleSyntax: true } },
      });
      return { code: result.code, map: result.map };
    },
    async renderChunk(code, _chunk, output) {
      if (!options.minify) return null;
      const result = await transform(code, {
        loader: 'js',
        charset: 'utf8',
        target: browserTargets,
        format: output.format === 'es' ? 'esm' : 'iife',
        minify: true,
        legalComments: 'none',
        sourcemap: true,
      });
      return { code: result.code.trimEnd(), map: result.map };
    },
  };
}
