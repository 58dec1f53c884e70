import type { Capabilities, Limit } from '../../client/desk-protocol.ts';

let characters: Intl.Segmenter | undefined;

/** The length of a text as a channel counts it: UTF-8 bytes, UTF-16 code units, or characters as people count them. */
export function sizeOf(text: string, unit: Limit['unit']): number {
  if (unit === 'utf16') return text.length;
  if (unit === 'bytes') return new TextEncoder().encode(text).length;
  characters ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let count = 0;
  for (const _ of characters.segment(text)) count += 1;
  return count;
}

export interface TextSize {
  used: number;
  max: number;
  unit: Limit['unit'];
  over: boolean;
  /** The channel takes no text of this length, in however many messages. */
  refused: boolean;
}

/** From this share of the limit on, an agent is told of it. */
const worthTelling = 0.5;

/** How much of a channel's message a text takes; undefined while that is of no interest. */
export function textSize(text: string, { text: { max, unit }, splits }: Capabilities): TextSize | undefined {
  // No unit counts more than three for a UTF-16 code unit.
  if (text.length * 3 < max * worthTelling) return undefined;
  const used = sizeOf(text, unit);
  if (used < max * worthTelling) return undefined;
  return { used, max, unit, over: used > max, refused: used > max && splits !== true };
}
