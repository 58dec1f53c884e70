import { hkdfSync } from 'node:crypto';

/** What a key derived from the installation's secret is for: one secret, unrelated keys. */
export type KeyPurpose = 'staff access tokens' | 'staff refresh tokens' | 'visitor tokens' | 'media addresses';

/** A 256-bit key for one purpose (HKDF-SHA-256). `secret`: the installation's secret, at least 16 bytes. */
export function deriveKey(secret: string | Uint8Array, purpose: KeyPurpose): Uint8Array {
  if (Buffer.byteLength(secret) < 16) throw new RangeError('The installation secret must have at least 16 bytes.');
  return new Uint8Array(hkdfSync('sha256', secret, 'foyer', `foyer ${purpose} v1`, 32));
}
