import { childrenNamed, type XmlElement } from '../../../kit/xml.ts';
import type { HeardFile } from '../../model.ts';

/** A name without its prefix, in lower case: platforms agree on neither. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

/** All elements of that name at any depth, in the document's order. */
export function elementsNamed(root: XmlElement, name: string, found: XmlElement[] = []): XmlElement[] {
  for (const child of root.children) {
    if (localName(child.name) === name) found.push(child);
    elementsNamed(child, name, found);
  }
  return found;
}

/** Text of the first element of that name at any depth, without the spaces around it; undefined when blank. */
export function textAt(root: XmlElement, name: string): string | undefined {
  const text = elementsNamed(root, name)[0]?.text.trim();
  return text === undefined || text === '' ? undefined : text;
}

/** As {@link textAt}, but only of what stands directly in `root`. */
export function ownText(root: XmlElement, name: string): string | undefined {
  const text = root.children.find((child) => localName(child.name) === name)?.text.trim();
  return text === undefined || text === '' ? undefined : text;
}

/** One `file-info` of an `rcs-ft-http` document. */
export interface FileInfo extends HeardFile {
  type: 'file' | 'thumbnail';
  /** ISO 8601: gone afterwards. */
  until?: string;
}

/** The files of an `rcs-ft-http` document (GSMA RCC.07), wherever they stand in it. */
export function fileInfosOf(root: XmlElement): FileInfo[] {
  return elementsNamed(root, 'file-info').flatMap((info): FileInfo[] => {
    const data = childrenNamed(info, 'data').find((element) => element.attributes.has('url'));
    const url = data?.attributes.get('url')?.trim();
    if (url === undefined || url === '') return [];
    const contentType = textAt(info, 'content-type') ?? 'application/octet-stream';
    const name = textAt(info, 'file-name');
    const size = Number(textAt(info, 'file-size') ?? Number.NaN);
    const length = Number(textAt(info, 'playing-length') ?? Number.NaN);
    const until = data?.attributes.get('until')?.trim();
    return [
      {
        type: info.attributes.get('type')?.trim().toLowerCase() === 'thumbnail' ? 'thumbnail' : 'file',
        url,
        contentType,
        ...(name === undefined ? {} : { name }),
        ...(Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
        // Seconds; only recordings have it (3p).
        ...(Number.isFinite(length) && length > 0 ? { duration: Math.round(length * 1_000) } : {}),
        ...(/^audio\//i.test(contentType) && (Number.isFinite(length) || /amr/i.test(contentType))
          ? { voice: true }
          : {}),
        ...(until === undefined || until === '' ? {} : { until }),
      },
    ];
  });
}
