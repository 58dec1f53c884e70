import type { Plugin } from 'rollup';

/** Name of the Trusted Types policy a page must allow when it lists policies. */
export const policyName = 'foyer';

/** Rename lit's policy, so that a page which uses lit itself, or lists policies, does not clash with ours. */
export function trustedTypes(): Plugin {
  return {
    name: 'foyer-trusted-types',
    transform(code, id) {
      if (!/\/lit-html\/lit-html\.js$/.test(id)) return null;
      const renamed = code.replace(/createPolicy\((["'])lit-html\1/, `createPolicy("${policyName}"`);
      if (renamed === code) this.error('lit-html no longer names its Trusted Types policy as expected');
      return { code: renamed, map: null };
    },
  };
}
