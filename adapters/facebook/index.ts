import { type Capabilities, defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/settings.ts';
import { createClient } from './client.ts';
import { type FacebookSettings, settings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { fileTypes, limits, times } from './platform.ts';
import { maxBytes, verify } from './webhook.ts';

const example: FacebookSettings = {
  platform: 'messenger',
  appId: '1234567890',
  appSecret: 'of the app',
  verifyToken: 'of your choice',
  pageId: '102290129340398',
  pageAccessToken: 'of the Page',
  humanAgent: false,
  graphVersion: 'v25.0',
};

/** Facebook Messenger, and Instagram messages of an account linked to a Page. */
export const facebook = defineAdapter<FacebookSettings>({
  type: 'facebook',
  title: 'Facebook Messenger and Instagram',
  settings,
  capabilities,
  variants: [
    { title: 'Messenger', settings: example },
    { title: 'Instagram', settings: { ...example, platform: 'instagram', instagramAccountId: '17841405822304914' } },
  ],
  webhook: { maxBytes, verify, decode },
  account: ({ platform, pageId, instagramAccountId }) => (platform === 'instagram' ? instagramAccountId : pageId),
  appSecret: (values) => values.appSecret,
  prepare,
  create: (host) => createClient(host),
});

function capabilities(values: FacebookSettings): Capabilities {
  const { platform, humanAgent } = values;
  const messenger = platform === 'messenger';
  const { quickReplies, buttons, cards, image, file } = limits;
  return {
    text: { ...limits[platform].text },
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: file, types: ['*'] },
    files: {
      image: { maxBytes: image, types: [...fileTypes.image], by: 'upload' },
      audio: { maxBytes: file, types: [...fileTypes.audio], by: 'upload' },
      voice: { maxBytes: file, types: [...fileTypes.audio], by: 'upload' },
      video: { maxBytes: file, types: [...fileTypes.video], by: 'upload' },
      file: { maxBytes: file, types: messenger ? ['*'] : ['application/pdf'], by: 'upload' },
    },
    quickReplies: { max: quickReplies.max, title: { ...quickReplies.title } },
    buttons: { max: buttons.max, title: { ...buttons.title }, text: { ...buttons.text } },
    cards: { max: cards.max, buttons: buttons.max, title: { ...cards.text }, text: { ...cards.text } },
    location: { in: true, out: false },
    contact: { in: false, out: false },
    typing: { in: false, out: true },
    receipts: { delivered: messenger, read: true },
    quotes: { in: true, out: true },
    reactions: { in: true, out: true },
    edits: { in: true, out: false },
    deletions: { in: true, out: false },
    window: { duration: humanAgent ? times.humanAgentWindow : times.window, afterwards: 'nothing' },
    idempotency: 'none',
    groups: 'never',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  };
}
