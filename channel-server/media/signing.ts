import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ReaderKey } from './media.ts';

export type MediaVariant = 'original' | 'thumbnail';

/** How long a signed address works, in milliseconds. */
export const addressLifetime = 60 * 60 * 1000;

/** Makes and checks addresses that work for one reader and one hour. */
export interface AddressSigner {
  /** Path and query of one variant for `reader`, good until `expiresAt` (ms since the epoch, rounded down to seconds). */
  sign(mediaId: string, variant: MediaVariant, reader: ReaderKey, expiresAt: number): string;
  /** Whom an address was made for; undefined when it is forged, altered or stale at `now`. */
  verify(
    mediaId: string,
    variant: MediaVariant,
    query: { r: string; e: string; s: string },
    now: number,
  ): ReaderKey | undefined;
}

export function createAddressSigner(secret: string): AddressSigner {
  // A key of its own, so that no other use of the installation's secret yields a valid address.
  const key = createHmac('sha256', secret).update('foyer media address 1').digest();
  const signature = (...facts: string[]) => createHmac('sha256', key).update(JSON.stringify(facts)).digest('base64url');

  return {
    sign(mediaId, variant, reader, expiresAt) {
      const e = Math.floor(expiresAt / 1000).toString();
      const s = signature(mediaId, variant, reader, e);
      const path = variant === 'original' ? `/media/${mediaId}` : `/media/${mediaId}/thumbnail`;
      return `${path}?${new URLSearchParams({ r: reader, e, s })}`;
    },
    verify(mediaId, variant, { r, e, s }, now) {
      const expected = Buffer.from(signature(mediaId, variant, r, e));
      const given = Buffer.from(s);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      if (!/^\d{1,12}$/.test(e) || Number(e) * 1000 <= now) return undefined;
      return isReaderKey(r) ? r : undefined;
    },
  };
}

function isReaderKey(text: string): text is ReaderKey {
  return text.startsWith('visitor:') || text.startsWith('account:') || text.startsWith('platform:');
}
