import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { FetchFailure, type HostResponse } from '../../adapters/contract/index.ts';
import type { Answer } from './guarded-fetch-dispatch.ts';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * An answer as the contract gives it: decoded, and never more than `maxBytes` of what it decodes to. `ended` is called
 * once nothing more will come; `ceased` says why when the time ran out meanwhile.
 */
export function readAnswer(
  { status, headers, body }: Answer,
  maxBytes: number,
  host: string,
  ended: () => void,
): HostResponse {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  const decoder = encoding === undefined ? undefined : decoders[encoding];
  let used = false;
  body.once('close', ended);
  body.once('end', ended);

  async function* bounded(): AsyncGenerator<Uint8Array> {
    if (used) throw new TypeError('The answer was read already.');
    used = true;
    let size = 0;
    const source = decoder === undefined ? body : decoded(body, decoder());
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) {
          throw new FetchFailure('too-large', `The answer of ${host} is larger than ${maxBytes} bytes.`);
        }
        yield chunk;
      }
    } catch (error) {
      if (error instanceof FetchFailure) throw error;
      throw new FetchFailure('no-answer', `${host} did not answer to the end.`, { cause: error });
    } finally {
      source.destroy();
      body.destroy();
    }
  }
  const bytes = async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bounded()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const text = async () => new TextDecoder().decode(await bytes());

  return {
    status,
    ok: status >= 200 && status < 300,
    headers,
    bytes,
    text,
    stream: bounded,
    async json() {
      try {
        return JSON.parse(await text());
      } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
  };
}

/** `pipe` hands on no errors: a connection that breaks must end the reader, too. */
function decoded(body: Readable, decoder: Transform): Readable {
  body.once('error', (error) => decoder.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) decoder.destroy(body.errored ?? new Error('closed'));
  });
  return body.pipe(decoder);
}
