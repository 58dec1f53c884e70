import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import {
  type Attachment,
  type Audience,
  type Clock,
  type Ids,
  type Log,
  type MediaAddress,
  mediaIdOf,
  mediaScheme,
} from '../../adapters/contract/index.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { Change, UnitOfWork } from '../session/ports.ts';
import type { LinkedMedia } from '../session/session-service.ts';
import { byteRange } from './byte-range.ts';
import { createDisposal } from './disposal.ts';
import { withExtension } from './file-name.ts';
import { createFilling } from './filling.ts';
import { createIntake } from './intake.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { Media, MediaState, ReaderKey, UploaderKey, UploadOwner } from './media.ts';
import { defaultLimits, isInline, type MediaLimits } from './media-policy.ts';
import type { MediaRepository, MediaStore } from './ports.ts';
import { addressLifetime, createAddressSigner } from './signing.ts';
import { createTypeFinder } from './type-of.ts';
import { createUploadLedger } from './upload-ledger.ts';
import { createUploads, type DiskSpace, diskSpace } from './uploads.ts';

export type { ReaderKey, UploadOwner } from './media.ts';

export interface MediaDownload {
  stream: Readable;
  contentType: string;
  name: string;
  /** Shown inside a page (pictures, audio, video we re-encoded or know to be inert) or only saved. */
  inline: boolean;
  size: number;
  range?: { start: number; end: number };
}

/** Whose a medium is: what decides who may have its address. */
export type MediaOwnership = Pick<Media, 'sessionId' | 'uploader' | 'audience'>;

/** Files in and out. Nothing is held whole in memory. */
export interface MediaCache {
  /** Handle one tus 1.0 request of an authenticated uploader. The upload's URL ends in the media id. */
  upload(request: IncomingMessage, response: ServerResponse, owner: UploadOwner): Promise<void>;
  /**
   * Check that these are `uploader`'s own and ready, and give what a message needs. Throws MEDIA_NOT_FOUND, MEDIA_NOT_READY,
   * MEDIA_TYPE_REFUSED. Media that a message has already are refused by the commit of `changes`.
   */
  link(
    tenantId: string,
    uploader: UploaderKey,
    contentUrls: readonly string[],
    audience?: Audience,
  ): Promise<LinkedMedia>;
  /**
   * Addresses signed for one reader. Unknown media, and unlinked ones of others, are left out; the right to the
   * session of a linked one is for the caller to check, by `sessionId`.
   */
  addresses(
    tenantId: string,
    reader: ReaderKey,
    mediaIds: readonly string[],
  ): Promise<(MediaAddress & MediaOwnership)[]>;
  /** Path and query of a medium's bytes, signed for a platform until `expiresAt`, ms since the epoch. Checks nothing. */
  platformAddress(mediaId: string, channelId: string, expiresAt: number): string;
  /** Check signature and expiry of `/media/:id?r=&e=&s=` and say which reader it was made for; undefined when forged or stale. */
  verify(
    mediaId: string,
    variant: 'original' | 'thumbnail',
    query: { r: string; e: string; s: string },
  ): ReaderKey | undefined;
  /** Bytes of a ready medium. The caller has checked signature and right. `range` as `bytes=…`; unsatisfiable: undefined in `download`. */
  open(
    mediaId: string,
    variant: 'original' | 'thumbnail',
    range: string | undefined,
  ): Promise<MediaDownload | 'range-unsatisfiable' | undefined>;
  /**
   * Take in the bytes of a pending medium, as an upload's: type found from them, pictures made anew, limits kept.
   * Answers what became of it, also when it is no longer pending; the caller publishes that. Rejects when bytes fail to
   * come or there is no room: it stays pending, and may be filled again.
   */
  fill(
    mediaId: string,
    stream: AsyncIterable<Uint8Array>,
    told: { name?: string; contentType?: string },
  ): Promise<MediaState | undefined>;
  /** The record of a medium, whatever its tenant: for whoever checks a right to it. */
  find(mediaId: string): Promise<Media | undefined>;
  /** Remove orphans, expired media and unfinished uploads. Calls at the same time share one run. */
  sweep(): Promise<void>;
  /** Let go of threads. Call after the last request. */
  close(): Promise<void>;
}

export interface MediaCacheOptions {
  repository: MediaRepository;
  unitOfWork: UnitOfWork;
  store: MediaStore;
  /** A folder of this process alone for uploads in progress, best on the store's disk. */
  folder: string;
  /** Signs addresses. */
  secret: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  limits?: Partial<MediaLimits>;
  /** Prepended to addresses: `https://media.example`, when media have a host of their own. */
  origin?: string;
  disk?: DiskSpace;
}

export function createMediaCache(options: MediaCacheOptions): MediaCache {
  const { repository, unitOfWork, store, folder, clock, ids, log, origin = '', disk = diskSpace } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const signer = createAddressSigner(options.secret);
  const types = createTypeFinder(clock);
  const locks = createKeyedLock();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ledger = createUploadLedger(folder, log);
  const disposal = createDisposal({ repository, unitOfWork, store, locks, limits, clock, log });
  const intake = createIntake({ repository, unitOfWork, store, ledger, types, locks, limits, clock, log });
  const uploads = createUploads({ folder, ledger, intake, disposal, repository, limits, disk, clock, ids, log });
  const fill = createFilling({ repository, ledger, intake, disposal, folder, limits, disk, clock, log });
  let sweeping: Promise<void> | undefined;

  const isOver = (media: Media) => media.expiresAt !== null && media.expiresAt <= clock.now();

  /** What is missing for a message to use this medium. */
  async function unusable(tenantId: string, uploader: UploaderKey, mediaId: string, media: Media | undefined) {
    if (media === undefined) {
      const entry = await ledger.find(mediaId);
      const own = entry?.tenantId === tenantId && entry.uploader === uploader && !entry.finished;
      return own ? notReady() : notFound('media');
    }
    if (media.uploader !== uploader) return notFound('media');
    if (media.state === 'pending') return notReady();
    if (media.state === 'failed')
      return new FoyerError('MEDIA_TYPE_REFUSED', media.hint ?? 'This file cannot be sent.');
    return media.state === 'ready' && !isOver(media) ? undefined : notFound('media');
  }

  function addressOf(media: Media, reader: ReaderKey): MediaAddress {
    const state = media.state === 'ready' && isOver(media) ? 'expired' : media.state;
    const address: MediaAddress = {
      id: media.id,
      state,
      name: media.name,
      contentType: media.contentType,
      size: media.size,
      ...(media.width !== null && media.height !== null && { width: media.width, height: media.height }),
      ...(media.hint !== null && { hint: media.hint }),
    };
    if (state !== 'ready') return address;
    const expiresAt = Math.floor((clock.now() + addressLifetime) / 1000) * 1000;
    const sign = (variant: 'original' | 'thumbnail') => origin + signer.sign(media.id, variant, reader, expiresAt);
    return {
      ...address,
      url: sign('original'),
      ...(media.thumbnailHash !== null && { thumbnailUrl: sign('thumbnail') }),
      expiresAt: new Date(expiresAt).toISOString(),
    };
  }

  async function sweep(): Promise<void> {
    await uploads.sweep();
    await disposal.sweep();
  }

  return {
    upload: uploads.handle,
    async link(tenantId, uploader, contentUrls, audience = 'all') {
      const mediaIds = [...new Set(contentUrls.map(idOf))];
      const found = new Map((await repository.several(tenantId, mediaIds)).map((media) => [media.id, media]));
      const attachments: Attachment[] = [];
      for (const mediaId of mediaIds) {
        const media = found.get(mediaId);
        const refusal = await unusable(tenantId, uploader, mediaId, media);
        if (refusal !== undefined || media === undefined) throw refusal ?? notFound('media');
        attachments.push(attachmentOf(media));
      }
      return {
        attachments,
        // Whether it is linked already is for the commit to say: a message sent again must reach its dedupe key.
        changes: (sessionId) =>
          mediaIds.map(
            (id): Change => ({
              kind: 'update',
              record: 'media',
              where: { id, tenantId },
              expect: { sessionId: null, state: 'ready', uploader },
              set: { sessionId, audience },
              refusal: 'MEDIA_NOT_FOUND',
            }),
          ),
      };
    },
    async addresses(tenantId, reader, mediaIds) {
      const media = await repository.several(tenantId, [...new Set(mediaIds)].filter(isMediaId));
      return media
        .filter(({ sessionId, uploader }) => sessionId !== null || uploader === reader)
        .map((one) => ({ ...addressOf(one, reader), ...ownership(one) }));
    },
    platformAddress: (mediaId, channelId, expiresAt) =>
      signer.sign(mediaId, 'original', `platform:${channelId}`, expiresAt),
    verify: (mediaId, variant, query) =>
      isMediaId(mediaId) ? signer.verify(mediaId, variant, query, clock.now()) : undefined,
    async open(mediaId, variant, range) {
      const media = await repository.mediaById(mediaId);
      if (media?.state !== 'ready' || isOver(media)) return undefined;
      const hash = variant === 'original' ? media.hash : media.thumbnailHash;
      if (hash === null) return undefined;
      const size = await store.size(hash);
      if (size === undefined) {
        log.error({ mediaId, variant }, 'the bytes of a file are missing');
        return undefined;
      }
      const part = byteRange(range, size);
      if (part === 'unsatisfiable') return 'range-unsatisfiable';
      const contentType = variant === 'original' ? media.contentType : 'image/webp';
      return {
        stream: await store.read(hash, part),
        contentType,
        name: variant === 'original' ? media.name : withExtension(media.name, 'webp', ['webp']),
        inline: isInline(contentType),
        size,
        ...(part !== undefined && { range: part }),
      };
    },
    fill,
    find: (mediaId) => (isMediaId(mediaId) ? repository.mediaById(mediaId) : Promise.resolve(undefined)),
    sweep() {
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      return sweeping;
    },
    close: () => types.close(),
  };
}

function isMediaId(id: string): boolean {
  return /^med_[0-9a-f]{32}$/.test(id);
}

/** Only `media:<id>` itself: thumbnails and foreign addresses are nothing a sender may attach. */
function idOf(contentUrl: string): string {
  const mediaId = mediaIdOf(contentUrl);
  if (mediaId === undefined || contentUrl !== mediaScheme + mediaId) throw notFound('media');
  return mediaId;
}

function attachmentOf(media: Media): Attachment {
  return {
    contentType: media.contentType,
    contentUrl: mediaScheme + media.id,
    name: media.name,
    ...(media.thumbnailHash !== null && { thumbnailUrl: `${mediaScheme}${media.id}/thumbnail` }),
    content: {
      size: media.size,
      ...(media.width !== null && media.height !== null && { width: media.width, height: media.height }),
    },
  };
}

function notReady(): FoyerError {
  return new FoyerError('MEDIA_NOT_READY', 'This file is still being uploaded.');
}

function ownership({ sessionId, uploader, audience }: Media): MediaOwnership {
  return { sessionId, uploader, audience };
}
