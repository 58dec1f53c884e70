import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { ERRORS, Upload } from '@tus/server';
import type { Clock } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import type { UploadLedger } from './upload-ledger.ts';

/**
 * tus's file store, with three differences: who began an upload is kept by the ledger, a full disk is told as such, and a
 * finished upload still answers where it stands after its bytes have moved into the cache.
 */
export class UploadStore extends FileStore {
  readonly #ledger: UploadLedger;
  readonly #clock: Clock;
  readonly #stallAfter: number;
  readonly #discard: (id: string) => Promise<void>;

  constructor(options: {
    folder: string;
    ledger: UploadLedger;
    clock: Clock;
    uploadWithin: number;
    /** A stream that brings nothing for this long is given up, ms. */
    stallAfter: number;
    /** Remove an upload in whatever state it is. */
    discard: (id: string) => Promise<void>;
  }) {
    const { ledger } = options;
    super({
      directory: options.folder,
      expirationPeriodInMilliseconds: options.uploadWithin,
      configstore: {
        get: async (id) => (await ledger.find(id))?.upload,
        set: async (id, upload) => {
          const entry = await ledger.find(id);
          if (entry === undefined) throw new Error('An upload is written without an owner.');
          await ledger.save({ ...entry, upload });
        },
        delete: (id) => ledger.remove(id),
      },
    });
    // Every upload says its length first: quota and limits are checked before a byte is taken.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
    this.#ledger = ledger;
    this.#clock = options.clock;
    this.#stallAfter = options.stallAfter;
    this.#discard = options.discard;
  }

  override async getUpload(id: string): Promise<Upload> {
    const entry = await this.#ledger.find(id);
    if (entry?.finished !== true) return await super.getUpload(id);
    return Object.assign(new Upload({ id, offset: entry.upload.size ?? entry.received }), {
      size: entry.upload.size,
      metadata: entry.upload.metadata,
      creation_date: entry.upload.creation_date,
    });
  }

  /** Every chunk is written before the next is asked for: when this ends, the file's size is the offset. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const entry = await this.#ledger.find(id);
    if (entry === undefined) throw ERRORS.FILE_NOT_FOUND;
    if (entry.finished) return offset;
    const file = await open(this.#ledger.path(id), 'r+');
    let position = offset;
    let stop = () => {};
    const watch = () => {
      stop();
      stop = this.#clock.after(this.#stallAfter, () => {
        stream.destroy(new Stalled());
      });
    };
    try {
      watch();
      for await (const chunk of stream) {
        for (let at = 0; at < chunk.length; ) {
          const { bytesWritten } = await file.write(chunk, at, chunk.length - at, position);
          at += bytesWritten;
          position += bytesWritten;
        }
        watch();
      }
      return position;
    } catch (error) {
      throw asFull(error);
    } finally {
      stop();
      entry.received = position;
      entry.touchedAt = this.#clock.now();
      await file.close();
    }
  }

  override async remove(id: string): Promise<void> {
    await this.#discard(id);
  }
}

/** tus answers `status_code` and `body` of an error. */
class Stalled extends Error {
  readonly status_code = 408;
  readonly body = 'No bytes came for too long. The upload can be resumed.';
}

/** A full disk or quota of the file system in our words; anything else as it is. */
export function asFull(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const words = error instanceof Error && /no space left/i.test(error.message);
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && !words) return error;
  return new FoyerError('MEDIA_QUOTA_EXCEEDED', 'There is no room for files left. Try again later.', { cause: error });
}
