import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { MediaAddress } from '../../adapters/contract/index.ts';
import type { LinkedMedia } from '../session/session-service.ts';
import type { UploaderKey } from './media.ts';

/** Who will use a signed address: `visitor:<id>` or `account:<id>`. Part of the signature. */
export type ReaderKey = UploaderKey;

export interface MediaDownload {
  stream: Readable;
  contentType: string;
  name: string;
  /** Shown inside a page (pictures, audio, video we re-encoded or know to be inert) or only saved. */
  inline: boolean;
  size: number;
  range?: { start: number; end: number };
}

export interface UploadOwner {
  tenantId: string;
  channelId: string | null;
  uploader: UploaderKey;
  /** Bytes. */
  maxBytes: number;
  /** MIME types allowed; `*` and `image/*` too. */
  types: readonly string[];
}

/** Files in and out. Nothing is held whole in memory. */
export interface MediaCache {
  /** Handle one tus 1.0 request of an authenticated uploader. The upload's URL ends in the media id. */
  upload(request: IncomingMessage, response: ServerResponse, owner: UploadOwner): Promise<void>;
  /** Check that `uploader` owns these ready, unlinked media and give what a message needs. Throws MEDIA_NOT_FOUND / MEDIA_NOT_READY. */
  link(tenantId: string, uploader: UploaderKey, contentUrls: readonly string[]): Promise<LinkedMedia>;
  /** Signed addresses for one reader whose right to `sessionId` the caller has checked through `sessionOf`. */
  addresses(
    tenantId: string,
    reader: ReaderKey,
    mediaIds: readonly string[],
  ): Promise<(MediaAddress & { sessionId: string | null; uploader: string })[]>;
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
  /** Remove orphans, expired media and unfinished uploads. */
  sweep(): Promise<void>;
}
