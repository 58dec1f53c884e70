import { transform } from 'esbuild';
import type { Plugin } from 'rollup';
import { browserTargets } from './browser-targets.ts';
import { nodesIn, type SyntaxNode } from './syntax-tree.ts';

interface Tagged extends SyntaxNode {
  tag: SyntaxNode & { name?: string };
  quasi: SyntaxNode & { quasis: SyntaxNode[]; expressions: SyntaxNode[] };
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
      for (const { tag, quasi } of nodesIn(this.parse(code), 'TaggedTemplateExpression') as Tagged[]) {
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
