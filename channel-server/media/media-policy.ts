/** Bounds of what the media cache takes in. Sizes in bytes, times in milliseconds. */
export interface MediaLimits {
  /** Largest file, whatever a channel allows. */
  maxBytes: number;
  /** All stored media of one tenant together. */
  tenantBytes: number;
  /** Disk space that stays free for messages: a share of the disk, but at most so many bytes. */
  keepFree: { share: number; bytes: number };
  /** Unfinished uploads of one uploader. */
  unfinishedPerUploader: number;
  /** An upload not finished this long after it began is removed. */
  uploadWithin: number;
  /** An upload that no byte arrives for is cut; it can be resumed. */
  stallAfter: number;
  /** Finished media that no message used within this time are removed. */
  linkWithin: number;
  /** How long linked media are kept; null: as long as their session. */
  keepFor: number | null;
  picture: PictureLimits;
}

export interface PictureLimits {
  /** Largest file that is decoded at all. */
  bytes: number;
  /** Width times height times frames, as the header says. */
  pixels: number;
  /** Width times height of formats whose decoder holds a whole frame, at about 12 bytes a pixel. */
  heldPixels: number;
  frames: number;
  /** Longest side in pixels. */
  side: number;
  /** Longest time for decoding and encoding, in seconds. */
  seconds: number;
}

const hour = 60 * 60 * 1000;

export const defaultLimits: MediaLimits = {
  maxBytes: 2 * 1024 ** 3,
  tenantBytes: 50 * 1024 ** 3,
  keepFree: { share: 0.05, bytes: 2 * 1024 ** 3 },
  unfinishedPerUploader: 20,
  uploadWithin: 24 * hour,
  stallAfter: 60_000,
  linkWithin: 24 * hour,
  keepFor: null,
  picture: {
    bytes: 64 * 1024 ** 2,
    pixels: 50_000_000,
    heldPixels: 16_000_000,
    frames: 500,
    side: 16_383,
    seconds: 20,
  },
};

/** Pictures that are decoded and made anew: what is stored and shown never holds the sender's own bytes. */
export const pictureFormats = {
  'image/jpeg': { to: 'jpeg', contentType: 'image/jpeg', extension: 'jpg', names: ['jpg', 'jpeg'] },
  'image/png': { to: 'png', contentType: 'image/png', extension: 'png', names: ['png'] },
  'image/apng': { to: 'png', contentType: 'image/png', extension: 'png', names: ['png'] },
  'image/gif': { to: 'gif', contentType: 'image/gif', extension: 'gif', names: ['gif'] },
  'image/webp': { to: 'webp', contentType: 'image/webp', extension: 'webp', names: ['webp'] },
  // Encoding AVIF takes seconds per picture.
  'image/avif': { to: 'webp', contentType: 'image/webp', extension: 'webp', names: ['webp'] },
} as const;
export type PictureType = keyof typeof pictureFormats;

export function isPicture(contentType: string): contentType is PictureType {
  return Object.hasOwn(pictureFormats, contentType);
}

/** Photo formats that tell where they were taken and that cannot be made anew here: refused rather than passed on. */
const uncleanable = new Set([
  'image/heic',
  'image/heic-sequence',
  'image/heif',
  'image/heif-sequence',
  'image/tiff',
  'image/jxl',
  'image/jp2',
  'image/jpx',
  'image/jpm',
  'image/jls',
  'image/vnd.ms-photo',
  'image/x-adobe-dng',
  'image/x-canon-cr2',
  'image/x-canon-cr3',
  'image/x-fujifilm-raf',
  'image/x-nikon-nef',
  'image/x-olympus-orf',
  'image/x-panasonic-rw2',
  'image/x-sony-arw',
]);

/** Types a page may show or play in place. Everything else is only ever saved. */
const inline = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'audio/aac',
  'audio/amr',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'audio/x-m4a',
  'video/mp4',
  'video/ogg',
  'video/quicktime',
  'video/webm',
]);

export function isInline(contentType: string): boolean {
  return inline.has(contentType);
}

/** Whether `contentType` is on an allow-list of MIME types, where `image/*` and `*` are wildcards. */
export function isAllowed(contentType: string, types: readonly string[]): boolean {
  const family = `${contentType.split('/')[0]}/*`;
  return types.some((type) => {
    const allowed = type.trim().toLowerCase();
    return allowed === '*' || allowed === '*/*' || allowed === family || allowed === contentType;
  });
}

/** Why a file of this type is refused, in words for its sender; undefined when it is welcome. */
export function typeRefusal(contentType: string, types: readonly string[]): string | undefined {
  if (uncleanable.has(contentType)) {
    return 'Pictures of this kind can give away where they were taken. Please send it as JPEG or PNG.';
  }
  if (!isAllowed(contentType, types)) return 'Files of this kind cannot be sent here.';
  return undefined;
}

const holding = new Set<PictureType>(['image/webp', 'image/avif']);

/** Why a picture is refused before it is decoded, by what its header says; undefined when it is welcome. */
export function pictureRefusal(
  type: PictureType,
  { width, height, frames }: { width: number; height: number; frames: number },
  limits: PictureLimits,
): string | undefined {
  if (frames > limits.frames) return `The animation has more than ${limits.frames} frames.`;
  if (width > limits.side || height > limits.side) {
    return `The picture is more than ${limits.side} pixels wide or high.`;
  }
  const most = holding.has(type) ? limits.heldPixels : limits.pixels;
  if (width * height <= most && width * height * frames <= limits.pixels) return undefined;
  return `The picture has too many pixels (at most ${Math.floor(most / 1_000_000)} megapixels).`;
}
