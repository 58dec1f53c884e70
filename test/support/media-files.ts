import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Files of the kinds that people and attackers send, made on the spot. */

const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#468', noise: { type: 'gaussian', mean: 128, sigma: 20 } },
  });

/** A photo as phones take it: lying on its side, with the place it was taken. */
export function photoWithPlace(width = 1200, height = 800): Promise<Buffer> {
  return noise(width, height)
    .jpeg()
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'CanaryPhone', Artist: 'CanaryPerson' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '51/1 30/1 3230/100',
        GPSLongitudeRef: 'W',
        GPSLongitude: '0/1 7/1 4366/100',
      },
    })
    .toBuffer();
}

export const plainPng = (width = 40, height = 30): Promise<Buffer> => noise(width, height).png().toBuffer();

/** `frames` pictures that differ. */
export async function animation(format: 'gif' | 'webp', frames = 4, side = 64): Promise<Buffer> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, n) =>
      sharp({ create: { width: side, height: side, channels: 3, background: { r: n * 60, g: 90, b: 200 } } })
        .png()
        .toBuffer(),
    ),
  );
  return await sharp(pictures, { join: { animated: true } })
    [format]()
    .toBuffer();
}

/** A PNG of few bytes and very many pixels. */
export function pngBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  // One row after another, all zero, deflated; the decoder would need side × side bytes.
  const rows = deflateSync(Buffer.alloc((side + 1) * Math.min(side, 2000)), { level: 9 });
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A GIF of one pixel and very many frames. */
export function gifOfFrames(frames: number): Buffer {
  const frame = Buffer.from('21f90400010000002c0000000001000100000202440100', 'hex');
  return Buffer.concat([
    Buffer.from('47494638396101000100800000000000ffffff', 'hex'),
    ...Array<Buffer>(frames).fill(frame),
    Buffer.from('3b', 'hex'),
  ]);
}

export const html = Buffer.from('<!doctype html><html><script>alert(document.domain)</script></html>');
export const svg = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script></svg>',
);
export const pdf = Buffer.from(
  '%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF',
);

/** A GIF that is also a script: `GIF89a=…`. */
export const gifScript = Buffer.concat([Buffer.from('GIF89a=1;alert(document.domain)//'), Buffer.alloc(64)]);

/** A JPEG with a whole ZIP behind it, and markup in its comment. */
export async function jpegPolyglot(): Promise<Buffer> {
  const jpeg = await noise(32, 32).jpeg().toBuffer();
  const text = Buffer.from('<script>alert("CanaryMarkup")</script>');
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text]);
  const zip = Buffer.from('504b0304140000000000CanaryZip504b0506'.replace('CanaryZip', '00'.repeat(9)), 'hex');
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), zip, Buffer.from('CanaryTail')]);
}

/** The 55 bytes by which an ASF parser once never came to an end (CVE-2026-31808). */
export function endlessAsf(): Buffer {
  const file = Buffer.alloc(55);
  Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex').copy(file);
  file.writeBigUInt64LE(55n, 16);
  return file;
}
