/** The oldest browsers the bundles run in (DESIGN §1), in esbuild's words. */
export const browserTargets = ['chrome80', 'safari16.4', 'firefox101'];
