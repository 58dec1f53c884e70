// The analyzer publishes the types of its plugins only; these are the functions used here.

declare module '@custom-elements-manifest/analyzer/index.js' {
  import type { AnalyzePhaseParams, Plugin } from '@custom-elements-manifest/analyzer';

  /** Its own, older TypeScript: the project's has no API for programs. */
  export const ts: AnalyzePhaseParams['ts'];
  export function create(options: {
    modules: ReturnType<AnalyzePhaseParams['ts']['createSourceFile']>[];
    plugins?: Plugin[];
  }): import('./schema.ts').Manifest;
}

declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  import type { Plugin } from '@custom-elements-manifest/analyzer';

  export function litPlugin(): Plugin[];
}
