import { z } from 'zod';
import { type Capabilities, messagingLifecycle } from '../contract/index.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Settings that several channel types have, so that they are called and explained the same. */

/** A credential: write-only, never blank. Spaces around it come from copying and are taken away. */
export function secret(title: string, description: string) {
  return z.string().trim().min(1, 'must not be empty').max(10_000).meta({ writeOnly: true, title, description });
}

/** Whether an address may stand in for a platform's hosts. */
function isStandIn(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || /[?#]/.test(value) || url.username !== '' || url.password !== '') return false;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

/** The server's `fetch` calls this in place of the origin of every host of the platform, with the path behind it. */
export const apiBaseUrl = z
  .string()
  .max(300)
  .refine(isStandIn, {
    message: 'must be an address such as "https://proxy.example", without query; http only for this machine',
  })
  .optional()
  .meta({
    title: 'Address instead of the platform',
    description:
      'Replaces the origin of every host of the platform that is called; for tests and simulators. Leave empty otherwise.',
  });

/** How sessions rest and end. Left out: 15 minutes, 24 hours, 24 hours. */
export const lifecycleSettings = {
  parkAfterMinutes: z.number().min(1).max(10_080).nullable().optional().meta({
    title: 'Park after (minutes)',
    description:
      "Answered, and the customer silent this long: the session is parked and takes none of the agent's capacity. Default 15; null: never.",
  }),
  closeAfterHours: z.number().min(0.1).max(8_760).nullable().optional().meta({
    title: 'Close after (hours)',
    description: 'Nobody has written for this long: the session is closed. Default 24; null: never.',
  }),
  reopenWithinHours: z.number().min(0).max(8_760).optional().meta({
    title: 'Reopen within (hours)',
    description: "A customer's message this soon after closing goes on in the same session. Default 24.",
  }),
} as const;

export interface LifecycleSettings {
  parkAfterMinutes?: number | null | undefined;
  closeAfterHours?: number | null | undefined;
  reopenWithinHours?: number | undefined;
}

/** The life-cycle times of these settings in milliseconds; what is not set is as messaging channels have it. */
export function lifecycleOf(values: LifecycleSettings): Capabilities['lifecycle'] {
  const times = (value: number | null | undefined, unit: number, otherwise: number | null) => {
    if (value === undefined) return otherwise;
    return value === null ? null : Math.round(value * unit);
  };
  return {
    parkAfter: times(values.parkAfterMinutes, minute, messagingLifecycle.parkAfter),
    closeAfter: times(values.closeAfterHours, hour, messagingLifecycle.closeAfter),
    reopenWithin: Math.round((values.reopenWithinHours ?? messagingLifecycle.reopenWithin / hour) * hour),
    abandonAfter: messagingLifecycle.abandonAfter,
  };
}

/** What becomes of messages in groups. */
export const groupsSetting = z.enum(['ignored', 'answered']).default('ignored').meta({
  title: 'Groups',
  description: 'Messages in groups the account was added to: ignored, or answered like any other conversation.',
});
