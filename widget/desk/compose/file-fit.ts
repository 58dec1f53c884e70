import type { Capabilities, FileKind } from '../../client/desk-protocol.ts';
import { typeAllowed } from '../../client/uploads.ts';

/** What becomes of a file on its way through a channel, as far as its size and type tell. */
export type FileFit =
  | { kind: 'fits' }
  /** Another kind than it is: a large film goes as a file. */
  | { kind: 'as-file' }
  /** Too large, or of a type the channel does not take: `max` bytes or the type is why. */
  | { kind: 'as-link'; max?: number };

/** Compared with the channel's limits by kind of file. Channels without such limits take what their totals admit. */
export function fileFit(file: { contentType: string; size: number }, { files }: Capabilities): FileFit {
  if (files === undefined) return { kind: 'fits' };
  const family = file.contentType.split('/')[0];
  const kind: FileKind = family === 'image' || family === 'audio' || family === 'video' ? family : 'file';
  const own = files[kind];
  const takes = (limit: typeof own) =>
    limit !== undefined && file.size <= limit.maxBytes && typeAllowed(file.contentType, limit.types);
  if (takes(own)) return { kind: 'fits' };
  if (kind !== 'file' && takes(files.file)) return { kind: 'as-file' };
  const largest = Math.max(own?.maxBytes ?? 0, files.file?.maxBytes ?? 0);
  return file.size > largest && largest > 0 ? { kind: 'as-link', max: largest } : { kind: 'as-link' };
}
