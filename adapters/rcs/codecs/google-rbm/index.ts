import type { GoogleRbmSettings } from '../../config.ts';
import type { Limits } from '../../model.ts';
import type { Codec } from '../codec.ts';
import { sizes } from '../gsma.ts';
import { createClient } from './client.ts';
import { hear, items } from './decode.ts';
import { encode, revoke } from './encode.ts';
import { audioTypes, imageTypes, largestFile, videoTypes } from './platform.ts';
import { verify } from './verify.ts';

/** Google RCS for Business. */
export function googleRbm(settings: GoogleRbmSettings): Codec {
  return {
    limits: limitsOf(settings),
    traits: { typing: { in: true, out: true }, idempotency: 'key' },
    account: settings.agentId,
    appSecret: settings.clientToken,
    verify: (request, now) => verify(request, settings.clientToken, now),
    items,
    hear,
    encode: (message, scope) => encode(settings, message, scope),
    revoke,
    client: (host) => createClient(host, settings),
  };
}

function limitsOf({ files }: GoogleRbmSettings): Limits {
  return {
    ...sizes,
    text: { max: 3_072, unit: 'utf16' },
    files: {
      image: { maxBytes: largestFile, types: imageTypes, otherwise: 'image/jpeg' },
      audio: { maxBytes: largestFile, types: audioTypes, otherwise: 'audio/mpeg' },
      video: { maxBytes: largestFile, types: videoTypes, otherwise: 'video/mp4' },
      file: { maxBytes: largestFile, types: ['application/pdf'] },
    },
    filesBy: files,
    location: { datum: 'wgs84', asLink: true },
  };
}
