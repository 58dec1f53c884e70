/** The oldest browsers the bundles run in (DESIGN §1), in esbuild's words. */
export const browserTargets = ['chrome80', 'safari16.4', 'firefox101'];

/**
 * What Chrome 80 has though esbuild's table says later: its `?.` differs from the standard only where a spread
 * argument follows it, which nothing here does.
 */
export const supported = { 'optional-chain': true };
