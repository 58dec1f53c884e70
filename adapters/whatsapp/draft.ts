import type { Part, PartMedia } from '../contract/index.ts';
import { mediaPlaceholder } from '../kit/meta-upload.ts';
import { limits, type MediaType } from './platform.ts';

/** One message of the platform, before it is addressed: its type, and what stands under that key. */
export interface Draft {
  type: string;
  content: unknown;
  media?: PartMedia;
  shows: Part['shows'];
}

/** Words; with a preview of the address when there is one. */
export function textDraft(body: string): Draft {
  const content = /https?:\/\//.test(body) ? { preview_url: true, body } : { body };
  return { type: 'text', content, shows: { kind: 'text', text: body } };
}

/** A picture of which nothing is known but its id. */
export const pictureForm = { contentType: 'image/jpeg', maxBytes: limits.image } as const;

/** A message that shows an uploaded file. */
export function fileDraft(
  media: PartMedia,
  type: MediaType,
  more: { caption?: string; filename?: string; voice?: boolean } = {},
): Draft {
  const kind = type === 'document' ? 'file' : type === 'sticker' ? 'image' : type;
  return {
    type,
    content: { id: mediaPlaceholder(0), ...more },
    media,
    shows: { kind, ...(more.caption === undefined ? {} : { text: more.caption }) },
  };
}
