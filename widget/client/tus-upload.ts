import type { Clock } from '../../adapters/contract/index.ts';

/** A resumable upload, tus 1.0 (core and creation), without any library. */
export interface TusUploadOptions {
  /** Where uploads are made: `POST <endpoint>`. */
  endpoint: string;
  file: Blob;
  /** Asked for at every request, so that a renewed token is used. */
  token(): string | undefined | Promise<string | undefined>;
  metadata: Record<string, string>;
  clock: Clock;
  /** Bytes the server has, of all. */
  onProgress?(sent: number, total: number): void;
  /** The network is gone, or back. */
  onWaiting?(waiting: boolean): void;
  /** Resolves when it is worth trying again: the network came back, or `ms` have passed. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  signal: AbortSignal;
  fetch?: typeof fetch;
}

/** The server refused: trying the same again is useless. `status` is the HTTP status. */
export class UploadRefused extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, message: string, code?: string) {
    super(message);
    this.name = 'UploadRefused';
    this.status = status;
    this.code = code;
  }
}

const version = { 'Tus-Resumable': '1.0.0' };
const smallestChunk = 64 * 1024;
const largestChunk = 8 * 1024 * 1024;
/** A chunk that takes longer than this is followed by a smaller one, ms. */
const slowChunk = 1_500;
/** An upload that the server forgets this often is refused. */
const mostBeginnings = 3;
/** A request without an answer for this long has failed, ms. */
const answerTimeout = 60_000;

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Statuses that may pass: everything else of 4xx is a refusal, and so is a full store (507). */
const maySucceedLater = (status: number) =>
  status === 408 || status === 423 || status === 429 || (status >= 500 && status !== 507);

/**
 * Upload a file and answer its media id, the last part of the upload's address. Goes on after any loss of network,
 * for as long as it is not aborted. Rejects with {@link UploadRefused}, or the signal's reason.
 */
export async function uploadByTus(options: TusUploadOptions): Promise<string> {
  const { file, clock, signal } = options;
  const send = options.fetch ?? fetch;
  let address: string | undefined;
  let offset: number | undefined = 0;
  let chunk = smallestChunk;
  let failures = 0;
  let beginnings = 0;

  async function request(url: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const token = await options.token();
    const limit = new AbortController();
    const stop = () => limit.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);
    const cancel = clock.after(answerTimeout, () => limit.abort(new DOMException('No answer', 'TimeoutError')));
    try {
      const headers = { ...version, ...init.headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
      return await send(url, { ...init, headers, signal: limit.signal, credentials: 'omit', cache: 'no-store' });
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
    }
  }

  /** One step forward: create, ask for the offset, or send a chunk. */
  async function step(): Promise<Response> {
    if (address === undefined) {
      const metadata = Object.entries(options.metadata).map(([key, value]) => `${key} ${base64(value)}`);
      const response = await request(options.endpoint, {
        method: 'POST',
        headers: { 'Upload-Length': String(file.size), 'Upload-Metadata': metadata.join(',') },
      });
      const location = response.headers.get('Location');
      if (response.ok && location !== null) {
        address = new URL(location, options.endpoint).href;
        offset = 0;
      }
      return response;
    }
    if (offset === undefined) {
      const response = await request(address, { method: 'HEAD', headers: {} });
      // The server has forgotten this upload: begin anew.
      if ((response.status === 404 || response.status === 410) && ++beginnings < mostBeginnings) address = undefined;
      else if (response.ok) offset = Number(response.headers.get('Upload-Offset'));
      return address === undefined ? new Response(null, { status: 503 }) : response;
    }
    const started = clock.now();
    const from = offset;
    offset = undefined;
    const response = await request(address, {
      method: 'PATCH',
      headers: { 'Upload-Offset': String(from), 'Content-Type': 'application/offset+octet-stream' },
      body: file.slice(from, from + chunk),
    });
    if (response.ok) {
      offset = Number(response.headers.get('Upload-Offset'));
      chunk = clock.now() - started < slowChunk / 3 ? Math.min(chunk * 2, largestChunk) : chunk;
      if (clock.now() - started > slowChunk) chunk = Math.max(chunk / 2, smallestChunk);
    }
    // Another request of ours is still at work there, the offset is not what we thought, or it is gone: ask.
    return [404, 409, 410].includes(response.status) ? new Response(null, { status: 423 }) : response;
  }

  for (;;) {
    signal.throwIfAborted();
    let response: Response | undefined;
    try {
      response = await step();
    } catch {
      signal.throwIfAborted();
    }
    if (response?.ok) {
      if (failures > 0) options.onWaiting?.(false);
      failures = 0;
      if (offset !== undefined) options.onProgress?.(offset, file.size);
      if (address !== undefined && offset === file.size) return idIn(address);
      continue;
    }
    if (response !== undefined && !maySucceedLater(response.status)) throw await refusal(response);
    if (failures++ === 0) options.onWaiting?.(true);
    const after = Number(response?.headers.get('Retry-After')) * 1000;
    await options.pause(after || Math.min(500 * 2 ** Math.min(failures, 5), 15_000), signal);
  }
}

const idIn = (address: string) => decodeURIComponent(new URL(address).pathname.split('/').pop() ?? '');

async function refusal(response: Response): Promise<UploadRefused> {
  const text = await response.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; title?: string; message?: string };
    const message = problem.detail ?? problem.message ?? problem.title ?? text;
    return new UploadRefused(response.status, message, problem.code);
  } catch {
    return new UploadRefused(response.status, text.slice(0, 200) || `The server answered ${response.status}.`);
  }
}
