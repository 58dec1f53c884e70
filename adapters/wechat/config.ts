import { z } from 'zod';
import { apiBaseUrl, lifecycleSettings, secret } from '../kit/index.ts';

/** What an administrator sets for one WeChat service account. Names are those of the WeChat console. */
export const settings = z
  .strictObject({
    appId: z
      .string()
      .trim()
      .regex(/^wx[0-9a-zA-Z]{6,30}$/, 'must be the AppID of the console: "wx" and 16 letters and digits')
      .meta({ title: 'AppID', description: 'WeChat console, Settings and development, Basic configuration: AppID.' }),
    appSecret: secret(
      'AppSecret',
      'The AppSecret beside the AppID. The console shows it once; a reset makes the old one worthless at once.',
    ),
    token: secret(
      'Token',
      'What you entered as Token in the server configuration of the console: 3 to 32 letters and digits.',
    ),
    mode: z.enum(['plain', 'compatible', 'safe']).default('safe').meta({
      title: 'Message encryption',
      description:
        'As chosen in the server configuration. Use safe: in plain mode the signature does not cover what a message says.',
    }),
    encodingAESKey: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9]{43}$/, 'must be the 43 letters and digits of the console')
      .optional()
      .meta({
        writeOnly: true,
        title: 'EncodingAESKey',
        description: 'From the same page: 43 letters and digits. Needed unless messages are plain.',
      }),
    originalId: z
      .string()
      .trim()
      .regex(/^gh_[0-9a-zA-Z_-]{1,60}$/, 'must begin with "gh_"')
      .optional()
      .meta({
        title: 'Original id',
        description:
          'Account details in the console: gh_ and 12 characters. When given, deliveries for another account are dropped.',
      }),
    greeting: z.string().trim().max(600).optional().meta({
      title: 'Greeting',
      description:
        'Answers the first message of a session at once and uses none of the message quota. Empty: no greeting.',
    }),
    kfAccount: z
      .string()
      .trim()
      .regex(/^[^\s@]{1,60}@[^\s@]{1,60}$/, 'must look like "anna@shop"')
      .optional()
      .meta({
        title: 'Customer service account',
        description:
          'Messages are shown as from this customer service account (kf_account). Empty: as from the account.',
      }),
    ...lifecycleSettings,
    apiBaseUrl,
  })
  .superRefine((values, context) => {
    if (values.mode === 'plain' || values.encodingAESKey !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['encodingAESKey'],
      message: `is needed in ${values.mode} mode: copy it from the server configuration of the WeChat console`,
    });
  });

export type WechatSettings = z.infer<typeof settings>;
