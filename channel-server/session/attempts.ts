import { FoyerError } from '../errors.ts';

/**
 * How often one write is tried anew because others changed the same rows first. Each refusal means that
 * somebody else got on, so that reaching the end takes a burst no person makes.
 */
export const mostAttempts = 25;

/** The answer when every attempt met a newer change: the sender may repeat the same request. */
export function contended(): FoyerError {
  return new FoyerError('STORAGE_BUSY', 'Too many changes to this session at once. Try again.', { retryAfter: 200 });
}

/**
 * Refusals that no second attempt can mend. `media` speaks for files that meanwhile were linked elsewhere or
 * went away; everything else is a race about the session, to be looked at again.
 */
export function throwIfFinal(refusal: string): void {
  if (refusal === 'MEDIA_NOT_READY') throw new FoyerError('MEDIA_NOT_READY', 'A file of this message is not ready.');
  if (refusal.startsWith('MEDIA_')) throw new FoyerError('MEDIA_NOT_FOUND', 'There is no such media.');
}
