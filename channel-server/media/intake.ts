import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ERRORS } from '@tus/server';
import type { Clock, Log } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { UnitOfWork } from '../session/ports.ts';
import { sanitizeFileName, withExtension } from './file-name.ts';
import { cleanPicture, PictureRefused } from './image.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { Media } from './media.ts';
import { isPicture, type MediaLimits, typeRefusal } from './media-policy.ts';
import type { MediaRepository, MediaStore } from './ports.ts';
import type { TypeFinder } from './type-of.ts';
import type { UploadEntry, UploadLedger } from './upload-ledger.ts';
import { asFull } from './upload-store.ts';

/** Turns a complete upload into a stored medium. */
export interface Intake {
  /**
   * Look at the bytes, clean pictures, move all into the store, and keep the record: `ready`, or `failed` with a hint when
   * the file is refused (then throws MEDIA_TYPE_REFUSED). Repeating it is harmless; callers at the same time share one run.
   */
  finish(entry: UploadEntry): Promise<void>;
  /** Wait for a run under way, whatever comes of it. */
  idle(id: string): Promise<void>;
}

/** What will be stored of an upload. */
interface Findings {
  contentType: string;
  name: string;
  file: { path: string; hash: string; size: number };
  thumbnail: { path: string; hash: string } | undefined;
  width: number | null;
  height: number | null;
}

export function createIntake(dependencies: {
  repository: Pick<MediaRepository, 'mediaById'>;
  unitOfWork: UnitOfWork;
  store: MediaStore;
  ledger: UploadLedger;
  types: TypeFinder;
  locks: KeyedLock;
  limits: MediaLimits;
  clock: Clock;
  log: Log;
}): Intake {
  const { repository, unitOfWork, store, ledger, types, locks, limits, clock, log } = dependencies;
  const running = new Map<string, Promise<void>>();

  async function run(entry: UploadEntry): Promise<void> {
    const { id } = entry.upload;
    const known = await repository.mediaById(id);
    if (known !== undefined && known.state !== 'pending') return await settle(entry, known);
    if (entry.finished) throw ERRORS.FILE_NO_LONGER_EXISTS;
    try {
      const findings = await look(entry);
      const media = await keep(entry, findings, known);
      await settle(entry, media);
    } catch (error) {
      if (!(error instanceof PictureRefused)) {
        // Whatever was half made takes no room until the next try.
        await ledger.removeFiles(id, 'made');
        throw asFull(error);
      }
      log.info({ mediaId: id, tenantId: entry.tenantId, cause: String(error.cause ?? '') }, 'a file was refused');
      const media: Media = { ...record(entry), state: 'failed', hint: error.message };
      await write(media, known);
      await settle(entry, media);
    }
  }

  /** The record stands: the upload's own files go, its entry says so. */
  async function settle(entry: UploadEntry, media: Media): Promise<void> {
    const { id } = entry.upload;
    if (!entry.finished) {
      entry.finished = true;
      await ledger.save(entry);
      await ledger.removeFiles(id);
    }
    if (media.state === 'failed') {
      throw new FoyerError('MEDIA_TYPE_REFUSED', media.hint ?? 'This file cannot be sent here.');
    }
  }

  /** Nothing is stored yet. Throws PictureRefused for files that will never be taken. */
  async function look(entry: UploadEntry): Promise<Findings> {
    const { id } = entry.upload;
    const path = ledger.path(id);
    const { size } = await stat(path);
    const { filetype, type } = entry.upload.metadata ?? {};
    const contentType = playable(await types.typeOf(path), filetype ?? type);
    const refusal =
      size === 0
        ? 'The file is empty.'
        : size > limits.maxBytes
          ? 'The file is too large.'
          : typeRefusal(contentType, entry.types);
    if (refusal !== undefined) throw new PictureRefused(refusal);
    const { name } = record(entry);
    if (!isPicture(contentType)) {
      const file = { path, hash: await hashOf(path), size };
      return { contentType, name, file, thumbnail: undefined, width: null, height: null };
    }
    const clean = ledger.path(id, 'clean');
    const small = ledger.path(id, 'thumbnail');
    const picture = await cleanPicture(path, contentType, clean, small, limits.picture);
    return {
      contentType: picture.contentType,
      name: withExtension(name, picture.extension, picture.names),
      file: { path: clean, hash: await hashOf(clean), size: (await stat(clean)).size },
      thumbnail: picture.thumbnail ? { path: small, hash: await hashOf(small) } : undefined,
      width: picture.width,
      height: picture.height,
    };
  }

  async function keep(entry: UploadEntry, findings: Findings, pending: Media | undefined): Promise<Media> {
    const { id } = entry.upload;
    const { file, thumbnail } = findings;
    const media: Media = {
      ...record(entry),
      name: findings.name,
      contentType: findings.contentType,
      size: file.size,
      hash: file.hash,
      thumbnailHash: thumbnail?.hash ?? null,
      width: findings.width,
      height: findings.height,
      state: 'ready',
      expiresAt: limits.keepFor === null ? null : clock.now() + limits.keepFor,
    };
    // Should we die between moving the bytes and storing the record, the sweep finds them by these.
    const hashes = thumbnail === undefined ? [file.hash] : [file.hash, thumbnail.hash];
    entry.hashes = [...new Set([...entry.hashes, ...hashes])];
    await ledger.save(entry);
    await locks.run(hashes, async () => {
      await store.put(file.hash, await spare(id, file.path));
      if (thumbnail !== undefined) await store.put(thumbnail.hash, thumbnail.path);
      await write(media, pending);
    });
    return media;
  }

  /** A second name for the upload's own bytes, so that they outlive a crash between moving them and storing the record. */
  async function spare(id: string, path: string): Promise<string> {
    if (path !== ledger.path(id)) return path;
    const whole = ledger.path(id, 'whole');
    try {
      await link(path, whole);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return whole;
      // A file system without links: after a crash the sender uploads again.
      return path;
    }
    return whole;
  }

  function record(entry: UploadEntry): Media {
    const { filename, name } = entry.upload.metadata ?? {};
    return {
      id: entry.upload.id,
      tenantId: entry.tenantId,
      channelId: entry.channelId,
      uploader: entry.uploader,
      sessionId: null,
      audience: 'all',
      name: sanitizeFileName(filename ?? name),
      contentType: 'application/octet-stream',
      size: 0,
      hash: null,
      thumbnailHash: null,
      width: null,
      height: null,
      state: 'pending',
      hint: null,
      createdAt: clock.now(),
      expiresAt: null,
    };
  }

  /** A record of its own, or that of a file which a message named before its bytes were here. */
  async function write(media: Media, pending: Media | undefined): Promise<void> {
    const { id, tenantId, name, contentType, size, hash, thumbnailHash, width, height, state, hint, expiresAt } = media;
    const result = await unitOfWork.commit([
      pending === undefined
        ? { kind: 'insert', record: 'media', values: media, refusal: 'MEDIA_EXISTS' }
        : {
            kind: 'update',
            record: 'media',
            where: { id, tenantId },
            expect: { state: 'pending' },
            set: { name, contentType, size, hash, thumbnailHash, width, height, state, hint, expiresAt },
            refusal: 'MEDIA_EXISTS',
          },
    ]);
    if (result.outcome !== 'applied') throw new FoyerError('REQUEST_CONFLICT', 'This upload was finished already.');
  }

  return {
    finish(entry) {
      const { id } = entry.upload;
      const before = running.get(id);
      if (before !== undefined) return before;
      const now = run(entry).finally(() => running.delete(id));
      running.set(id, now);
      return now;
    },
    async idle(id) {
      await running.get(id)?.catch(() => {});
    },
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), hash);
  return hash.digest('hex');
}

/** A container says `video` even when it holds sound only; then its sender's word decides between the two. */
function playable(found: string, declared: string | null | undefined): string {
  const said = declared?.split(';')[0]?.trim().toLowerCase();
  if (found === 'video/webm' && said === 'audio/webm') return said;
  if (found === 'video/mp4' && said === 'audio/mp4') return said;
  return found;
}
