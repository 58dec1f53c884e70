const bold = '\u0001';

/** Bold first, so that its marks are not taken for two of italics. Bounded within one line. */
const spans: readonly [RegExp, string][] = [
  [/!?\[([^\][]{1,500})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)'],
  [/<(https?:\/\/[^<>\s]{1,2000})>/g, '$1'],
  [/(?<!\\)(\*\*|__)(?=\S)([^*_]{1,1000}?\S|\S)\1/g, `${bold}$2${bold}`],
  [/(?<![\w*\\])\*(?=\S)([^*]{1,1000})(?<![\s\\])\*(?![\w*])/g, '_$1_'],
  [/(?<!\\)~~([^~]{1,1000})~~/g, '~$1~'],
];

/**
 * Markdown as WhatsApp shows it: `*bold*`, `_italic_`, `~struck~` and code as it is; headings become bold, links their
 * words with the address. Linear in time.
 */
export function whatsappOfMarkdown(markdown: string): string {
  let fenced = false;
  return markdown
    .replaceAll(bold, '')
    .split('\n')
    .map((line) => {
      if (/^\s{0,3}```/.test(line)) {
        fenced = !fenced;
        return '```';
      }
      return fenced || line.length > 10_000 ? line : ofLine(line);
    })
    .join('\n');
}

function ofLine(line: string): string {
  const heading = /^\s{0,3}#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
  if (heading !== undefined) return `*${ofWords(heading).replaceAll('*', '')}*`;
  return ofWords(line.replace(/^(\s*)[*+]\s+/, '$1- '));
}

/** Code keeps its marks, which are WhatsApp's, too. */
function ofWords(words: string): string {
  return words
    .split(/(`[^`]{1,2000}`)/)
    .map((piece, index) => {
      if (index % 2 === 1) return piece;
      const marked = spans.reduce((text, [pattern, by]) => text.replace(pattern, by), piece);
      return marked.replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, '$1').replaceAll(bold, '*');
    })
    .join('');
}
