import { createHash } from 'node:crypto';
import { type AdapterHost, type HostFetchOptions, type PartMedia, SendFailure } from '../../../contract/index.ts';
import type { ApiAnswer } from '../../../kit/api.ts';
import { parseXml } from '../../../kit/xml.ts';
import type { RcsSettings } from '../../config.ts';
import { bytesOf, harmless, opened } from '../calls.ts';
import type { MediaFacts } from '../request.ts';
import { type Audit, auditName, mediaFactsOf } from './audit.ts';
import { fileLimits } from './platform.ts';

/** How often it is looked whether the audit is done, ms. */
const lookAgain = 10_000;
/** How long an upload is good for when the network does not say; it forgets files after some days (3p). ms. */
const uploadLasts = 3 * 24 * 60 * 60_000;

interface Calls {
  call(url: string, options: HostFetchOptions): Promise<ApiAnswer>;
  headers(): Record<string, string>;
  fileRoot: string;
  signal: AbortSignal;
}

/** What is kept of an upload: its transaction, or already the file where the network looks at it at once. */
type Upload = { tid: string } | { file: MediaFacts };

/**
 * A file that passed the network's audit. Uploads it once (whatever the number of attempts, messages and nodes), and
 * rejects as `rate-limited` until the callback with the result has come: the outbox asks again by itself. Nothing is
 * polled at the network. A file that was refused stays refused; one whose time is over is uploaded anew.
 */
export async function audited(host: AdapterHost<RcsSettings>, file: PartMedia, calls: Calls): Promise<MediaFacts> {
  const name = `upload:${file.mediaId}:${file.use}`;
  const kept = await host.tokens.get(name, 'china-mobile', async () => ({
    value: JSON.stringify(await upload(host, file, calls)),
    expiresAt: host.clock.now() + uploadLasts,
  }));
  const uploaded = JSON.parse(kept.value) as Upload;
  if ('file' in uploaded) return uploaded.file;
  const result = await host.tokens.get(auditName(uploaded.tid), '', async (before) => {
    if (before !== undefined) await host.tokens.spoil(name, kept.value);
    const words = before === undefined ? 'The network still checks a file.' : 'A file has to be handed over again.';
    throw new SendFailure('rate-limited', words, { after: lookAgain, code: 'AUDIT' });
  });
  const audit = JSON.parse(result.value) as Audit;
  if (audit.passed) return audit.file;
  throw new SendFailure('refused', `The network's audit refused the file (Authstatus ${audit.status}).`, {
    code: 'AUDIT_REFUSED',
  });
}

/** `POST {fileRoot}/Content` with the file and, of a picture, a thumbnail (3p). */
async function upload(host: AdapterHost<RcsSettings>, file: PartMedia, calls: Calls): Promise<Upload> {
  const medium = await opened(host.media, file);
  const limit = fileLimits[file.use as keyof typeof fileLimits] ?? fileLimits.video;
  const bytes = await bytesOf(medium, limit);
  const form = new FormData();
  const thumbnail = file.use === 'image' ? await thumbnailOf(host, file) : undefined;
  if (thumbnail !== undefined) form.append('Thumbnail', new Blob([thumbnail], { type: 'image/jpeg' }), 'thumbnail.jpg');
  form.append('File', new Blob([bytes], { type: medium.contentType }), medium.name);
  const tid = transactionOf(host.channel.id, file, host.clock.now());
  const answer = await harmless(() =>
    calls.call(`${calls.fileRoot.replace(/\/+$/, '')}/Content`, {
      method: 'POST',
      headers: { ...calls.headers(), tid },
      body: form,
      timeout: 60_000,
      signal: calls.signal,
    }),
  );
  // What the answer says of the file is not yet to be sent, unless it was audited at once.
  const root = answer.headers.authstatus?.trim() === '0' ? parseXml(answer.text) : undefined;
  const found = root === undefined ? undefined : mediaFactsOf(root);
  // The network's own transaction wins over the one we gave.
  return found === undefined ? { tid: answer.headers.tid?.trim() || tid } : { file: found };
}

/** Pictures are shown small before they are fetched. One that cannot be made smaller goes without. */
async function thumbnailOf(
  host: AdapterHost<RcsSettings>,
  file: PartMedia,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const form = { contentType: 'image/jpeg', maxBytes: fileLimits.thumbnail };
  try {
    return await bytesOf(await host.media.open(file.mediaId, form), fileLimits.thumbnail);
  } catch {
    return undefined;
  }
}

/** A UUID for one upload. */
function transactionOf(channelId: string, { mediaId, use }: PartMedia, now: number): string {
  const digest = createHash('sha256').update(`${channelId} ${mediaId} ${use} ${now}`).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
