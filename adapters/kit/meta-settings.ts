import { z } from 'zod';
import { secret } from './settings.ts';

/** Settings that every channel of a Meta app has, called as Meta's App Dashboard calls them. */

/** An id of Meta's: digits, kept as text because they exceed what a number holds. */
export function metaId(title: string, description: string) {
  return z
    .string()
    .trim()
    .regex(/^\d{1,30}$/, 'must be the digits of the id, such as "102290129340398"')
    .meta({ title, description });
}

export const metaAppSettings = {
  appId: metaId('App ID', 'Of the Meta app, from App settings, Basic.'),
  appSecret: secret('App secret', 'Of the Meta app, from App settings, Basic. It signs the webhooks.'),
  verifyToken: secret(
    'Verify token',
    'Any long text of your choice; the same one is entered beside the webhook address in the App Dashboard.',
  ),
} as const;

export const graphVersion = z
  .string()
  .trim()
  .regex(/^v\d{1,3}\.\d{1,2}$/, 'must be a version such as "v25.0"')
  .default('v25.0')
  .meta({ title: 'Graph API version', description: 'Meta keeps each version for about two years. Default v25.0.' });
