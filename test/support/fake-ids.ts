import type { Ids } from '../../adapters/contract/index.ts';

/** Identifiers that count: `ses_000…01`, in the real form of `<prefix>_<32 hex digits>`. */
export function fakeIds(): Ids {
  let count = 0;
  return {
    next: (prefix) => `${prefix}_${(++count).toString(16).padStart(32, '0')}`,
    secret: (bytes) => Buffer.alloc(bytes, ++count).toString('base64url'),
  };
}
