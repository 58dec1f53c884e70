import { z } from 'zod';
import { groupsSetting, lifecycleSettings } from '../kit/settings.ts';

/** Said wherever the channel type is shown. */
export const warning =
  'Unofficial: this drives WhatsApp Web in a browser, which WhatsApp’s terms forbid. The number may be banned without notice, and any change WhatsApp makes may break it. Use a number you can lose, or the channel type "WhatsApp" (Cloud API).';

/** What an administrator sets for one WhatsApp number that is linked by QR code. */
export const settings = z
  .strictObject({
    executablePath: z.string().trim().min(1).max(1000).optional().meta({
      title: 'Path of the browser',
      description:
        'Chromium or Chrome on the server’s machine, such as /usr/bin/chromium. Left out: looked for in the usual places.',
    }),
    noSandbox: z.boolean().default(false).meta({
      title: 'Browser without sandbox',
      description:
        'Needed in most containers, where Chromium cannot make its sandbox. Where the server runs as root it is always without.',
    }),
    groups: groupsSetting,
    ...lifecycleSettings,
  })
  .meta({ title: 'WhatsApp (unofficial, by QR code)', description: warning });

export type WhatsappWebSettings = z.infer<typeof settings>;
