import { z } from 'zod';
import { graphVersion, metaAppSettings, metaId } from '../kit/meta-settings.ts';
import { apiBaseUrl, groupsSetting, lifecycleSettings, secret } from '../kit/settings.ts';

/** What an administrator sets for one WhatsApp number. Where each stands is in docs/channels/whatsapp.md. */
export const settings = z.strictObject({
  ...metaAppSettings,
  phoneNumberId: metaId('Phone number ID', 'Of the number, from WhatsApp, API Setup. It is not the number itself.'),
  wabaId: metaId('WhatsApp Business Account ID', 'Of the account the number belongs to, from WhatsApp, API Setup.'),
  accessToken: secret(
    'Access token',
    'Of a system user, without end, with whatsapp_business_messaging and whatsapp_business_management. The one shown under API Setup ends within a day.',
  ),
  listButton: z.string().trim().min(1).max(20).default('Options').meta({
    title: 'Label of lists',
    description: 'Four to ten quick replies open from a button; this stands on it. Up to 20 letters.',
  }),
  groups: groupsSetting,
  graphVersion,
  ...lifecycleSettings,
  apiBaseUrl,
});

export type WhatsappSettings = z.infer<typeof settings>;
