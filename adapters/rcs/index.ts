import { defineAdapter } from '../contract/index.ts';
import { capabilities } from './capabilities.ts';
import { codecOf } from './codecs/index.ts';
import { type RcsSettings, settings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { variants } from './variants.ts';
import { maxBytes, verify } from './webhook.ts';

/** RCS, in China 5G messages: one model, and a codec for each network. */
export const rcs = defineAdapter<RcsSettings>({
  type: 'rcs',
  title: 'RCS (5G message)',
  settings,
  capabilities,
  variants,
  webhook: { maxBytes, verify, decode },
  account: (values) => codecOf(values).account,
  appSecret: (values) => codecOf(values).appSecret,
  prepare,
  create: (host) => codecOf(host.channel.settings).client(host),
});
