import type { XmlElement } from '../../../kit/xml.ts';
import type { Heard } from '../../model.ts';
import type { MediaFacts } from '../request.ts';
import { fileInfosOf } from './inbound-xml.ts';

/**
 * The network looks at every file before it may be sent, and tells the result later, by a callback that names the
 * upload's `tid`. It reaches the client among the channel's tokens, under this name.
 */
export function auditName(tid: string): string {
  return `media:${tid}`;
}

/** What became of an uploaded file. */
export type Audit = { passed: true; file: MediaFacts } | { passed: false; status: string };

/** `Authstatus: 0` is "may be sent"; the body then says where the file is. Any other: it may not. */
export function auditOf(tid: string, authStatus: string, root: XmlElement | undefined): Heard {
  const file = authStatus === '0' && root !== undefined ? mediaFactsOf(root) : undefined;
  const audit: Audit = file === undefined ? { passed: false, status: authStatus.slice(0, 40) } : { passed: true, file };
  const ends = file?.until === undefined ? Number.NaN : Date.parse(file.until);
  return {
    kind: 'kept',
    name: auditName(tid.slice(0, 200)),
    value: JSON.stringify(audit),
    ...(!Number.isFinite(ends) ? {} : { expiresAt: ends }),
  };
}

/** A file and its thumbnail as an `rcs-ft-http` document names them; undefined without a file's address. */
export function mediaFactsOf(root: XmlElement): MediaFacts | undefined {
  const infos = fileInfosOf(root);
  const file = infos.find(({ type }) => type === 'file');
  const thumbnail = infos.find(({ type }) => type === 'thumbnail');
  if (file === undefined) return undefined;
  return {
    url: file.url,
    contentType: file.contentType,
    name: file.name,
    size: file.size,
    until: file.until,
    thumbnailUrl: thumbnail?.url,
    thumbnailType: thumbnail?.contentType,
    thumbnailSize: thumbnail?.size,
  };
}
