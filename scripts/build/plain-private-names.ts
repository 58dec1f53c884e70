import type { Plugin } from 'rollup';
import { nodesIn } from './syntax-tree.ts';

/**
 * `#name` becomes `_name` in what browsers load: our oldest browsers lack private methods, and what a compiler puts
 * in their place (a WeakSet each, a call for each use) weighs more than the widget's own code. Privacy is checked by
 * the type checker. A class and the class it extends must not use one private name both.
 */
export function plainPrivateNames(): Plugin {
  return {
    name: 'foyer-plain-private-names',
    transform(code, id) {
      if (!id.endsWith('.ts') || !code.includes('#')) return null;
      const found = nodesIn(this.parse(code), 'PrivateIdentifier', 'BinaryExpression');
      let result = code;
      for (const node of found.sort((a, b) => b.start - a.start)) {
        if (node.type === 'PrivateIdentifier')
          result = `${result.slice(0, node.start)}_${result.slice(node.start + 1)}`;
        else if (node.operator === 'in' && code[node.start] === '#')
          this.error(`"#name in object" is not built (${id})`);
      }
      return { code: result, map: null };
    },
  };
}
