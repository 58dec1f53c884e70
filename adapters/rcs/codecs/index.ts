import type { RcsSettings } from '../config.ts';
import { chinaMobile } from './china-mobile/index.ts';
import type { Codec } from './codec.ts';
import { googleRbm } from './google-rbm/index.ts';
import { gsmaMaap } from './gsma-maap/index.ts';
import { telecomUnicom } from './telecom-unicom/index.ts';

/** The language of the network that these settings connect to. */
export function codecOf(settings: RcsSettings): Codec {
  switch (settings.provider) {
    case 'google-rbm':
      return googleRbm(settings);
    case 'china-mobile':
      return chinaMobile(settings);
    case 'telecom-unicom':
      return telecomUnicom(settings);
    case 'gsma-maap':
      return gsmaMaap(settings);
  }
}
