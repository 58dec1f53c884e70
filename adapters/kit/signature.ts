import { createHmac, timingSafeEqual } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha512';
export type DigestEncoding = 'hex' | 'base64';

/** HMAC of the exact bytes. Text counts as UTF-8. */
export function hmac(
  algorithm: HmacAlgorithm,
  secret: string | Uint8Array,
  data: string | Uint8Array,
  encoding: DigestEncoding,
): string {
  return createHmac(algorithm, secret).update(data).digest(encoding);
}

/**
 * Whether two secrets are the same, compared in constant time once their lengths agree. A blank or missing one never
 * matches, not even another blank one.
 */
export function isSameSecret(expected: string | undefined, claimed: string | undefined): boolean {
  if (expected === undefined || claimed === undefined || expected.trim() === '' || claimed === '') return false;
  const left = Buffer.from(expected);
  const right = Buffer.from(claimed);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Whether `claimed` is the HMAC of the bytes: exact text of the digest, hex in either case. A blank secret signs
 * nothing, so nothing is ever genuine with it.
 */
export function isSigned(
  form: { algorithm: HmacAlgorithm; encoding: DigestEncoding },
  secret: string | undefined,
  data: string | Uint8Array,
  claimed: string | undefined,
): boolean {
  if (secret === undefined || secret.trim() === '' || claimed === undefined) return false;
  const told = form.encoding === 'hex' ? claimed.toLowerCase() : claimed;
  return isSameSecret(hmac(form.algorithm, secret, data, form.encoding), told);
}
