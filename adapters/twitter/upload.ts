import { type AdapterHost, type PartMedia, SendFailure } from '../contract/index.ts';
import { type ApiAnswer, type ApiCall, callApi } from '../kit/api.ts';
import { asNumber, asString, recordOf } from '../kit/inbound.ts';
import type { TwitterSettings } from './config.ts';
import type { Credentials } from './credentials.ts';
import { failureOf } from './failures.ts';
import { apiOrigin } from './platform.ts';

/** Bytes of one piece. X takes up to 5 MB. */
export const chunkSize = 4_000_000;

/**
 * Put a file on X in pieces and wait until X has worked on it; answers its media id. Harmless to repeat: an id nobody
 * uses is forgotten after a day. Source: X API v2, chunked media upload.
 */
export async function upload(
  host: AdapterHost<TwitterSettings>,
  credentials: Credentials,
  media: PartMedia,
  signal: AbortSignal,
): Promise<string> {
  const call = (path: string, options: Omit<ApiCall, 'url'>) =>
    uploadCall(host, credentials, path, { signal, ...options });
  const file = await host.media.open(media.mediaId, media.form).catch((error: unknown) => {
    throw new SendFailure('refused', 'The file is no longer here, or could not be made into what X takes.', {
      cause: error,
    });
  });
  const begun = await call('/initialize', {
    method: 'POST',
    json: { media_type: file.contentType, total_bytes: file.size, media_category: media.use },
  });
  const id = asString(recordOf(recordOf(begun.body).data).id);
  if (id === undefined) throw new SendFailure('unreachable', 'X gave no id for a file.');
  let segment = 0;
  for await (const chunk of chunks(file.stream())) {
    const form = new FormData();
    form.set('segment_index', String(segment));
    form.set('media', new Blob([chunk], { type: 'application/octet-stream' }), 'chunk');
    await call(`/${encodeURIComponent(id)}/append`, { method: 'POST', body: form, timeout: 120_000 });
    segment += 1;
  }
  let state = processingOf(await call(`/${encodeURIComponent(id)}/finalize`, { method: 'POST' }));
  while (state !== undefined) {
    if (state.failed !== undefined) throw new SendFailure('refused', `X cannot use the file: ${state.failed}`);
    await pause(host, state.wait, signal);
    const query = new URLSearchParams({ command: 'STATUS', media_id: id });
    state = processingOf(await call(`?${query}`, { method: 'GET' }));
  }
  return id;
}

/** One request about a file. Nothing of the message is out yet, so what is unknown may be tried again. */
async function uploadCall(
  host: AdapterHost<TwitterSettings>,
  credentials: Credentials,
  path: string,
  options: Omit<ApiCall, 'url'>,
): Promise<ApiAnswer> {
  const url = `${apiOrigin}/2/media/upload${path}`;
  try {
    return await credentials.asAccount({ method: options.method ?? 'GET', url }, (authorization) =>
      callApi(host.fetch, { redirect: 'refuse', ...options, url, headers: { authorization } }, (answer) =>
        failureOf(answer, host.clock.now()),
      ),
    );
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
    throw new SendFailure('unreachable', error.message, { cause: error });
  }
}

interface Processing {
  /** Ms until it is worth asking again. */
  wait: number;
  failed?: string;
}

/** Undefined: ready for use. */
function processingOf(answer: ApiAnswer): Processing | undefined {
  const info = recordOf(recordOf(answer.body).data).processing_info;
  if (info === undefined) return undefined;
  const { state, check_after_secs, error } = recordOf(info);
  if (state === 'succeeded') return undefined;
  const wait = Math.min(Math.max(asNumber(check_after_secs) ?? 1, 0.2), 30) * 1000;
  if (state !== 'failed') return { wait };
  const { message, name } = recordOf(error);
  return { wait, failed: (asString(message) ?? asString(name) ?? 'no reason given').slice(0, 200) };
}

/** Wait, but no longer than the attempt. */
function pause(host: AdapterHost<TwitterSettings>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLong = () =>
      new SendFailure('unreachable', 'X still works on the file; it is uploaded again.', { after: ms });
    if (signal.aborted) return reject(tooLong());
    const onAbort = () => {
      cancel();
      reject(tooLong());
    };
    const cancel = host.clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The stream in pieces of {@link chunkSize}, the last one shorter. */
async function* chunks(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  let buffer = new Uint8Array(chunkSize);
  let filled = 0;
  for await (const bytes of stream) {
    let from = 0;
    while (from < bytes.length) {
      const taken = Math.min(bytes.length - from, chunkSize - filled);
      buffer.set(bytes.subarray(from, from + taken), filled);
      from += taken;
      filled += taken;
      if (filled < chunkSize) continue;
      yield buffer;
      buffer = new Uint8Array(chunkSize);
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.slice(0, filled);
}
