import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, fits, measure, splitText } from './text-split.ts';

const family = '👨‍👩‍👧‍👦';

describe('the length of a text', () => {
  it.each([
    ['abc', 3, 3, 3],
    ['é', 2, 1, 1],
    ['e\u0301', 3, 2, 1],
    ['世界', 6, 2, 2],
    ['🍎', 4, 2, 1],
    [family, 25, 11, 1],
    ['🇩🇪🇯🇵', 16, 8, 2],
    ['', 0, 0, 0],
  ])('of %j is %i bytes, %i code units, %i characters', (text, bytes, utf16, graphemes) => {
    expect([measure(text, 'bytes'), measure(text, 'utf16'), measure(text, 'graphemes')]).toEqual([
      bytes,
      utf16,
      graphemes,
    ]);
  });
});

describe('splitting', () => {
  it('leaves what fits as it is', () => {
    expect(splitText('  as it is \n', { max: 12, unit: 'utf16' })).toEqual(['  as it is \n']);
    expect(splitText('', { max: 5, unit: 'bytes' })).toEqual(['']);
  });

  it('cuts at lines before words, and at words before characters', () => {
    expect(splitText('one two\nthree four', { max: 12, unit: 'utf16' })).toEqual(['one two', 'three four']);
    expect(splitText('a\nbbbb cccc dddd', { max: 12, unit: 'utf16' })).toEqual(['a\nbbbb cccc', 'dddd']);
    expect(splitText('aaaa bbbb cccc', { max: 9, unit: 'utf16' })).toEqual(['aaaa bbbb', 'cccc']);
    expect(splitText('a bbbbbbbbbbbb', { max: 5, unit: 'utf16' })).toEqual(['a', 'bbbbb', 'bbbbb', 'bb']);
    expect(splitText('你好。再见再见', { max: 15, unit: 'bytes' })).toEqual(['你好。', '再见再见']);
  });

  it('never cuts inside a character, unless that one alone is too large', () => {
    expect(splitText(`ab${family}cd`, { max: 12, unit: 'utf16' })).toEqual(['ab', `${family}c`, 'd']);
    const cut = splitText(`ab${family}`, { max: 8, unit: 'utf16' });
    expect(cut.join('')).toBe(`ab${family}`);
    expect(cut.every((piece) => piece.isWellFormed())).toBe(true);
  });

  it('keeps indentation at the beginning and drops white space only at cuts', () => {
    expect(splitText('  aaaa    bbbb  ', { max: 8, unit: 'utf16' })).toEqual(['  aaaa', 'bbbb  ']);
    expect(splitText(' '.repeat(20), { max: 8, unit: 'utf16' })).toEqual([]);
  });

  it('refuses a limit that holds no character', () => {
    expect(() => splitText('🍎🍎', { max: 3, unit: 'bytes' })).toThrow(RangeError);
    expect(() => splitText('ab', { max: 0, unit: 'graphemes' })).toThrow(RangeError);
  });

  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(fc.constantFrom('word ', '世界', '。', family, '🍎', '\n', ' ', 'e\u0301', '🇩🇪', 'x'), { maxLength: 200 })
      .map((words) => words.join('')),
  );
  const limits = fc.record({
    max: fc.integer({ min: 4, max: 60 }),
    unit: fc.constantFrom('bytes' as const, 'utf16' as const, 'graphemes' as const),
  });

  it('loses nothing but white space, and every piece keeps the limit and says something', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        const pieces = splitText(text, limit);
        expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const piece of pieces) expect(measure(piece, limit.unit)).toBeLessThanOrEqual(limit.max);
        if (!fits(text, limit)) for (const piece of pieces) expect(piece.trim()).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('takes linear time for long texts without a place to cut', () => {
    const started = performance.now();
    expect(splitText(`a ${'b'.repeat(200_000)}`, { max: 2_048, unit: 'bytes' })).toHaveLength(99);
    expect(splitText('e\u0301\u0301\u0301'.repeat(30_000), { max: 2_048, unit: 'graphemes' })).toHaveLength(15);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('clipping', () => {
  it('ends in an ellipsis where something is missing, on whole characters', () => {
    expect(clip('short', { max: 5, unit: 'utf16' })).toBe('short');
    expect(clip('longer', { max: 5, unit: 'utf16' })).toBe('long…');
    expect(clip('four words', { max: 6, unit: 'utf16' })).toBe('four…');
    expect(clip(`ab${family}cd`, { max: 6, unit: 'utf16' })).toBe('ab…');
    expect(clip('世界世界', { max: 9, unit: 'bytes' })).toBe('世界…');
    expect(clip('abc', { max: 2, unit: 'bytes' })).toBe('');
  });

  it('keeps every limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, max) => {
        for (const unit of ['bytes', 'utf16', 'graphemes'] as const) {
          expect(measure(clip(text, { max, unit }), unit)).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
