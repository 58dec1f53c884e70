import { type HostFile, type HostMedia, SendFailure } from '../../adapters/contract/index.ts';
import type { MediaCache } from '../media/media-cache.ts';
import { NotConvertible, type Transcoded, type Transcoder } from '../media/transcoder.ts';

/**
 * Files of a tenant's messages for its channels' clients. Rejects with SendFailure `refused` when a file is gone or cannot
 * be brought into the form asked for.
 */
export function createHostMedia(
  tenantId: string,
  mediaCache: Pick<MediaCache, 'find' | 'open'>,
  transcoder: Transcoder,
): HostMedia {
  async function bytes(mediaId: string) {
    const download = await mediaCache.open(mediaId, 'original', undefined);
    if (download === undefined || download === 'range-unsatisfiable') {
      throw new SendFailure('refused', 'The file is not there any more.');
    }
    return download;
  }

  return {
    async open(mediaId, form) {
      const media = await mediaCache.find(mediaId);
      if (media === undefined || media.tenantId !== tenantId) {
        throw new SendFailure('refused', 'The file is not there any more.');
      }
      const { name, contentType, size } = media;
      const fits = form?.maxBytes === undefined || size <= form.maxBytes;
      if (form === undefined || (form.contentType === contentType && fits)) {
        // Looked at now, so that a file that is gone rejects here and not in the middle of a request.
        (await bytes(mediaId)).stream.destroy();
        return {
          name,
          contentType,
          size,
          async *stream() {
            yield* (await bytes(mediaId)).stream;
          },
        };
      }
      const { stream } = await bytes(mediaId);
      try {
        return passing(await transcoder.convert({ name, contentType, stream }, form));
      } catch (error) {
        if (error instanceof NotConvertible) throw new SendFailure('refused', error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** How long a converted file is kept for a client that has not read it, ms. */
const keptFor = 10 * 60_000;

/** A converted file, removed once it was read or nobody did for a while. */
function passing(made: Transcoded): HostFile {
  const { name, contentType, size } = made;
  const forgotten = setTimeout(() => void made.remove(), keptFor);
  forgotten.unref();
  return {
    name,
    contentType,
    size,
    async *stream() {
      try {
        yield* made.stream();
      } finally {
        clearTimeout(forgotten);
        await made.remove();
      }
    },
  };
}
