/** Something wrong with a body, and where. */
export interface Problem {
  property: string;
  message: string;
}

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The list itself, or an empty one for anything else. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text itself, or undefined for anything else and for the empty text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Length in what people see as characters. */
export function graphemes(text: string): number {
  return text.length < 2 ? text.length : [...segmenter.segment(text)].length;
}

/** Keys that are not among those known. */
export function unknownKeys(value: Fields, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** JSON from the bytes of a body; undefined when it is none, or not UTF-8. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
