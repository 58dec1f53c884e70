import { transform } from 'esbuild';
import type { Plugin } from 'rollup';
import { browserTargets } from './browser-targets.ts';

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

interface Tagged extends Node {
  tag: Node & { name?: string };
  quasi: Node & { quasis: Node[]; expressions: Node[] };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function taggedTemplates(node: Node, found: Tagged[]): Tagged[] {
  if (node.type === 'TaggedTemplateExpression') found.push(node as Tagged);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) isNode(item) && taggedTemplates(item, found);
    else if (isNode(value)) taggedTemplates(value, found);
  }
  return found;
}

/** Line breaks with their indentation vanish beside a tag or an expression, and become one space elsewhere. */
function squeeze(text: string): string {
  return text
    .replace(/<!--(?!\?)[\s\S]*?-->/g, '')
    .replace(/>\s*\n\s*/g, '>')
    .replace(/\s*\n\s*</g, '<')
    .replace(/^\s*\n\s*$/, '')
    .replace(/\s*\n\s*/g, ' ');
}

/** Shorten lit's `html`, `svg` and `css` templates. A `css` template with expressions is refused: keep them apart. */
export function minifyTemplates(): Plugin {
  return {
    name: 'foyer-minify-templates',
    async transform(code, id) {
      if (!id.endsWith('.ts') || !/\b(?:html|svg|css)`/.test(code)) return null;
      const edits: { start: number; end: number; text: string }[] = [];
      for (const { tag, quasi } of taggedTemplates(this.parse(code) as unknown as Node, [])) {
        if (tag.name === 'html' || tag.name === 'svg') {
          for (const { start, end } of quasi.quasis) edits.push({ start, end, text: squeeze(code.slice(start, end)) });
        } else if (tag.name === 'css') {
          const [only] = quasi.quasis;
          if (only === undefined || quasi.expressions.length > 0) {
            this.error(`css templates must have no expressions (${id})`);
          }
          const { code: css } = await transform(code.slice(only.start, only.end), {
            loader: 'css',
            minify: true,
            charset: 'utf8',
            target: browserTargets,
          });
          edits.push({ start: only.start, end: only.end, text: css.trim() });
        }
      }
      let result = code;
      for (const edit of edits.sort((a, b) => b.start - a.start)) {
        result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
      }
      return { code: result, map: null };
    },
  };
}
