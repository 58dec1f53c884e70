import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../adapters/contract/index.ts';

/** As much of a file as its type is found from. */
const headBytes = 256 * 1024;

/** What a file is when its bytes do not say. */
export const unknownType = 'application/octet-stream';

/** Finds types from bytes, never from names or what a sender says. */
export interface TypeFinder {
  /** The MIME type of a local file. Markup of any kind is `text/plain`; what is unknown is `application/octet-stream`. */
  typeOf(file: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * The parser runs in a thread of its own, one file at a time; a file that keeps it busy past `budget` milliseconds is
 * of unknown type, and the thread is replaced.
 */
export function createTypeFinder(
  clock: Clock,
  budget = 1000,
  script: URL = new URL('./type-of-worker.ts', import.meta.url),
): TypeFinder {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    const started = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: 64 }, execArgv: [] });
    started.unref();
    return started;
  }

  async function stop(): Promise<void> {
    const stopping = worker;
    worker = undefined;
    await stopping?.terminate();
  }

  /** What the parser says, undefined when it does not know or does not come to an end. */
  async function parse(head: Uint8Array): Promise<string | undefined> {
    worker ??= await ready(start());
    const busy = worker;
    const answer = await new Promise<{ mime: string | undefined } | 'lost'>((resolve) => {
      const cancel = clock.after(budget, () => settle('lost'));
      const told = (mime: string | undefined) => settle({ mime });
      const failed = () => settle('lost');
      function settle(result: { mime: string | undefined } | 'lost') {
        cancel();
        busy.off('message', told).off('error', failed).off('exit', failed);
        resolve(result);
      }
      busy.on('message', told).on('error', failed).on('exit', failed);
      busy.postMessage(head);
    });
    if (answer !== 'lost') return answer.mime;
    // A dying thread may still report; nobody waits for it.
    busy.on('error', () => {});
    await stop();
    return undefined;
  }

  return {
    async typeOf(file) {
      const head = await headOf(file);
      const turn = queue.then(() => parse(head));
      queue = turn.catch(() => {});
      return plain((await turn) ?? (isText(head) ? 'text/plain' : unknownType));
    },
    async close() {
      await queue;
      await stop();
    },
  };
}

/** Starting a thread takes longer than most parsing: it is not held against the file. */
function ready(worker: Worker): Promise<Worker> {
  return new Promise((resolve, reject) => {
    worker.once('online', () => {
      worker.off('error', reject);
      resolve(worker);
    });
    worker.once('error', reject);
  });
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return head.slice(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** UTF-8 without control characters other than white space. The end may cut a character. */
function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly those
    return text.length > 0 && !/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(text);
  } catch {
    return false;
  }
}

/** A bare type: without parameters, markup as plain text, one name per type. */
function plain(mime: string): string {
  const type = mime.split(';')[0]?.trim().toLowerCase() ?? unknownType;
  if (/[/+](?:html|xml|xhtml\+xml|svg\+xml|javascript)$/.test(type)) return 'text/plain';
  return type;
}
