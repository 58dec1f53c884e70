import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { type PictureLimits, type PictureType, pictureFormats, pictureRefusal } from './media-policy.ts';

// Only the decoders of the formats taken in: others were the ones with holes, and sharp would read SVG.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/** Longest side of a thumbnail, in pixels. */
const thumbnailSide = 480;

/** A picture that cannot be taken in; the message is for its sender. */
export class PictureRefused extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PictureRefused';
  }
}

export interface CleanPicture {
  contentType: string;
  extension: string;
  /** Extensions that fit the type. */
  names: readonly string[];
  /** Pixels, upright; of one frame. */
  width: number;
  height: number;
  /** Whether a thumbnail was written: pictures that are small already have none. */
  thumbnail: boolean;
}

let busy: Promise<unknown> = Promise.resolve();

/**
 * Make a picture anew into `output`, upright and without any metadata, and a thumbnail into `thumbnail`.
 * Pictures with too many pixels or frames are refused by their header. One picture at a time, so that memory has a bound.
 * Throws {@link PictureRefused}.
 */
export function cleanPicture(
  input: string,
  type: PictureType,
  output: string,
  thumbnail: string,
  limits: PictureLimits,
): Promise<CleanPicture> {
  const turn = busy.then(() => clean(input, type, output, thumbnail, limits));
  busy = turn.catch(() => {});
  return turn;
}

async function clean(
  input: string,
  type: PictureType,
  output: string,
  thumbnail: string,
  limits: PictureLimits,
): Promise<CleanPicture> {
  const format = pictureFormats[type];
  if ((await stat(input)).size > limits.bytes) {
    throw new PictureRefused(`Pictures may have at most ${Math.floor(limits.bytes / 1024 ** 2)} MB.`);
  }
  const animated = format.to === 'gif' || format.to === 'webp';
  const options = { animated, failOn: 'error', limitInputPixels: limits.pixels, sequentialRead: true } as const;
  try {
    // Reads the header only; the pixel limit is ours to check, with words for the sender.
    const header = await sharp(input, { ...options, limitInputPixels: false }).metadata();
    const frames = header.pages ?? 1;
    const refusal = pictureRefusal(
      type,
      { width: header.width, height: header.pageHeight ?? header.height, frames },
      limits,
    );
    if (refusal !== undefined) throw new PictureRefused(refusal);
    const upright = frames === 1 ? sharp(input, options).autoOrient() : sharp(input, options);
    const made = await upright
      .toFormat(format.to, encoding[format.to])
      .timeout({ seconds: limits.seconds })
      .toFile(output);
    const width = made.width;
    const height = made.pageHeight ?? made.height;
    const small = frames === 1 && width <= thumbnailSide && height <= thumbnailSide;
    if (!small) {
      await sharp(output, { failOn: 'error', limitInputPixels: limits.pixels })
        .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 78 })
        .timeout({ seconds: limits.seconds })
        .toFile(thumbnail);
    }
    const { contentType, extension, names } = format;
    return { contentType, extension, names, width, height, thumbnail: !small };
  } catch (cause) {
    if (cause instanceof PictureRefused || isWriteFailure(cause)) throw cause;
    throw new PictureRefused('The picture is damaged or cannot be read.', { cause });
  }
}

/** The disk's fault, not the picture's: libvips says so only in words. */
function isWriteFailure(error: unknown): boolean {
  return error instanceof Error && /: write error|unable to open for write|no space left/i.test(error.message);
}

const encoding = {
  // Optimised coding would hold the whole picture, for a twentieth of its bytes.
  jpeg: { quality: 88, optimiseCoding: false },
  png: {},
  gif: { effort: 4 },
  webp: { quality: 88, effort: 2 },
} as const;
