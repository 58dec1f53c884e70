import { z } from 'zod';
import { graphVersion, metaAppSettings, metaId } from '../kit/meta-settings.ts';
import { apiBaseUrl, lifecycleSettings, secret } from '../kit/settings.ts';

/** What an administrator sets for one Page or Instagram account. Where each stands is in docs/channels/facebook.md. */
export const settings = z
  .strictObject({
    platform: z.enum(['messenger', 'instagram']).default('messenger').meta({
      title: 'Messages of',
      description: 'messenger: the Facebook Page. instagram: the Instagram professional account linked to the Page.',
    }),
    ...metaAppSettings,
    pageId: metaId('Page ID', 'Of the Facebook Page; with Instagram, of the Page the account is linked to.'),
    instagramAccountId: metaId(
      'Instagram account ID',
      'With Instagram: the id of the professional account, such as "17841405822304914".',
    ).optional(),
    pageAccessToken: secret(
      'Page access token',
      'Long-lived token of the Page with pages_messaging and pages_manage_metadata; with Instagram also instagram_basic and instagram_manage_messages.',
    ),
    humanAgent: z.boolean().default(false).meta({
      title: 'Human agent tag',
      description:
        'Agents may answer up to 7 days after the customer wrote, not only 24 hours. Only when Meta approved the app for the Human Agent feature.',
    }),
    graphVersion,
    ...lifecycleSettings,
    apiBaseUrl,
  })
  .refine(({ platform, instagramAccountId }) => platform !== 'instagram' || instagramAccountId !== undefined, {
    path: ['instagramAccountId'],
    message: 'is needed for Instagram',
  });

export type FacebookSettings = z.infer<typeof settings>;
