import type { Limit } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Notes go nowhere but to colleagues: no channel limits them. */
export const noteLimit: Limit = { max: 10_000, unit: 'utf16' };

/**
 * What cannot be carried is refused before it is stored.
 * @throws FoyerError REQUEST_INVALID
 */
export function checkText(text: string, limit: Limit): void {
  // No unit counts more than three to a UTF-16 one.
  if (text.length * 3 <= limit.max) return;
  const size = sizeOf(text, limit.unit);
  if (size <= limit.max) return;
  throw new FoyerError('REQUEST_INVALID', `The text is too long for this channel: ${size} of ${limit.max}.`);
}

function sizeOf(text: string, unit: Limit['unit']): number {
  if (unit === 'utf16') return text.length;
  return unit === 'bytes' ? Buffer.byteLength(text) : [...graphemes.segment(text)].length;
}
