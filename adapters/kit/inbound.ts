import type { Inbound } from '../contract/index.ts';

/** Readers for JSON nobody has checked. Each answers undefined (or empty) for what is not what it should be. */

/** Text, or a number whose digits are all there: platforms send ids both ways. Blank text is nothing. */
export function asString(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** A finite number; also one written as text. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 40 || !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

/** A MIME type without its parameters, in lower case: `image/jpeg`. */
export function asMimeType(value: unknown): string | undefined {
  const type = typeof value === 'string' ? value.slice(0, 300).split(';')[0]?.trim().toLowerCase() : undefined;
  return type !== undefined && /^[a-z]+\/[\w.+-]+$/.test(type) ? type : undefined;
}

/** True and false only: `"false"` is not false. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export type UnknownRecord = Readonly<Record<string, unknown>>;

/** An object that is no array; of anything else undefined. */
export function asRecord(value: unknown): UnknownRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as UnknownRecord) : undefined;
}

/** The object, or an empty one: for reading on without asking at each step. */
export function recordOf(value: unknown): UnknownRecord {
  return asRecord(value) ?? {};
}

/** One or many as a list; nothing is an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** What an item lacks to be read. Its message names fields, never their content. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** The value, or {@link Unreadable} naming what is missing. */
export function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Unreadable(`has no readable ${what}`);
  return value;
}

/** Every item decoded in its turn; one that throws becomes `unreadable` and the others go on. */
export function guarded(
  items: readonly unknown[],
  decodeOne: (item: unknown) => readonly Inbound[],
  account?: string,
): Inbound[] {
  const found: Inbound[] = [];
  items.forEach((item, index) => {
    try {
      for (const one of decodeOne(item)) found.push(one);
    } catch (error) {
      // Only our own words go into the log: an engine's message may quote the item.
      const why = error instanceof Unreadable ? error.message : 'is not as the platform documents it';
      const unreadable: Inbound = { kind: 'unreadable', reason: `item ${index + 1} ${why}` };
      found.push(account === undefined ? unreadable : { ...unreadable, account });
    }
  });
  return found;
}
