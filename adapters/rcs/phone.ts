/**
 * A subscriber's number as E.164 with its plus, from what networks write: `+86 138…`, `tel:+86…`, `tel:86…`,
 * `sip:+86…@…ims…;user=phone`, `%2B86…`, with stray spaces, dashes and brackets. A Chinese mobile number without its
 * country is given it when `country` is `86`. Undefined when it is no number.
 */
export function phoneOf(written: string | undefined, country?: '86'): string | undefined {
  if (written === undefined || written.length > 300) return undefined;
  const bare = written
    .trim()
    .replace(/^<|>$/g, '')
    .replace(/^(tel|sip|sips):\s*/i, '')
    .replace(/^%2B/i, '+')
    .replace(/[@;].*$/s, '')
    .replace(/[\s\-().]/g, '');
  const digits = /^(\+|00)?(\d{5,15})$/.exec(bare);
  if (digits?.[2] === undefined) return undefined;
  if (digits[1] === undefined && country === '86' && /^1\d{10}$/.test(digits[2])) return `+86${digits[2]}`;
  return digits[2].startsWith('0') ? undefined : `+${digits[2]}`;
}
