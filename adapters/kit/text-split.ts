import type { Limit } from '../contract/index.ts';

type Unit = Limit['unit'];

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a code point alone may take, so that cutting always gets on. */
const least: Record<Unit, number> = { bytes: 4, utf16: 2, graphemes: 1 };

/** The length of a text in UTF-8 bytes, UTF-16 code units, or characters as people count them. */
export function measure(text: string, unit: Unit): number {
  if (unit === 'utf16') return text.length;
  if (unit === 'bytes') return Buffer.byteLength(text);
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

/** Whether a text keeps a limit. */
export function fits(text: string, limit: Limit): boolean {
  // No grapheme is shorter than a code unit, none of whose UTF-8 takes more than three bytes.
  if (limit.unit === 'bytes' ? text.length * 3 <= limit.max : text.length <= limit.max) return true;
  return measure(text, limit.unit) <= limit.max;
}

/**
 * A text in pieces that keep the limit, cut where a line ends, else between words, else between characters; a single
 * character larger than the limit is cut at its code points. Joined, the pieces are the text but for the white space
 * at the cuts. No piece is blank: a blank text that is too long has none. Throws RangeError when the limit is
 * smaller than one code point may be (4 bytes, 2 code units).
 */
export function splitText(text: string, limit: Limit): string[] {
  if (limit.max < least[limit.unit]) throw new RangeError(`a limit of ${limit.max} ${limit.unit} holds no character`);
  if (fits(text, limit)) return [text];
  const units = [...unitsOf(text, limit)];
  const pieces: string[] = [];
  let start = 0;
  while (start < units.length) {
    const end = reach(units, start, limit);
    const cut = end === units.length ? end : cutBetween(units, start, end);
    const piece = units.slice(start, cut).join('');
    const kept = cut === units.length ? piece : piece.trimEnd();
    if (kept.trim() !== '') pieces.push(kept);
    start = cut;
    while (start < units.length && isSpace(units[start])) start += 1;
  }
  return pieces;
}

const isSpace = (unit: string | undefined) => unit !== undefined && unit.trim() === '';
const endsLine = (unit: string | undefined) => unit !== undefined && /[\n\u2028\u2029]/.test(unit);
/** After white space, and after the marks behind which Chinese and Japanese go on without one. */
const endsWord = (unit: string | undefined) => isSpace(unit) || /[。！？；，、]$/.test(unit ?? '');

/** How far a piece that begins at `start` may go. */
function reach(units: readonly string[], start: number, limit: Limit): number {
  let size = 0;
  for (let at = start; at < units.length; at += 1) {
    size += limit.unit === 'graphemes' ? 1 : measure(units[at] ?? '', limit.unit);
    if (size > limit.max) return at;
  }
  return units.length;
}

/** A line's end if that leaves a piece worth sending, else a word's, else as far as it goes. */
function cutBetween(units: readonly string[], start: number, end: number): number {
  // White space that follows goes with the cut, so a piece may end just before it.
  if (isSpace(units[end])) return end;
  let word = 0;
  for (let at = end; at > start; at -= 1) {
    const before = units[at - 1];
    if (at - start >= (end - start) / 2 && endsLine(before)) return at;
    if (word === 0 && endsWord(before)) word = at;
  }
  return word || end;
}

function* unitsOf(text: string, limit: Limit): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) {
    if (limit.unit !== 'graphemes' && measure(segment, limit.unit) > limit.max) yield* segment;
    else yield segment;
  }
}

/** A text that keeps the limit, ending in `…` where something was left out. Whole characters only. */
export function clip(text: string, limit: Limit): string {
  if (fits(text, limit)) return text;
  const room = limit.max - measure('…', limit.unit);
  let kept = '';
  let size = 0;
  for (const { segment } of segmenter.segment(text)) {
    const width = limit.unit === 'graphemes' ? 1 : measure(segment, limit.unit);
    if (size + width > room) break;
    kept += segment;
    size += width;
  }
  return room < 0 ? '' : `${kept.trimEnd()}…`;
}
