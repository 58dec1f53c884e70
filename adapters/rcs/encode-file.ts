import {
  type Attachment,
  type EncodeContext,
  type FileFacts,
  type FileKind,
  type Loss,
  mediaIdOf,
} from '../contract/index.ts';
import { isOfType, kindOfFile, nameOf } from '../kit/degrade.ts';
import type { FileRule, FileSource, Limits, OutFile } from './model.ts';

/** What a sticker or voice note is where the network knows no such thing. */
const plainer: Partial<Record<FileKind, FileKind>> = { sticker: 'image', voice: 'audio' };

/**
 * A file as the network takes it, brought into another form first when it must be. Undefined: it can only go as a link
 * that ends.
 */
export function fileOf(
  context: EncodeContext,
  limits: Limits,
  attachment: Attachment,
): { file: OutFile; losses: Loss[] } | undefined {
  const mediaId = mediaIdOf(attachment.contentUrl);
  if (mediaId === undefined) return undefined;
  const known = kindOfFile(attachment);
  const kind = plainer[known] ?? known;
  const rule = limits.files[kind];
  if (rule === undefined) return undefined;
  const form = formOf(rule, attachment, limits.filesBy);
  if (form === undefined) return undefined;
  const source = sourceOf(context, limits, mediaId, kind, form.convert);
  if (source === undefined) return undefined;
  const losses: Loss[] = [];
  const name = nameOf(attachment);
  if (known === 'sticker') losses.push({ code: 'sticker-as-picture' });
  if (form.convert !== undefined && !isOfType(attachment.contentType, rule.types)) {
    losses.push({ code: 'file-converted', values: { name, from: attachment.contentType, to: form.convert } });
  }
  const { size } = (attachment.content ?? {}) as FileFacts;
  const file: OutFile = { name, contentType: form.contentType, kind, source };
  if (size !== undefined && form.convert === undefined) file.size = size;
  return { file, losses };
}

/** Where a file comes from. Undefined when it must be fetched from us and we have no public address. */
export function sourceOf(
  context: EncodeContext,
  limits: Limits,
  mediaId: string,
  use: FileKind,
  convert?: string,
): FileSource | undefined {
  if (limits.filesBy === 'link') {
    const url = context.link(mediaId);
    return url === undefined ? undefined : { by: 'link', url };
  }
  const rule = limits.files[use];
  // Of a card's picture neither type nor size is known here: as a JPEG every network takes it.
  const contentType = convert ?? (use === 'image' ? rule?.otherwise : undefined);
  const form =
    contentType === undefined
      ? {}
      : { form: { contentType, ...(rule === undefined ? {} : { maxBytes: rule.maxBytes }) } };
  return { by: 'upload', media: { mediaId, use, ...form } };
}

/** The form the file must have, or undefined when it cannot be had. Only pictures can be made smaller. */
function formOf(
  rule: FileRule,
  attachment: Attachment,
  by: Limits['filesBy'],
): { contentType: string; convert?: string } | undefined {
  const fits = (((attachment.content ?? {}) as FileFacts).size ?? 0) <= rule.maxBytes;
  const [contentType = ''] = attachment.contentType.split(';');
  if (isOfType(contentType, rule.types) && fits) return { contentType };
  const to = rule.otherwise;
  // What is fetched from us is fetched as it is.
  if (by === 'link' || to === undefined || (!fits && !to.startsWith('image/'))) return undefined;
  return { contentType: to, convert: to };
}
