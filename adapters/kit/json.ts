/** Deeper than any platform nests; what goes deeper would overflow the stack of whoever walks it. */
const deepest = 64;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * JSON of a platform: undefined when it is no JSON, no UTF-8, or nested deeper than 64. Numbers that a double would
 * change (integers beyond 2^53, numbers too large altogether) become strings with all their digits. Linear in time.
 */
export function parseJson(input: string | Uint8Array): unknown {
  try {
    const text = typeof input === 'string' ? input : strict.decode(input);
    if (isTooDeep(text)) return undefined;
    // A reviver costs more than the parsing: it is needed only where a long number stands outside quotes.
    return largeNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const largeNumber = /(?:^|[:,[\s])-?\d{16}|\d[eE]\+?\d{2}/;

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return exact ? value : context.source;
}

/** Counts brackets outside strings. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
      if (at === -1) return false;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

/** Where the string that begins at `start` ends, or -1. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}
