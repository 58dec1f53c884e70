/**
 * Markdown as words: the marks go, what they said of structure stays (list dashes, link addresses, line breaks).
 * Linear in time: every pattern is bounded within one line.
 */
export function plainOfMarkdown(markdown: string): string {
  const lines: string[] = [];
  let fenced = false;
  for (const line of markdown.split('\n')) {
    if (/^\s{0,3}(```|~~~)/.test(line)) {
      fenced = !fenced;
      continue;
    }
    lines.push(fenced ? line : plainLine(line));
  }
  return lines.join('\n');
}

function plainLine(line: string): string {
  // Spans never cross a line; a line longer than this is no text somebody wrote with marks.
  if (line.length > 10_000) return line;
  return withoutMarks(line.replace(/^(\s{0,3})(#{1,6}\s+|>\s?)/, '$1').replace(/^(\s*)[*+]\s+/, '$1- '));
}

const spans: readonly [RegExp, (...groups: string[]) => string][] = [
  [/(?<!\\)!?\[([^\][]{0,500})\]\(([^()\s]{1,2000})\)/g, (_, words = '', url = '') => linked(words, url)],
  [/<(https?:\/\/[^<>\s]{1,2000})>/g, (_, url = '') => url],
  [/(?<!\\)(\*\*|__)(?=\S)([^*_]{1,1000}?\S|\S)\1/g, (_, _mark, words = '') => words],
  [/(?<![\w*\\])\*(?=\S)([^*]{1,1000})(?<!\\)\*(?![\w*])/g, (_, words = '') => words],
  [/(?<![\w\\])_(?=\S)([^_]{1,1000})(?<!\\)_(?!\w)/g, (_, words = '') => words],
  [/(?<!\\)~~([^~]{1,1000})~~/g, (_, words = '') => words],
];

function linked(words: string, url: string): string {
  const address = url.replace(/^mailto:|^tel:/, '');
  return words === '' || words === url || words === address ? address : `${words} (${address})`;
}

/** Code stays as it is; everything else loses its marks and its backslashes. */
function withoutMarks(line: string): string {
  return line
    .split(/(`[^`]{1,2000}`)/)
    .map((piece, index) => {
      if (index % 2 === 1) return piece.slice(1, -1);
      const plain = spans.reduce((text, [pattern, replace]) => text.replace(pattern, replace), piece);
      return plain.replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, '$1');
    })
    .join('');
}
