import type { ChinaMobileSettings } from '../../config.ts';
import type { Limits } from '../../model.ts';
import type { Codec } from '../codec.ts';
import { sizes } from '../gsma.ts';
import { createClient } from './client.ts';
import { hear, items } from './decode.ts';
import { encode, revoke } from './encode.ts';
import { fileLimits } from './platform.ts';
import { verify } from './verify.ts';

/** China Mobile 5G messages. */
export function chinaMobile(settings: ChinaMobileSettings): Codec {
  return {
    limits,
    traits: { typing: { in: false, out: false }, idempotency: 'none' },
    account: settings.chatbotURI,
    appSecret: settings.callbackSecret,
    verify: (request, now) => verify(request, settings.callbackSecret, now),
    items,
    hear,
    encode: (message, scope) => encode(settings, message, scope),
    revoke: (messageId, scope) => revoke(settings, messageId, scope),
    client: (host) => createClient(host, settings),
  };
}

const limits: Limits = {
  ...sizes,
  // The network names no length; this is what every phone takes.
  text: { max: 3_072, unit: 'utf16' },
  files: {
    image: {
      maxBytes: fileLimits.image,
      types: ['image/jpeg', 'image/jpg', 'image/png', 'image/gif'],
      otherwise: 'image/jpeg',
    },
    audio: {
      maxBytes: fileLimits.audio,
      types: ['audio/mpeg', 'audio/mp3', 'audio/mp4', 'audio/aac', 'audio/amr'],
      otherwise: 'audio/mpeg',
    },
    video: { maxBytes: fileLimits.video, types: ['video/mp4', 'video/3gpp'], otherwise: 'video/mp4' },
  },
  filesBy: 'upload',
  location: { datum: 'gcj02', asLink: false },
};
