import { crc32, deflateSync } from 'node:zlib';

const size = 120;

/** A drawn face as PNG with transparent ground; its colour and mouth follow from the sticker's id. */
export function stickerPicture(stickerId: string): Buffer {
  let seed = 7;
  for (const char of stickerId) seed = (seed * 31 + char.charCodeAt(0)) % 9973;
  const hues: [number, number, number][] = [
    [255, 214, 92],
    [143, 209, 158],
    [244, 162, 172],
    [150, 190, 240],
    [214, 178, 236],
  ];
  const ground = hues[seed % hues.length] ?? [255, 214, 92];
  const smile = seed % 2 === 0;
  const rows: Buffer[] = [];
  for (let y = 0; y < size; y++) {
    const row = Buffer.alloc(1 + size * 4);
    for (let x = 0; x < size; x++) {
      const [dx, dy] = [x - 60, y - 60];
      if (dx * dx + dy * dy > 56 * 56) continue;
      const dark = isEye(dx, dy) || isMouth(dx, dy, smile);
      row.set(dark ? [70, 50, 40, 255] : [...ground, 255], 1 + x * 4);
    }
    rows.push(row);
  }
  return png(Buffer.concat(rows));
}

function isEye(dx: number, dy: number): boolean {
  const [x, y] = [Math.abs(dx) - 20, dy + 14];
  return x * x * 1.6 + y * y < 60;
}

function isMouth(dx: number, dy: number, smile: boolean): boolean {
  if (!smile) return dx * dx + (dy - 24) * (dy - 24) < 110;
  const curve = 30 - (dx * dx) / 60;
  return Math.abs(dx) < 28 && Math.abs(dy - curve) < 4;
}

function png(rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  // 8 bits a channel, red green blue alpha.
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
