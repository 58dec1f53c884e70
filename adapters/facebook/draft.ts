import type { Part, PartMedia } from '../contract/index.ts';
import { mediaPlaceholder } from '../kit/meta-upload.ts';
import type { AttachmentType, OutMessage } from './platform.ts';

/** One message of the platform, before it is addressed. */
export interface Draft {
  message: OutMessage;
  media?: PartMedia;
  shows: Part['shows'];
}

/** A message that shows an uploaded file. */
export function uploaded(mediaId: string, type: AttachmentType, form?: PartMedia['form']): Draft {
  return {
    message: { attachment: { type, payload: { attachment_id: mediaPlaceholder(0) } } },
    media: { mediaId, use: type, ...(form === undefined ? {} : { form }) },
    shows: { kind: type },
  };
}
