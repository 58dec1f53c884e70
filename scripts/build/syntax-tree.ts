/** A node of the tree rollup parses (ESTree), as far as our plugins look. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** All nodes of some types, in no particular order. */
export function nodesIn(tree: unknown, ...types: string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next);
    else if (isNode(next)) {
      if (types.includes(next.type)) found.push(next);
      waiting.push(...Object.values(next));
    }
  }
  return found;
}
