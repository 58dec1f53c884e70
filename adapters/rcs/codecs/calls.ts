import { type HostFile, type HostMedia, type PartMedia, SendFailure, type TestResult } from '../../contract/index.ts';

/** For requests that may be repeated (tokens, uploads, questions): what became of one is never unknown. */
export async function harmless<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
    throw new SendFailure('unreachable', error.message, { cause: error });
  }
}

/** One thing tried by *Test connection*. */
export async function tried(what: string, found: string, run: () => Promise<unknown>): Promise<TestResult> {
  try {
    await run();
    return { ok: true, what, detail: found };
  } catch (error) {
    return { ok: false, what, detail: error instanceof Error ? error.message : 'It failed.' };
  }
}

/** A file of ours in the form it must have. What cannot be had is refused: it will not come back. */
export async function opened(media: HostMedia, file: PartMedia): Promise<HostFile> {
  try {
    return await media.open(file.mediaId, file.form);
  } catch (error) {
    const form = file.form === undefined ? '' : `, or could not be made ${file.form.contentType}`;
    throw new SendFailure('refused', `A file of this message is gone${form}.`, { code: 'MEDIA', cause: error });
  }
}

/** All bytes of a file; refused when it is larger than it may be. */
export async function bytesOf(file: HostFile, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of file.stream()) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new SendFailure('refused', `A file of this message is larger than ${maxBytes} bytes.`, {
        code: 'TOO_LARGE',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
