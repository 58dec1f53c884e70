import type { PartMedia } from '../../contract/index.ts';
import type { FileSource } from '../model.ts';

/**
 * Requests are stored before files are with the network, so what is only known afterwards stands in them as a marker:
 * `{"$media": 0, "of": "url"}`. Words of people are text, never objects, and so are never taken for one.
 */
interface Marker {
  $media: number;
  of: Facet;
}

/** What a network tells of a file it took. */
export type Facet = keyof MediaFacts;

/** A file that is with the network. Plain JSON, kept with the part. */
export interface MediaFacts {
  /** The network's name or address of it. */
  url: string;
  contentType?: string | undefined;
  name?: string | undefined;
  /** Bytes. */
  size?: number | undefined;
  /** ISO 8601: it is gone afterwards. */
  until?: string | undefined;
  thumbnailUrl?: string | undefined;
  thumbnailType?: string | undefined;
  thumbnailSize?: number | undefined;
}

/** What `ready` answers for parts with files. */
export interface Ready {
  media: MediaFacts[];
}

/** Collects the files of a part while its request is written. */
export interface MediaList {
  readonly media: PartMedia[];
  /** What stands in the request for one facet of a file: the address itself, or a marker. */
  refer(source: FileSource, of: Facet): string | Marker | undefined;
}

export function mediaList(): MediaList {
  const media: PartMedia[] = [];
  return {
    media,
    refer(source, of) {
      if (source.by === 'link') return of === 'url' ? source.url : undefined;
      if (!media.includes(source.media)) media.push(source.media);
      return { $media: media.indexOf(source.media), of };
    },
  };
}

function isMarker(value: object): value is Marker {
  return '$media' in value && typeof value.$media === 'number' && 'of' in value;
}

/** JSON with its markers replaced by what is known now. What is not known is left out with its name. */
export function filled(value: unknown, media: readonly MediaFacts[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => filled(item, media));
  if (isMarker(value)) return media[value.$media]?.[value.of];
  const entries = Object.entries(value).map(([name, item]) => [name, filled(item, media)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** The files of `ready`'s answer; none when there was none. */
export function mediaOf(ready: unknown): readonly MediaFacts[] {
  const media = (ready as Ready | null | undefined)?.media;
  return Array.isArray(media) ? media : [];
}
