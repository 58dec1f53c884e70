import { describe, expect, it } from 'vitest';
import { plainOfMarkdown } from './markdown.ts';

describe('markdown as words', () => {
  it.each([
    ['**bold** and *slanted* and __both__ and _that_', 'bold and slanted and both and that'],
    ['# Title\n\n> quoted\n* one\n+ two\n1. three', 'Title\n\nquoted\n- one\n- two\n1. three'],
    ['see [the page](https://shop.example/a_b_c) now', 'see the page (https://shop.example/a_b_c) now'],
    [
      '[https://a.example](https://a.example) <https://b.example> [Mail](mailto:a@b.example)',
      'https://a.example https://b.example Mail (a@b.example)',
    ],
    ['run `npm ci **now**`', 'run npm ci **now**'],
    ['```js\nconst a = b * c * d;\n```\nafter', 'const a = b * c * d;\nafter'],
    ['~~old~~ new, 2 * 3 * 4 = 24, snake_case_name', 'old new, 2 * 3 * 4 = 24, snake_case_name'],
    ['\\*not slanted\\* 5\\. June', '*not slanted* 5. June'],
    ['plain words', 'plain words'],
  ])('of %j', (markdown, plain) => {
    expect(plainOfMarkdown(markdown)).toBe(plain);
  });

  it('takes bounded time for marks that never close', () => {
    const started = performance.now();
    for (const mark of ['**a', '[a](', '_a ', '`', '![', '~~a']) plainOfMarkdown(mark.repeat(3_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
