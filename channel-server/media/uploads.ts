import { AsyncLocalStorage } from 'node:async_hooks';
import { statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CancellationContext, ERRORS, Server, type Upload } from '@tus/server';
import type { Clock, Ids, Log } from '../../adapters/contract/index.ts';
import { FoyerError, type FoyerErrorCode } from '../errors.ts';
import type { Disposal } from './disposal.ts';
import type { Intake } from './intake.ts';
import type { UploadOwner } from './media.ts';
import type { MediaLimits } from './media-policy.ts';
import type { MediaRepository } from './ports.ts';
import type { UploadEntry, UploadLedger } from './upload-ledger.ts';
import { createUploadLocker } from './upload-locker.ts';
import { asFull, UploadStore } from './upload-store.ts';

/** Where uploads are made; an upload's own address ends in its medium's id. */
export const uploadPath = '/api/v1/media';

/** Resumable uploads by tus 1.0. */
export interface Uploads {
  handle(request: IncomingMessage, response: ServerResponse, owner: UploadOwner): Promise<void>;
  /** Remove uploads that were not finished in time, and files that belong to none. */
  sweep(): Promise<void>;
}

/** Free and all bytes of the disk a folder is on. */
export type DiskSpace = (folder: string) => Promise<{ free: number; total: number }>;

export const diskSpace: DiskSpace = async (folder) => {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
};

export function createUploads(dependencies: {
  folder: string;
  ledger: UploadLedger;
  intake: Intake;
  disposal: Disposal;
  repository: Pick<MediaRepository, 'mediaById' | 'usage'>;
  limits: MediaLimits;
  disk: DiskSpace;
  clock: Clock;
  ids: Ids;
  log: Log;
}): Uploads {
  const { folder, ledger, intake, disposal, repository, limits, disk, clock, ids, log } = dependencies;
  const owners = new AsyncLocalStorage<UploadOwner>();

  function currentOwner(): UploadOwner {
    const owner = owners.getStore();
    if (owner === undefined) throw new Error('An upload is handled without an owner.');
    return owner;
  }

  const lapsed = (entry: UploadEntry) => entry.createdAt + limits.uploadWithin <= clock.now();

  /** The caller's own upload. Another's is answered as one that never was. */
  async function own(id: string): Promise<UploadEntry> {
    const entry = await ledger.find(id);
    const { tenantId, uploader } = currentOwner();
    if (entry === undefined || entry.tenantId !== tenantId || entry.uploader !== uploader) throw ERRORS.FILE_NOT_FOUND;
    return entry;
  }

  async function checkRoom(size: number): Promise<void> {
    const { free, total } = await disk(folder);
    const kept = Math.min(total * limits.keepFree.share, limits.keepFree.bytes);
    if (free - size < kept) throw noRoom('There is no room for files left. Try again later.');
  }

  async function checkQuota(owner: UploadOwner, size: number): Promise<void> {
    const unfinished = (await ledger.all()).filter((entry) => !entry.finished);
    const mine = unfinished.filter((entry) => entry.uploader === owner.uploader && entry.tenantId === owner.tenantId);
    // Given up by their page most likely: the one that rested longest makes room.
    if (mine.length >= limits.unfinishedPerUploader) {
      const rested = mine.reduce((oldest, entry) => (entry.touchedAt < oldest.touchedAt ? entry : oldest));
      if (rested.touchedAt > clock.now() - limits.stallAfter) {
        throw new FoyerError('ACCESS_THROTTLED', 'Too many uploads at once. Let some finish first.', {
          retryAfter: limits.stallAfter,
        });
      }
      await abandon(rested);
    }
    const coming = unfinished.reduce(
      (sum, entry) => (entry.tenantId === owner.tenantId ? sum + entry.received : sum),
      0,
    );
    const stored = await repository.usage(owner.tenantId);
    if (stored + coming + size > limits.tenantBytes) throw noRoom('The space for files is used up.');
  }

  async function create(upload: Upload): Promise<void> {
    const owner = currentOwner();
    const size = upload.size ?? 0;
    await checkQuota(owner, size);
    await checkRoom(size);
    const now = clock.now();
    upload.creation_date = new Date(now).toISOString();
    await ledger.save({
      upload,
      tenantId: owner.tenantId,
      channelId: owner.channelId,
      uploader: owner.uploader,
      types: owner.types,
      createdAt: now,
      touchedAt: now,
      received: 0,
      finished: false,
      hashes: [],
    });
  }

  /** Forget an upload: its files, and bytes that a crash may have left in the store for it. */
  async function abandon(entry: UploadEntry): Promise<void> {
    await intake.idle(entry.upload.id);
    if (!entry.finished) await disposal.release(entry.hashes);
    await ledger.remove(entry.upload.id);
  }

  async function discard(id: string): Promise<void> {
    const entry = await own(id);
    await intake.idle(id);
    const media = await repository.mediaById(id);
    if (media !== undefined && (media.sessionId !== null || !(await disposal.discard(media)))) {
      throw new FoyerError('REQUEST_CONFLICT', 'This file is part of a conversation already.');
    }
    await abandon(entry);
  }

  async function before(method: string, id: string): Promise<void> {
    if (method === 'POST') return;
    const entry = await own(id);
    if (method === 'DELETE') return;
    if (!entry.finished && lapsed(entry)) throw ERRORS.FILE_NO_LONGER_EXISTS;
    // All bytes are here, but the answer that said so was lost, or the server was.
    if (entry.finished || (entry.upload.size === entry.received && entry.received > 0)) await intake.finish(entry);
    else if (method === 'PATCH') await checkRoom((entry.upload.size ?? 0) - entry.received);
  }

  const tus = new ProblemServer({
    path: uploadPath,
    datastore: new UploadStore({
      folder,
      ledger,
      clock,
      uploadWithin: limits.uploadWithin,
      stallAfter: limits.stallAfter,
      discard,
    }),
    locker: createUploadLocker(clock, 10_000),
    lockDrainTimeout: 1000,
    generateUrl: (_request, { id }) => `${uploadPath}/${id}`,
    getFileIdFromRequest: (_request, id) => (/^med_[0-9a-f]{32}$/.test(id ?? '') ? id : undefined),
    namingFunction: () => ids.next('med'),
    // Zero would mean without limit.
    maxSize: () => Math.max(1, Math.min(currentOwner().maxBytes, limits.maxBytes)),
    onIncomingRequest: (request, id) => before(request.method, id),
    async onUploadCreate(_request, upload) {
      await create(upload);
      return {};
    },
    async onUploadFinish(_request, { id }) {
      await intake.finish(await own(id));
      return {};
    },
    onResponseError(_request, error) {
      const known = asFull(error);
      if (known instanceof FoyerError) return refusal(known.status, known.code, known.message);
      if ('status_code' in error) return refusal(error.status_code, codeOf(error.status_code), error.body.trim());
      log.error({ error: error.message }, 'an upload failed');
      return refusal(500, 'INTERNAL', 'The upload could not be stored. Try again.');
    },
  });

  return {
    handle: (request, response, owner) => owners.run(owner, () => tus.handle(request, response)),
    async sweep() {
      for (const entry of await ledger.all()) if (lapsed(entry)) await abandon(entry);
      await ledger.removeStrays(clock.now() - limits.uploadWithin);
    },
  };
}

/** tus answers refusals in plain text; ours are problem+json like everywhere else. */
class ProblemServer extends Server {
  override write(context: CancellationContext, headers: Headers, status: number, body = '') {
    if (status < 400) return super.write(context, headers, status, body);
    headers.set('content-type', 'application/problem+json');
    headers.set('cache-control', 'no-store');
    return super.write(
      context,
      headers,
      status,
      body.startsWith('{') ? body : refusal(status, codeOf(status), body).body,
    );
  }
}

function refusal(status: number, code: FoyerErrorCode, message: string): { status_code: number; body: string } {
  return {
    status_code: status,
    body: JSON.stringify({ type: 'about:blank', title: message.trim(), status, code }),
  };
}

function codeOf(status: number): FoyerErrorCode {
  if (status === 404 || status === 410) return 'MEDIA_NOT_FOUND';
  if (status === 409 || status === 423) return 'REQUEST_CONFLICT';
  if (status === 413) return 'MEDIA_TOO_LARGE';
  return status >= 500 && status !== 501 ? 'INTERNAL' : 'REQUEST_INVALID';
}

function noRoom(message: string): FoyerError {
  return new FoyerError('MEDIA_QUOTA_EXCEEDED', message);
}
