import { type Attachment, type FileFacts, type Loss, mediaIdOf, type Part } from '../contract/index.ts';
import { fileAsLink, isOfType, kindOfFile, nameOf } from '../kit/index.ts';
import { customerMessage, type Piece, type WechatContext } from './encode-parts.ts';
import { longestVoice, type MediaUse, mediaPlaceholder, thumbPlaceholder, uploadLimits } from './platform.ts';

/**
 * A file as a message of its kind, uploaded first; what WeChat has no kind for, or is too large or long for it, as a
 * link among the words. Pure.
 */
export function encodeFile(attachment: Attachment, context: WechatContext): Piece {
  const kind = kindOfFile(attachment);
  const mediaId = mediaIdOf(attachment.contentUrl);
  const facts = (attachment.content ?? {}) as FileFacts;
  if (mediaId !== undefined) {
    if (kind === 'image' || kind === 'sticker') {
      const piece = uploaded(attachment, mediaId, 'image', 'image/jpeg', facts, context);
      if (kind === 'sticker') piece?.losses?.push({ code: 'sticker-as-picture' });
      if (piece !== undefined) return piece;
    }
    if ((kind === 'voice' || kind === 'audio') && mayBeVoice(kind, attachment, facts)) {
      const piece = uploaded(attachment, mediaId, 'voice', 'audio/mpeg', facts, context);
      if (piece !== undefined) return piece;
    }
    if (kind === 'video') {
      const piece = uploaded(attachment, mediaId, 'video', undefined, facts, context);
      if (piece !== undefined) return piece;
    }
  }
  const link = fileAsLink(attachment, (id) => context.link(id));
  return { words: link.text, losses: link.losses };
}

/** Short enough. Of an audio file to be converted that must be known; what was recorded here is short. */
function mayBeVoice(kind: 'voice' | 'audio', attachment: Attachment, facts: FileFacts): boolean {
  if (facts.duration !== undefined) return facts.duration <= longestVoice;
  return kind === 'voice' || isOfType(attachment.contentType, uploadLimits.voice.types);
}

/** A picture of a card, as a message of its own. */
export function encodePicture(mediaId: string, name: string, context: WechatContext): Part {
  const { types, maxBytes } = uploadLimits.image;
  const part = fileMessage(context, 'image', name);
  return { ...part, media: [{ mediaId, use: 'image', form: { contentType: types[0] ?? 'image/jpeg', maxBytes } }] };
}

/** The file as it is, or brought into the form `otherwise`; undefined when it cannot go as this kind. */
function uploaded(
  attachment: Attachment,
  mediaId: string,
  use: Exclude<MediaUse, 'thumb'>,
  otherwise: string | undefined,
  facts: FileFacts,
  context: WechatContext,
): Piece | undefined {
  const { maxBytes, types } = uploadLimits[use];
  const losses: Loss[] = [];
  let contentType = bareType(attachment.contentType);
  if (!isOfType(contentType, types)) {
    if (otherwise === undefined) return undefined;
    losses.push({ code: 'file-converted', values: { name: nameOf(attachment), from: contentType, to: otherwise } });
    contentType = otherwise;
  } else if ((facts.size ?? 0) > maxBytes) {
    return undefined;
  }
  const part = fileMessage(context, use, attachment.name ?? '');
  return { parts: [{ ...part, media: [{ mediaId, use, form: { contentType, maxBytes } }] }], losses };
}

function bareType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function fileMessage(context: WechatContext, use: Exclude<MediaUse, 'thumb'>, name: string): Part {
  const shows: Part['shows'] = { kind: use === 'voice' ? 'audio' : use, ...(name === '' ? {} : { text: name }) };
  if (use !== 'video') return customerMessage(context, use, { media_id: mediaPlaceholder }, shows);
  // The thumbnail is left out when none can be made of the video: the documentation wants one, the service mostly does not.
  const content = {
    media_id: mediaPlaceholder,
    thumb_media_id: thumbPlaceholder,
    ...(name === '' ? {} : { title: name.toWellFormed() }),
  };
  return customerMessage(context, use, content, shows);
}
