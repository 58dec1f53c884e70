import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { withExtension } from './file-name.ts';

/** A file to be brought into another form. */
export interface TranscoderInput {
  name: string;
  contentType: string;
  stream: Readable;
}

/** The file in its new form, in a folder of its own that `remove` takes away. */
export interface Transcoded {
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  stream(): Readable;
  remove(): Promise<void>;
}

/** Brings pictures, sounds and films into the form a platform wants. */
export interface Transcoder {
  /** Rejects with {@link NotConvertible}, whose message is for people. */
  convert(input: TranscoderInput, form: { contentType: string; maxBytes?: number }): Promise<Transcoded>;
}

export class NotConvertible extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'NotConvertible';
  }
}

export interface TranscoderOptions {
  /** The program for sounds and films. Default `ffmpeg`, as the system finds it. */
  ffmpeg?: string;
  /** How long one file may take, ms. */
  timeout?: number;
  /** Address space the program may use, bytes; only where there is a POSIX shell. */
  memory?: number;
}

/** Sides of a picture are brought down to these, one after the other, until it is small enough; pixels. */
const sides = [undefined, 4096, 2048, 1280, 800] as const;
const mostPixels = 100_000_000;

/** ffmpeg's arguments for what platforms ask for, and the extension of such a file. */
const sounds: Record<string, { extension: string; args: string[] }> = {
  'audio/mpeg': { extension: 'mp3', args: ['-vn', '-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'] },
  'audio/aac': { extension: 'aac', args: ['-vn', '-c:a', 'aac', '-b:a', '64k', '-f', 'adts'] },
  'audio/mp4': { extension: 'm4a', args: ['-vn', '-c:a', 'aac', '-b:a', '64k', '-f', 'ipod'] },
  'audio/x-m4a': { extension: 'm4a', args: ['-vn', '-c:a', 'aac', '-b:a', '64k', '-f', 'ipod'] },
  'audio/ogg': { extension: 'ogg', args: ['-vn', '-c:a', 'libopus', '-b:a', '32k', '-ac', '1', '-f', 'ogg'] },
  'audio/amr': {
    extension: 'amr',
    args: ['-vn', '-c:a', 'libopencore_amrnb', '-ar', '8000', '-ac', '1', '-b:a', '12.2k', '-f', 'amr'],
  },
  'video/mp4': {
    extension: 'mp4',
    args: [
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
    ],
  },
};

export function createTranscoder(options: TranscoderOptions = {}): Transcoder {
  const { ffmpeg = 'ffmpeg', timeout = 60_000, memory = 2_000_000_000 } = options;

  async function sound(from: string, to: string, args: readonly string[]): Promise<void> {
    const all = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-i', from];
    const command = [ffmpeg, ...all, ...args, '-y', to];
    const limited = ['-c', `ulimit -v ${Math.floor(memory / 1024)}; exec "$@"`, 'sh', ...command];
    const child = spawn('sh', limited, { stdio: ['ignore', 'ignore', 'ignore'] });
    const overdue = setTimeout(() => child.kill('SIGKILL'), timeout);
    try {
      const code = await new Promise<number | null>((ended, failed) => {
        child.on('error', failed);
        child.on('close', ended);
      });
      if (code === 127)
        throw new NotConvertible('The file must be converted for this platform, which needs ffmpeg on the server.');
      if (code !== 0) throw new NotConvertible('The file could not be converted for this platform.');
    } finally {
      clearTimeout(overdue);
    }
  }

  return {
    async convert({ name, contentType, stream }, form) {
      const folder = await mkdtemp(join(tmpdir(), 'foyer-convert-'));
      const remove = () => rm(folder, { recursive: true, force: true });
      try {
        const from = join(folder, 'from');
        const to = join(folder, 'to');
        await pipeline(stream, createWriteStream(from));
        const picture = form.contentType === 'image/jpeg' || form.contentType === 'image/png';
        const made = sounds[form.contentType];
        const extension = picture ? (form.contentType === 'image/png' ? 'png' : 'jpg') : made?.extension;
        if (picture && contentType.startsWith('image/')) await repaint(from, to, form);
        else if (made !== undefined && /^(audio|video)\//.test(contentType)) await sound(from, to, made.args);
        else throw new NotConvertible(`A file of type ${contentType} cannot become ${form.contentType}.`);
        const { size } = await stat(to);
        if (form.maxBytes !== undefined && size > form.maxBytes) {
          throw new NotConvertible(`The file is larger than the ${form.maxBytes} bytes this platform takes.`);
        }
        return {
          name: extension === undefined ? name : withExtension(name, extension, [extension]),
          contentType: form.contentType,
          size,
          stream: () => createReadStream(to),
          remove,
        };
      } catch (error) {
        stream.destroy();
        await remove();
        throw error;
      }
    },
  };
}

/** A picture anew, upright, smaller and smaller until it fits. */
async function repaint(from: string, to: string, form: { contentType: string; maxBytes?: number }): Promise<void> {
  try {
    for (const side of sides) {
      let picture = sharp(from, { limitInputPixels: mostPixels }).autoOrient();
      if (side !== undefined) {
        picture = picture.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
      }
      picture =
        form.contentType === 'image/png'
          ? picture.png()
          : picture.flatten({ background: '#ffffff' }).jpeg({ quality: 85 });
      const { size } = await picture.timeout({ seconds: 20 }).toFile(to);
      if (form.maxBytes === undefined || size <= form.maxBytes) return;
    }
  } catch (cause) {
    throw new NotConvertible('The picture could not be converted for this platform.', { cause });
  }
}
