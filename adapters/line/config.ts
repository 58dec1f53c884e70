import { z } from 'zod';
import { apiBaseUrl, groupsSetting, lifecycleSettings, secret } from '../kit/index.ts';

/** What an administrator sets for one LINE official account. All of it stands in the LINE Developers console. */
export const settings = z
  .strictObject({
    channelSecret: secret(
      'Channel secret',
      'LINE Developers console, your Messaging API channel, "Basic settings": proves that webhooks come from LINE.',
    ),
    channelAccessToken: secret(
      'Channel access token (long-lived)',
      '"Messaging API" tab, "Issue". Leave empty to have short-lived tokens made from the channel ID and secret.',
    ).optional(),
    channelId: z.string().trim().min(1).max(100).optional().meta({
      title: 'Channel ID',
      description: '"Basic settings". Needed when there is no long-lived channel access token.',
    }),
    groups: groupsSetting,
    videoPreviewUrl: z
      .url({ protocol: /^https$/, message: 'must be an address such as "https://shop.example/video.png"' })
      .max(2_000)
      .optional()
      .meta({
        title: 'Picture for videos',
        description:
          'Address of a JPEG or PNG up to 1 MB that LINE shows for a video until it plays. Without it videos go as links.',
      }),
    apiBaseUrl,
    ...lifecycleSettings,
  })
  .refine(({ channelAccessToken, channelId }) => channelAccessToken !== undefined || channelId !== undefined, {
    path: ['channelAccessToken'],
    message: 'give a long-lived channel access token, or the channel ID',
  });

export type LineSettings = z.infer<typeof settings>;
