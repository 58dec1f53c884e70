/** Longest name, in graphemes and in UTF-8 bytes: both hold, for one grapheme may have a thousand marks. */
const longest = { graphemes: 120, bytes: 240 } as const;
const longestExtension = 16;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * A name from an untrusted sender made harmless in headers, pages and file systems: its last path part, in NFC, without
 * control, bidirectional or invisible characters, leading dots or device names, at most 120 graphemes
 * and 240 bytes with its extension kept. Never empty.
 */
export function sanitizeFileName(name: string | null | undefined): string {
  // Far more than any honest name; what follows costs time by length.
  const visible = (name ?? '')
    .slice(-20_000)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffd\ufffe\uffff]/gu, '');
  const cleaned = (visible.split(/[/\\]|%2f|%5c/i).findLast((part) => trim(part) !== '') ?? '')
    .replace(/%[0-9a-f]{2}/gi, '_')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .normalize('NFC');
  const fitting = trim(shorten(trim(cleaned)));
  if (fitting === '') return 'file';
  return reserved.test(fitting) ? `_${fitting}` : fitting;
}

/** `name` with its extension replaced by `extension` (without dot), unless it has one of `accepted` already. */
export function withExtension(name: string, extension: string, accepted: readonly string[]): string {
  const { stem, suffix } = split(name);
  if (accepted.includes(suffix.slice(1).toLowerCase())) return name;
  return sanitizeFileName(`${stem}.${extension}`);
}

function trim(text: string): string {
  return text.replace(/^[\s.]+/, '').replace(/[\s.]+$/, '');
}

function split(name: string): { stem: string; suffix: string } {
  const dot = name.lastIndexOf('.');
  const suffix = dot > 0 ? name.slice(dot) : '';
  return /^\.[\p{L}\p{N}_-]+$/u.test(suffix) && suffix.length <= longestExtension
    ? { stem: name.slice(0, dot), suffix }
    : { stem: name, suffix: '' };
}

function shorten(name: string): string {
  const { stem, suffix } = split(name);
  let kept = '';
  let count = 0;
  let size = bytes(suffix);
  for (const { segment } of graphemes.segment(stem)) {
    count += 1;
    size += bytes(segment);
    if (count + suffix.length > longest.graphemes || size > longest.bytes) break;
    kept += segment;
  }
  return kept + suffix;
}
