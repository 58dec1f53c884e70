import type { TelecomUnicomSettings } from '../../config.ts';
import type { Limits } from '../../model.ts';
import type { Codec } from '../codec.ts';
import { sizes } from '../gsma.ts';
import { createClient } from './client.ts';
import { hear, items } from './decode.ts';
import { encode, revoke } from './encode.ts';
import { verify } from './verify.ts';

/** China Telecom and China Unicom 5G messages: known only from third parties. */
export function telecomUnicom(settings: TelecomUnicomSettings): Codec {
  return {
    limits,
    traits: { typing: { in: false, out: false }, idempotency: 'none' },
    account: settings.chatbotId,
    appSecret: settings.callbackSecret,
    verify: (request, now) => verify(request, settings, now),
    items,
    hear,
    encode: (message, scope) => encode(settings, message, scope),
    revoke,
    client: (host) => createClient(host, settings),
  };
}

const limits: Limits = {
  ...sizes,
  text: { max: 3_072, unit: 'utf16' },
  files: {
    image: {
      maxBytes: 2_000_000,
      types: ['image/jpeg', 'image/jpg', 'image/png', 'image/gif'],
      otherwise: 'image/jpeg',
    },
    audio: {
      maxBytes: 5_000_000,
      types: ['audio/mpeg', 'audio/mp3', 'audio/amr', 'audio/aac'],
      otherwise: 'audio/mpeg',
    },
    video: { maxBytes: 10_000_000, types: ['video/mp4'], otherwise: 'video/mp4' },
  },
  filesBy: 'upload',
  location: { datum: 'gcj02', asLink: false },
};
