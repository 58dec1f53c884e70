import { type Capabilities, defineAdapter } from '../contract/index.ts';
import { lifecycleOf } from '../kit/index.ts';
import { createClient } from './client.ts';
import { settings, type WechatSettings } from './config.ts';
import { decode } from './decode.ts';
import { prepare } from './encode.ts';
import { articleLimits, grants, quickReplyLimits, textLimit, uploadLimits } from './platform.ts';
import { greet, maxBytes, verify } from './webhook.ts';

function capabilities(values: WechatSettings): Capabilities {
  const uploads = { by: 'upload' } as const;
  const file = (use: 'image' | 'voice' | 'video') => ({
    maxBytes: uploadLimits[use].maxBytes,
    types: [...uploadLimits[use].types],
    ...uploads,
  });
  return {
    text: textLimit,
    splits: true,
    formatting: 'plain',
    attachments: { max: 10, maxBytes: 25_000_000, types: ['*'] },
    files: {
      image: file('image'),
      sticker: file('image'),
      voice: file('voice'),
      audio: file('voice'),
      video: file('video'),
    },
    quickReplies: quickReplyLimits,
    buttons: { ...quickReplyLimits, text: textLimit },
    cards: { max: 1, buttons: 1, ...articleLimits },
    location: { in: true, out: false },
    contact: { in: false, out: false },
    typing: { in: false, out: true },
    receipts: { delivered: false, read: false },
    quotes: { in: false, out: false },
    reactions: { in: false, out: false },
    edits: { in: false, out: false },
    deletions: { in: false, out: false },
    window: { duration: grants.message.duration, quota: grants.message.quota, afterwards: 'template' },
    idempotency: 'none',
    groups: 'never',
    presence: 'none',
    lifecycle: lifecycleOf(values),
  };
}

/** WeChat service accounts (公众号, 服务号). */
export const wechat = defineAdapter<WechatSettings>({
  type: 'wechat',
  title: 'WeChat',
  settings,
  capabilities,
  variants: [
    {
      title: 'WeChat',
      settings: {
        appId: 'wx2c2769f8efd9abc2',
        appSecret: '0123456789abcdef0123456789abcdef',
        token: 'weixin',
        mode: 'safe',
        encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      },
    },
  ],
  webhook: { maxBytes, verify, decode, greet },
  account: ({ originalId }) => originalId,
  prepare,
  create: createClient,
});
