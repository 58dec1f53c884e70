import { type Attachment, type FileFacts, type Loss, mediaIdOf } from '../contract/index.ts';
import { clip, fileAsLink, isOfType, kindOfFile, nameOf } from '../kit/index.ts';
import type { LineSettings } from './config.ts';
import { type LineMessage, limits, types } from './platform.ts';

export interface EncodedFile {
  message?: LineMessage;
  /** The file as a link, where LINE has no message for it. */
  text?: string;
  losses: Loss[];
}

/** LINE fetches files at their address; it has no message for anything but pictures, audio and video. */
export function encodeFile(
  attachment: Attachment,
  settings: Pick<LineSettings, 'videoPreviewUrl'>,
  link: (mediaId: string) => string | undefined,
): EncodedFile {
  const mediaId = mediaIdOf(attachment.contentUrl);
  const url = mediaId === undefined ? undefined : link(mediaId);
  const message = url === undefined ? undefined : messageOf(attachment, url, settings);
  if (message === undefined) return fileAsLink(attachment, link);
  const sticker = kindOfFile(attachment) === 'sticker';
  return { message, losses: sticker ? [{ code: 'sticker-as-picture' }] : [] };
}

function messageOf(
  attachment: Attachment,
  url: string,
  { videoPreviewUrl }: Pick<LineSettings, 'videoPreviewUrl'>,
): LineMessage | undefined {
  const facts = (attachment.content ?? {}) as FileFacts;
  const { size = 0 } = facts;
  switch (kindOfFile(attachment)) {
    case 'image':
    case 'sticker':
      if (!isOfType(attachment.contentType, types.image) || size > limits.imageBytes) return undefined;
      // An image message needs a preview of 1 MB at most. We have no smaller picture than this one: a larger one
      // goes as a flex message, whose pictures may be as large as the picture itself.
      return size > limits.previewBytes
        ? pictureBubble(attachment, facts, url)
        : { type: 'image', originalContentUrl: url, previewImageUrl: url };
    case 'audio':
    case 'voice':
      if (!isOfType(attachment.contentType, types.audio) || size > limits.audioBytes) return undefined;
      return { type: 'audio', originalContentUrl: url, duration: durationOf(facts) };
    case 'video':
      if (videoPreviewUrl === undefined) return undefined;
      if (!isOfType(attachment.contentType, types.video) || size > limits.videoBytes) return undefined;
      return { type: 'video', originalContentUrl: url, previewImageUrl: videoPreviewUrl };
    default:
      return undefined;
  }
}

/** LINE only shows it, and plays to the end whatever it says: where it is not known, what 64 kbit/s would take. */
function durationOf({ duration, size = 0 }: FileFacts): number {
  return Math.max(1, Math.round(duration ?? size / 8));
}

function pictureBubble(attachment: Attachment, { width, height }: FileFacts, url: string): LineMessage {
  // A flex picture may be three times as high as wide at most.
  const ratio = width === undefined || height === undefined || height > width * 3 ? '1:1' : `${width}:${height}`;
  return {
    type: 'flex',
    altText: clip(nameOf(attachment), { max: limits.altText, unit: 'utf16' }),
    contents: {
      type: 'bubble',
      hero: {
        type: 'image',
        url,
        size: 'full',
        aspectRatio: ratio,
        aspectMode: 'fit',
        action: { type: 'uri', uri: url },
      },
    },
  };
}
