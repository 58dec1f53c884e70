import { open } from 'node:fs/promises';
import { Upload } from '@tus/server';
import type { Clock, Log } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { Disposal } from './disposal.ts';
import { sanitizeFileName } from './file-name.ts';
import type { Intake } from './intake.ts';
import type { Media, MediaState, UploaderKey } from './media.ts';
import type { MediaLimits } from './media-policy.ts';
import type { MediaRepository } from './ports.ts';
import type { UploadEntry, UploadLedger } from './upload-ledger.ts';
import { asFull } from './upload-store.ts';
import type { DiskSpace } from './uploads.ts';

/** How many bytes come between two looks at the disk. */
const stretch = 32 * 1024 ** 2;

export type Fill = (
  mediaId: string,
  stream: AsyncIterable<Uint8Array>,
  told: { name?: string; contentType?: string },
) => Promise<MediaState | undefined>;

/** Fills media that messages named before their bytes were here, by the same way in as uploads. */
export function createFilling(dependencies: {
  repository: Pick<MediaRepository, 'mediaById' | 'usage'>;
  ledger: UploadLedger;
  intake: Intake;
  disposal: Pick<Disposal, 'release'>;
  folder: string;
  limits: MediaLimits;
  disk: DiskSpace;
  clock: Clock;
  log: Log;
}): Fill {
  const { repository, ledger, intake, disposal, folder, limits, disk, clock, log } = dependencies;
  const running = new Map<string, Promise<MediaState | undefined>>();

  const stateOf = async (id: string) => (await repository.mediaById(id))?.state;

  async function run(media: Media, stream: AsyncIterable<Uint8Array>, told: Parameters<Fill>[2]) {
    const { id } = media;
    const before = await ledger.find(id);
    const entry = entryOf(media, told, before?.hashes ?? [], clock.now());
    await ledger.save(entry);
    try {
      await write(entry, stream);
      await intake.finish(entry);
    } catch (error) {
      const found = await stateOf(id);
      // Refused for what it is, or taken back meanwhile: nothing that trying again would mend.
      if (found !== 'pending') log.info({ mediaId: id, state: found ?? 'gone' }, 'a fetched file was not kept');
      if (found !== 'ready') await disposal.release(entry.hashes);
      await ledger.remove(id);
      if (found === 'pending') throw asFull(error);
      return found;
    }
    await ledger.remove(id);
    return stateOf(id);
  }

  async function write(entry: UploadEntry, stream: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(ledger.path(entry.upload.id), 'w');
    const room = limits.tenantBytes - (await repository.usage(entry.tenantId));
    let looked = Number.NEGATIVE_INFINITY;
    try {
      for await (const chunk of unstalled(stream, limits.stallAfter, clock)) {
        const end = entry.received + chunk.length;
        if (end > room) throw noRoom('The space for files is used up.');
        if (end - looked >= stretch) {
          looked = end;
          await checkDisk(chunk.length);
        }
        for (let at = 0; at < chunk.length; ) {
          at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
        }
        entry.received = end;
        entry.touchedAt = clock.now();
        // What is larger than all that is taken in is cut off: intake refuses it by its size.
        if (end > limits.maxBytes) return;
      }
    } finally {
      await file.close();
    }
  }

  async function checkDisk(size: number): Promise<void> {
    const { free, total } = await disk(folder);
    const kept = Math.min(total * limits.keepFree.share, limits.keepFree.bytes);
    if (free - size < kept) throw noRoom('There is no room for files left.');
  }

  return async function fill(mediaId, stream, told) {
    const under = running.get(mediaId);
    if (under !== undefined) return under;
    const media = await repository.mediaById(mediaId);
    if (media?.state !== 'pending') return media?.state;
    const again = running.get(mediaId);
    if (again !== undefined) return again;
    const now = run(media, stream, told).finally(() => running.delete(mediaId));
    running.set(mediaId, now);
    return now;
  };
}

function entryOf(
  media: Media,
  told: { name?: string; contentType?: string },
  hashes: readonly string[],
  now: number,
): UploadEntry {
  const filename = told.name === undefined ? media.name : sanitizeFileName(told.name);
  const filetype = told.contentType ?? media.contentType;
  return {
    upload: new Upload({ id: media.id, offset: 0, metadata: { filename, filetype } }),
    tenantId: media.tenantId,
    channelId: media.channelId,
    uploader: media.uploader as UploaderKey,
    types: ['*'],
    createdAt: now,
    touchedAt: now,
    received: 0,
    finished: false,
    hashes,
  };
}

/** The stream's chunks; rejects when none comes for `stallAfter` ms. */
async function* unstalled(
  stream: AsyncIterable<Uint8Array>,
  stallAfter: number,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      let stop = () => {};
      const stalled = new Promise<never>((_resolve, reject) => {
        stop = clock.after(stallAfter, () => reject(new Error('No bytes came for too long.')));
      });
      const next = await Promise.race([chunks.next(), stalled]).finally(stop);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // Not waited for: a source that stalls may never answer.
    if (!ended) void chunks.return?.()?.catch(() => {});
  }
}

function noRoom(message: string): FoyerError {
  return new FoyerError('MEDIA_QUOTA_EXCEEDED', message);
}
