import { z } from 'zod';
import { apiBaseUrl, groupsSetting, lifecycleSettings, secret } from '../kit/settings.ts';

const userId = z
  .string()
  .trim()
  .regex(/^\d{1,20}$/, 'must be the number of the account, such as "4337869213"');

/** What an administrator sets for one X account. Names are X's own; where each stands is in docs/channels/twitter.md. */
export const settings = z
  .strictObject({
    accountId: userId.meta({
      title: 'Account id',
      description: 'The number of the X account whose direct messages are answered (its user id, not its @name).',
    }),
    consumerKey: secret('Consumer key', 'API key of the app, from its "Keys and tokens" page.'),
    consumerSecret: secret(
      'Consumer secret',
      'API key secret of the app. It signs webhooks too; the bearer token or the OAuth 2.0 client secret do not.',
    ),
    auth: z.enum(['oauth1', 'oauth2']).default('oauth1').meta({
      title: 'Sign in by',
      description:
        'oauth1: access token and secret, which do not expire. oauth2: client id and a refresh token, which X replaces at every use.',
    }),
    accessToken: secret(
      'Access token',
      'With oauth1: of the account, made with "Read and write and Direct message" permission.',
    ).optional(),
    accessTokenSecret: secret('Access token secret', 'With oauth1: belongs to the access token.').optional(),
    clientId: z.string().trim().min(1).max(200).optional().meta({
      title: 'Client id',
      description: 'With oauth2: OAuth 2.0 client id of the app.',
    }),
    clientSecret: secret('Client secret', 'With oauth2: of confidential clients only.').optional(),
    refreshToken: secret(
      'Refresh token',
      'With oauth2: from an authorisation with the scopes dm.read, dm.write, tweet.read, users.read, media.write and offline.access. Used once; those that replace it are kept by the server.',
    ).optional(),
    groups: groupsSetting,
    ...lifecycleSettings,
    apiBaseUrl,
  })
  .refine(({ auth, accessToken }) => auth !== 'oauth1' || accessToken !== undefined, {
    path: ['accessToken'],
    message: 'is needed to sign in by oauth1',
  })
  .refine(({ auth, accessTokenSecret }) => auth !== 'oauth1' || accessTokenSecret !== undefined, {
    path: ['accessTokenSecret'],
    message: 'is needed to sign in by oauth1',
  })
  .refine(({ auth, clientId }) => auth !== 'oauth2' || clientId !== undefined, {
    path: ['clientId'],
    message: 'is needed to sign in by oauth2',
  })
  .refine(({ auth, refreshToken }) => auth !== 'oauth2' || refreshToken !== undefined, {
    path: ['refreshToken'],
    message: 'is needed to sign in by oauth2',
  });

export type TwitterSettings = z.infer<typeof settings>;
