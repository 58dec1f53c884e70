/** A custom property of the theme: its default in the light appearance, and what it is for. */
export interface Token {
  name: string;
  default: string;
  description: string;
}

/** Read `--foyer-…: value;` and the comment before it from the first `:host` rule of `theme/tokens.styles.ts`. */
export function readTokens(source: string): Token[] {
  const rule = /:host \{([^}]*)\}/.exec(source)?.[1] ?? '';
  const declared = /(?:\/\*\s*((?:[^*]|\*(?!\/))*?)\s*\*\/\s*)?(--foyer-[a-z-]+):\s*([^;]+);/g;
  return [...rule.matchAll(declared)].map(([, description = '', name = '', value = '']) => ({
    name,
    default: value.replace(/\s+/g, ' '),
    description,
  }));
}
