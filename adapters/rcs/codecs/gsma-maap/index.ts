import type { GsmaMaapSettings } from '../../config.ts';
import type { Limits } from '../../model.ts';
import type { Codec } from '../codec.ts';
import { sizes } from '../gsma.ts';
import { createClient } from './client.ts';
import { hear, items } from './decode.ts';
import { encode, revoke } from './encode.ts';
import { verify } from './verify.ts';

/** MaaP platforms with GSMA's own interface: tried against none. */
export function gsmaMaap(settings: GsmaMaapSettings): Codec {
  return {
    limits,
    traits: { typing: { in: true, out: true }, idempotency: 'none' },
    account: settings.botId,
    appSecret: settings.callbackSecret,
    verify: (request, now) => verify(request, settings.callbackSecret, now),
    items,
    hear,
    encode,
    revoke,
    client: (host) => createClient(host, settings),
  };
}

const limits: Limits = {
  ...sizes,
  text: { max: 3_072, unit: 'utf16' },
  files: {
    image: {
      maxBytes: 10_000_000,
      types: ['image/jpeg', 'image/jpg', 'image/png', 'image/gif'],
      otherwise: 'image/jpeg',
    },
    audio: {
      maxBytes: 10_000_000,
      types: ['audio/mpeg', 'audio/mp3', 'audio/mp4', 'audio/amr', 'audio/aac'],
      otherwise: 'audio/mpeg',
    },
    video: { maxBytes: 10_000_000, types: ['video/mp4'], otherwise: 'video/mp4' },
    file: { maxBytes: 10_000_000, types: ['*'] },
  },
  filesBy: 'upload',
  location: { datum: 'wgs84', asLink: false },
};
