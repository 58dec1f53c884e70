import {
  type Attachment,
  type Card,
  type EncodeContext,
  type FileFacts,
  factTypes,
  type Loss,
  mediaIdOf,
  type OutboundActivity,
  type Part,
  type PartMedia,
  type Prepared,
} from '../contract/index.ts';
import {
  type Degraded,
  factText,
  fileAsLink,
  joinLines,
  kindOfFile,
  listOfActions,
  lossesOf,
  nameOf,
  pictureOf,
  plainText,
} from '../kit/degrade.ts';
import { splitText } from '../kit/text-split.ts';
import type { TwitterSettings } from './config.ts';
import { type Address, limits, type MediaCategory, mediaPlaceholder, type SendRequest } from './platform.ts';

/** A file on its way, with what the preview calls it. */
interface Upload {
  media: PartMedia;
  shows: 'image' | 'video';
}

/**
 * A message as X takes it: words and at most one file to a message, so several files make several messages. There are
 * no buttons, quotes, reactions or deletions for everybody in direct messages of API v2. Pure.
 */
export function prepare(activity: OutboundActivity, context: EncodeContext<TwitterSettings>): Prepared {
  if (activity.type === 'messageReaction') return nothing('reaction-dropped');
  if (activity.type === 'messageDelete') return nothing('deletion-not-possible');
  if (activity.type !== 'message') return nothing('nothing-to-send');
  const { texts, uploads, losses } = contentOf(activity, context);
  if (activity.target !== undefined) losses.push({ code: 'quote-dropped' });
  const pieces = splitText(joinLines(texts), limits.text).filter((piece) => piece.trim() !== '');
  if (pieces.length > 1) losses.push({ code: 'text-split', values: { parts: pieces.length } });
  const found = lossesOf(losses);
  if (found.some((loss) => loss.blocks === true)) return { parts: [], losses: found };
  if (pieces.length === 0 && uploads.length === 0) return nothing('nothing-to-send');
  const path = pathOf(context.conversation.address as Address);
  // The first file goes with the last words, so that a picture stands under what was said of it.
  const [first, ...others] = uploads;
  const parts = pieces.slice(0, -1).map((text) => partOf(path, text, undefined));
  const last = pieces.at(-1);
  if (last !== undefined || first !== undefined) parts.push(partOf(path, last, first));
  for (const upload of others) parts.push(partOf(path, undefined, upload));
  return { parts, losses: found };
}

function nothing(code: Loss['code']): Prepared {
  return { parts: [], losses: [{ code, blocks: true }] };
}

interface Content {
  texts: string[];
  uploads: Upload[];
  losses: Loss[];
}

function contentOf(activity: OutboundActivity, context: EncodeContext<TwitterSettings>): Content {
  const content: Content = { texts: [], uploads: [], losses: [] };
  const keep = ({ text, losses }: Degraded) => {
    content.texts.push(text);
    content.losses.push(...losses);
  };
  keep(plainText(activity));
  for (const attachment of activity.attachments ?? []) {
    const upload = uploadOf(attachment);
    if (upload !== undefined) {
      content.uploads.push(upload);
      if (kindOfFile(attachment) === 'sticker') content.losses.push({ code: 'sticker-as-picture' });
      if (upload.media.form !== undefined) content.losses.push(convertedLoss(attachment));
      continue;
    }
    keep(factText(attachment) ?? fileAsLink(attachment, (mediaId) => context.link(mediaId)));
    const picture = attachment.contentType === factTypes.card ? pictureOf(attachment.content as Card) : undefined;
    if (picture !== undefined) {
      // Nothing is known of a card's picture but its id: the media cache gives it as a JPEG of the right size.
      const form = { contentType: 'image/jpeg', maxBytes: limits.image };
      content.uploads.push({ media: { mediaId: picture, use: 'dm_image', form }, shows: 'image' });
    }
  }
  keep(listOfActions(activity.suggestedActions?.actions ?? [], 'quick replies'));
  return content;
}

const images: readonly string[] = ['image/jpeg', 'image/png', 'image/webp'];

/** How a file is uploaded, or undefined for what can only go as a link or as words. */
function uploadOf(attachment: Attachment): Upload | undefined {
  const mediaId = mediaIdOf(attachment.contentUrl);
  if (mediaId === undefined) return undefined;
  const type = (attachment.contentType.split(';')[0] ?? '').trim().toLowerCase();
  const size = (attachment.content as FileFacts | undefined)?.size ?? 0;
  const upload = (use: MediaCategory, shows: Upload['shows'], form?: PartMedia['form']): Upload => ({
    media: { mediaId, use, ...(form === undefined ? {} : { form }) },
    shows,
  });
  if (type === 'image/gif') return size <= limits.gif ? upload('dm_gif', 'image') : undefined;
  if (images.includes(type) && size <= limits.image) return upload('dm_image', 'image');
  if (type.startsWith('image/') && type !== 'image/svg+xml') {
    return upload('dm_image', 'image', { contentType: 'image/jpeg', maxBytes: limits.image });
  }
  if (type === 'video/mp4' && size <= limits.video) return upload('dm_video', 'video');
  return undefined;
}

function convertedLoss(attachment: Attachment): Loss {
  return {
    code: 'file-converted',
    values: { name: nameOf(attachment), from: attachment.contentType, to: 'image/jpeg' },
  };
}

function pathOf(address: Address): string {
  return 'userId' in address
    ? `/2/dm_conversations/with/${encodeURIComponent(address.userId)}/messages`
    : `/2/dm_conversations/${encodeURIComponent(address.conversationId)}/messages`;
}

function partOf(path: string, text: string | undefined, upload: Upload | undefined): Part {
  const body = {
    ...(text === undefined ? {} : { text }),
    ...(upload === undefined ? {} : { attachments: [{ media_id: mediaPlaceholder(0) }] }),
  };
  const request: SendRequest = { method: 'POST', path, body: JSON.stringify(body) };
  return {
    request,
    ...(upload === undefined ? {} : { media: [upload.media] }),
    shows: { kind: upload?.shows ?? 'text', ...(text === undefined ? {} : { text }) },
  };
}
