import { createHash } from 'node:crypto';
import { type Clock, type HostFile, type HostMedia, type PartMedia, SendFailure } from '../contract/index.ts';
import type { Graph, GraphRequest } from './meta-graph.ts';

/** The value of `media` number `index` in a body that was made before its upload. */
export function mediaPlaceholder(index: number): string {
  return `{{media:${index}}}`;
}

/** Ids stand in fields of these names; a customer's or agent's words cannot hold unescaped quotes. */
const placeholder = /"(id|attachment_id)":"\{\{media:(\d+)\}\}"/g;

/** The body with the platform's ids in place of the placeholders: whole values, the first of each number. */
export function withMedia(body: string, ids: readonly string[]): string {
  const left = new Map(ids.map((id, index) => [String(index), id]));
  return body.replace(placeholder, (found, name: string, index: string) => {
    const id = left.get(index);
    left.delete(index);
    return id === undefined ? found : `"${name}":${JSON.stringify(id)}`;
  });
}

/** A file as `multipart/form-data`, streamed. The length is known beforehand. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: HostFile & { field: string; mediaId: string },
): Required<Pick<GraphRequest, 'headers' | 'body'>> {
  // Whoever made the file cannot know its media id, so the boundary does not stand in it.
  const boundary = `foyer-${createHash('sha256').update(file.mediaId).digest('hex').slice(0, 40)}`;
  const head = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  head.push(
    `--${boundary}\r\ncontent-disposition: form-data; name="${file.field}"; filename="${quoted(file.name)}"\r\n` +
      `content-type: ${file.contentType.replace(/[\r\n]/g, '')}\r\n\r\n`,
  );
  const before = Buffer.from(head.join(''));
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* stream(): AsyncIterable<Uint8Array> {
    yield before;
    yield* file.stream();
    yield after;
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(before.length + file.size + after.length),
    },
    body: stream(),
  };
}

/** As browsers write file names in forms (HTML standard, multipart/form-data encoding). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Ids of files that Meta already has, so that a file sent to many is given once. */
export interface UploadMemory {
  get(key: string): string | undefined;
  keep(key: string, id: string): void;
}

/** Meta keeps uploads 30 days (WhatsApp) and 90 days (Messenger); a day is far from both. */
const remembered = 24 * 60 * 60_000;
const mostRemembered = 500;

export function createUploadMemory(clock: Clock): UploadMemory {
  const known = new Map<string, { id: string; until: number }>();
  return {
    get(key) {
      const entry = known.get(key);
      return entry !== undefined && entry.until > clock.now() ? entry.id : undefined;
    },
    keep(key, id) {
      known.delete(key);
      known.set(key, { id, until: clock.now() + remembered });
      const oldest = known.size > mostRemembered ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
  };
}

/** What differs between Meta's channels when they take a file. */
export interface UploadForm {
  request(file: HostFile & { mediaId: string }, use: string): GraphRequest;
  idOf(body: unknown): string | undefined;
}

/**
 * Give files to Meta before the message that shows them. Answers their ids in order. Harmless to repeat, so an unknown
 * outcome is `unreachable`.
 */
export async function uploadAll(
  { graph, media, memory, form }: { graph: Graph; media: HostMedia; memory: UploadMemory; form: UploadForm },
  files: readonly PartMedia[],
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  for (const one of files) {
    const key = JSON.stringify([one.mediaId, one.use, one.form ?? null]);
    const known = memory.get(key);
    if (known !== undefined) {
      ids.push(known);
      continue;
    }
    const { name, contentType, size, stream } = await opened(media, one);
    const file = { name, contentType, size, stream, mediaId: one.mediaId };
    const { body } = await repeatable(graph.call({ timeout: 120_000, signal, ...form.request(file, one.use) }));
    const id = form.idOf(body);
    if (id === undefined) throw new SendFailure('unreachable', 'Meta took a file and gave no id for it.');
    memory.keep(key, id);
    ids.push(id);
  }
  return ids;
}

async function opened(media: HostMedia, { mediaId, form }: PartMedia): Promise<HostFile> {
  try {
    const file = await media.open(mediaId, form);
    const { name, contentType, size } = file;
    return { name, contentType, size, stream: () => file.stream() };
  } catch (error) {
    if (error instanceof SendFailure) throw error;
    const words =
      form === undefined
        ? 'A file of this message is no longer there.'
        : `A file of this message could not be made into ${form.contentType}.`;
    throw new SendFailure('refused', words, { cause: error });
  }
}

async function repeatable<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof SendFailure) || error.kind !== 'unknown') throw error;
    throw new SendFailure('unreachable', error.message, { cause: error });
  }
}
