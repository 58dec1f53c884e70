import { createHash } from 'node:crypto';
import { type AdapterHost, type FetchedFile, type HostFile, MediaFailure, SendFailure } from '../contract/index.ts';
import { asString, fetchFile, mediaFailureOf, parseJson, recordOf } from '../kit/index.ts';
import { addressOf, type WechatApi } from './client-api.ts';
import type { WechatSettings } from './config.ts';
import { failureOf } from './errcodes.ts';
import { type MediaUse, uploadLifetime, uploadLimits, type WechatMedia } from './platform.ts';

/** An uploaded file: plain JSON, kept with its part. */
export interface Uploaded {
  id: string;
  /** ms since the epoch. */
  until: number;
}

/** How many uploads are remembered for further messages. */
const mostRemembered = 2_000;
/** Larger files of customers are refused, bytes. WeChat itself takes up to 10 MB, of recorded videos somewhat more. */
const largestDownload = 50_000_000;
const timeout = 60_000;

/** Temporary media: there for three days, both ways. */
export class WechatMediaStore {
  readonly #host: AdapterHost<WechatSettings>;
  readonly #api: WechatApi;
  readonly #uploaded = new Map<string, Uploaded>();

  constructor(host: AdapterHost<WechatSettings>, api: WechatApi) {
    this.#host = host;
    this.#api = api;
  }

  /** The upload of a file, an earlier one when it can still be used. `again`: WeChat says it cannot. Rejects with SendFailure. */
  async upload(
    mediaId: string,
    use: MediaUse,
    contentType: string,
    again: boolean,
    signal: AbortSignal,
  ): Promise<Uploaded> {
    const key = `${use} ${contentType} ${mediaId}`;
    const known = this.#uploaded.get(key);
    this.#uploaded.delete(key);
    const upload = known !== undefined && !again && known.until > this.#host.clock.now() ? known : undefined;
    const uploaded = upload ?? (await this.#send(await this.#open(mediaId, use, contentType), use, signal));
    // What was used last goes last.
    this.#uploaded.set(key, uploaded);
    const oldest = this.#uploaded.keys().next().value;
    if (this.#uploaded.size > mostRemembered && oldest !== undefined) this.#uploaded.delete(oldest);
    return uploaded;
  }

  async #open(mediaId: string, use: MediaUse, contentType: string): Promise<HostFile> {
    const { maxBytes } = uploadLimits[use];
    let file: HostFile;
    try {
      file = await this.#host.media.open(mediaId, { contentType, maxBytes });
    } catch (error) {
      const words = `The file cannot be had as ${contentType} of at most ${maxBytes} bytes, as WeChat takes it.`;
      throw new SendFailure(isRetryable(error) ? 'unreachable' : 'refused', words, { cause: error });
    }
    if (file.size > maxBytes)
      throw new SendFailure('refused', `The file is larger than WeChat takes: ${maxBytes} bytes.`);
    return file;
  }

  async #send(file: HostFile, use: MediaUse, signal: AbortSignal): Promise<Uploaded> {
    const { body, boundary } = multipart(await bytesOf(file, uploadLimits[use].maxBytes), file.contentType);
    const answer = await this.#api.call({
      path: '/cgi-bin/media/upload',
      query: { type: use },
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
      timeout,
      signal,
      harmless: true,
    });
    const id = asString(answer.media_id) ?? asString(answer.thumb_media_id);
    if (id === undefined) throw new SendFailure('unreachable', 'WeChat took a file and gave no id for it.');
    return { id, until: this.#host.clock.now() + uploadLifetime };
  }

  /** A customer's file. Pictures have a second address, for accounts that may not use the first. Rejects with MediaFailure. */
  async download({ mediaId, url }: WechatMedia): Promise<FetchedFile> {
    try {
      if (mediaId === undefined) throw new MediaFailure('gone', 'The message named no file.');
      return await this.#api.authorized((token) => this.#get(mediaId, token));
    } catch (error) {
      const file = url === undefined ? undefined : await this.#fetch(url).catch(() => undefined);
      if (file === undefined) throw failureOfDownload(error);
      return file;
    }
  }

  async #get(mediaId: string, token: string): Promise<FetchedFile> {
    const { fetch, clock } = this.#host;
    const address = addressOf('/cgi-bin/media/get', token, { media_id: mediaId });
    const response = await fetch(address, { timeout, maxBytes: largestDownload });
    const contentType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (response.ok && !/json|^text\/|^$/.test(contentType)) {
      const name = fileNameOf(response.headers['content-disposition']);
      return { contentType, stream: response.stream(), ...(name === undefined ? {} : { name }) };
    }
    // No file: an error, or the address of a video (from memory, unchecked).
    const text = await response.text();
    const { status, ok, headers } = response;
    const failure = failureOf({ status, ok, headers, text, body: parseJson(text) }, clock.now());
    if (failure !== undefined) throw failure;
    const video = asString(recordOf(parseJson(text)).video_url);
    if (video === undefined) throw new MediaFailure('refused', 'WeChat answered with neither a file nor an error.');
    return this.#fetch(video);
  }

  /** Addresses come with http; the hosts know https, and nothing else is fetched. */
  #fetch(url: string): Promise<FetchedFile> {
    const { fetch, clock } = this.#host;
    return fetchFile(fetch, url.replace(/^http:/, 'https:'), clock.now(), { timeout, maxBytes: largestDownload });
  }
}

/** How long a file waits that somebody must first repair the channel for: it is there for three days. ms. */
const repairTime = 10 * 60_000;

function failureOfDownload(error: unknown): unknown {
  if (!(error instanceof SendFailure)) return mediaFailureOf(error);
  const { kind, code, message, after } = error;
  if (code === '40007') return new MediaFailure('gone', 'WeChat no longer has the file.', { cause: error });
  if (kind === 'channel-broken') return new MediaFailure('later', message, { after: repairTime, cause: error });
  if (kind === 'refused' || kind === 'blocked' || kind === 'window-closed') {
    return new MediaFailure('refused', message, { cause: error });
  }
  return new MediaFailure('later', message, after === undefined ? { cause: error } : { after, cause: error });
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

function fileNameOf(disposition: string | undefined): string | undefined {
  return /filename="?([^";]{1,200})"?/i.exec(disposition ?? '')?.[1]?.trim();
}

async function bytesOf(file: HostFile, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of file.stream()) {
    size += chunk.length;
    if (size > maxBytes) throw new SendFailure('refused', `The file is larger than WeChat takes: ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
};

/** The one field WeChat reads. It goes by the file name's ending and wants the length beforehand, so it is no stream. */
function multipart(bytes: Buffer, contentType: string): { body: Buffer; boundary: string } {
  // Of the file's own hash, which the file cannot hold.
  const boundary = `foyer-${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}`;
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="media"; filename="file.${extensions[contentType] ?? 'bin'}"` +
    `\r\ncontent-type: ${contentType}\r\n\r\n`;
  return { body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]), boundary };
}
