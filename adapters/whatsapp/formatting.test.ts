import { describe, expect, it } from 'vitest';
import { whatsappOfMarkdown } from './formatting.ts';

describe('markdown as WhatsApp shows it', () => {
  it.each([
    ['plain words', 'plain words'],
    ['**bold** and __bold__', '*bold* and *bold*'],
    ['*italic* and _italic_', '_italic_ and _italic_'],
    ['~~gone~~', '~gone~'],
    ['**bold** *italic* **bold**', '*bold* _italic_ *bold*'],
    ['`a * b * c`', '`a * b * c`'],
    ['```js\nconst a = **b**;\n```', '```\nconst a = **b**;\n```'],
    ['# Title', '*Title*'],
    ['## A **bold** title ##', '*A bold title*'],
    ['* one\n+ two\n- three', '- one\n- two\n- three'],
    ['[shop](https://shop.example)', 'shop (https://shop.example)'],
    ['<https://shop.example>', 'https://shop.example'],
    ['> quoted', '> quoted'],
    ['1\\. not a list, 2 \\* 3', '1. not a list, 2 * 3'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
  ])('%j becomes %j', (markdown, expected) => {
    expect(whatsappOfMarkdown(markdown)).toBe(expected);
  });

  it('takes bounded time for whatever marks', () => {
    const started = performance.now();
    for (const mark of ['*', '**', '_', '~~', '[', '](', '`', '\\', '* ', '#', '*a', '**a*'])
      whatsappOfMarkdown(mark.repeat(40_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
