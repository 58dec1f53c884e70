import { z } from 'zod';
import { apiBaseUrl, lifecycleSettings, secret } from '../kit/index.ts';

/** What an administrator sets for one channel of this type. */
export const settings = z.strictObject({
  address: z
    .url({ protocol: /^https$/, message: 'must be an address such as "https://chat.example/foyer"' })
    .max(1_000)
    .meta({
      title: 'Your address',
      description: 'Where your system takes messages of ours: https, reachable from the internet.',
    }),
  secret: secret(
    'Shared secret',
    'Signs the requests of both sides. Any text of 32 characters or more, the same in your system.',
  ).min(32, 'must have at least 32 characters'),
  apiBaseUrl,
  ...lifecycleSettings,
});

export type WebhookSettings = z.infer<typeof settings>;
