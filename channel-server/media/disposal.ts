import type { Clock, Log } from '../../adapters/contract/index.ts';
import type { UnitOfWork } from '../session/ports.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { Media } from './media.ts';
import type { MediaLimits } from './media-policy.ts';
import type { MediaRepository, MediaStore } from './ports.ts';

/** Removes media and, with the last medium that has them, bytes. Interrupted anywhere, the next sweep goes on. */
export interface Disposal {
  /** Remove a medium that no message used; false when a message was quicker. */
  discard(media: Media): Promise<boolean>;
  /** Remove bytes that no record names. */
  release(hashes: readonly string[]): Promise<void>;
  /** Remove media that no message used in time, and the bytes of expired ones. */
  sweep(): Promise<void>;
}

const batch = 100;

export function createDisposal(dependencies: {
  repository: MediaRepository;
  unitOfWork: UnitOfWork;
  store: MediaStore;
  locks: KeyedLock;
  limits: Pick<MediaLimits, 'linkWithin'>;
  clock: Clock;
  log: Log;
}): Disposal {
  const { repository, unitOfWork, store, locks, limits, clock, log } = dependencies;
  const hashesOf = (media: Media) => [media.hash, media.thumbnailHash].filter((hash) => hash !== null);

  /**
   * Remove bytes that at most `sharing` records name, then do `last`, while no upload can bring the same bytes.
   * Bytes go before the record that names them: the other order could leave bytes nobody knows of.
   */
  function release(hashes: readonly string[], sharing: number, last: () => Promise<void>): Promise<void> {
    return locks.run(hashes, async () => {
      for (const hash of new Set(hashes)) {
        if ((await repository.references(hash)) <= sharing) await store.remove(hash);
      }
      await last();
    });
  }

  async function discard(media: Media): Promise<boolean> {
    const { id, tenantId } = media;
    // From here on no message can link it.
    const closed = await unitOfWork.commit([
      {
        kind: 'update',
        record: 'media',
        where: { id, tenantId },
        expect: { sessionId: null },
        set: { state: 'expired' },
        refusal: 'MEDIA_LINKED',
      },
    ]);
    if (closed.outcome !== 'applied') return false;
    await release(hashesOf(media), 1, async () => {
      await unitOfWork.commit([{ kind: 'remove', record: 'media', where: { id, tenantId } }]);
    });
    return true;
  }

  async function expire(media: Media): Promise<boolean> {
    const { id, tenantId } = media;
    await release(hashesOf(media), 1, async () => {
      await unitOfWork.commit([
        {
          kind: 'update',
          record: 'media',
          where: { id, tenantId },
          set: { state: 'expired', hash: null, thumbnailHash: null, size: 0, hint: 'This file is no longer kept.' },
        },
      ]);
    });
    return true;
  }

  /** Take batches until one brings nothing more. One medium that fails does not keep the others. */
  async function all(next: () => Promise<Media[]>, remove: (media: Media) => Promise<boolean>): Promise<void> {
    for (;;) {
      const found = await next();
      let removed = 0;
      for (const media of found) {
        try {
          if (await remove(media)) removed += 1;
        } catch (error) {
          log.error(
            { mediaId: media.id, error: String(error) },
            'a file could not be removed; it is tried again later',
          );
        }
      }
      if (found.length < batch || removed === 0) return;
    }
  }

  return {
    discard,
    release: (hashes) => release(hashes, 0, async () => {}),
    async sweep() {
      const now = clock.now();
      await all(() => repository.orphans(now - limits.linkWithin, batch), discard);
      await all(() => repository.expired(now, batch), expire);
    },
  };
}
