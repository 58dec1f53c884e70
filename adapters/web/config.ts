import { z } from 'zod';
import { originOf } from './origin.ts';

const minute = 60_000;

const origin = z
  .string()
  .max(300)
  .refine((value) => originOf(value) !== undefined, {
    message: 'must be an origin such as "https://shop.example": scheme, host and port only; http only for loopback',
  });

const identity = z
  .strictObject({
    hs256Secret: z.string().min(32, 'must have at least 32 characters').max(1_000).optional().meta({
      writeOnly: true,
      title: 'web.settings.hs256Secret',
      description: 'Shared secret that signs identities.',
    }),
    es256PublicKey: z
      .union([z.string().min(1).max(2_000), z.record(z.string(), z.string())])
      .optional()
      .meta({
        title: 'web.settings.es256PublicKey',
        description: 'Public key (PEM "BEGIN PUBLIC KEY", or a JWK) for identities signed with ES256.',
      }),
  })
  .meta({ title: 'web.settings.identity', description: 'How the company signs who its visitors are.' });

/** What an administrator sets for one web channel. Times are in minutes or seconds, as their names say. */
export const settings = z.strictObject({
  allowedOrigins: z.array(origin).max(100).default([]).meta({
    title: 'web.settings.allowedOrigins',
    description: 'Sites that may show the widget, exact by scheme, host and port.',
  }),
  anyLoopbackOrigin: z.boolean().default(false).meta({
    title: 'web.settings.anyLoopbackOrigin',
    description: 'Also admit every page served from this machine (for trying things out).',
  }),
  identity: identity.optional(),
  greeting: z.string().max(500).optional().meta({
    title: 'web.settings.greeting',
    description: 'Shown in an empty conversation.',
  }),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as "#0b6e4f"')
    .optional()
    .meta({ title: 'web.settings.accent', description: 'Accent colour, #rrggbb.' }),
  maxUploadBytes: z
    .number()
    .int()
    .min(1)
    .max(5_000_000_000)
    .default(25_000_000)
    .meta({ title: 'web.settings.maxUploadBytes', description: 'Largest file a visitor may send, in bytes.' }),
  uploadTypes: z
    .array(z.string().regex(/^(\*|[a-z]+\/(\*|[\w.+-]+))$/, 'must be a MIME type, "image/*" or "*"'))
    .max(100)
    .default(['*'])
    .meta({ title: 'web.settings.uploadTypes', description: 'MIME types visitors may send; * and image/* allowed.' }),
  parkAfterMinutes: z.number().min(1).max(10_080).nullable().default(15).meta({
    title: 'web.settings.parkAfterMinutes',
    description: 'Answered and the visitor silent this long: parked. Null: never.',
  }),
  closeAfterMinutes: z.number().min(1).max(43_200).nullable().default(30).meta({
    title: 'web.settings.closeAfterMinutes',
    description: 'Closed when nobody has written for this long. Null: never.',
  }),
  reopenMinutes: z.number().min(0).max(43_200).default(30).meta({
    title: 'web.settings.reopenMinutes',
    description: 'A message this soon after closing goes on in the same session.',
  }),
  abandonAfterSeconds: z.number().min(1).max(86_400).nullable().default(120).meta({
    title: 'web.settings.abandonAfterSeconds',
    description: 'Gone this long while waiting: closed as abandoned. Null: never.',
  }),
});

export type WebSettings = z.infer<typeof settings>;

/** The life-cycle times of these settings in milliseconds. */
export function lifecycleOf(values: WebSettings) {
  const times = (value: number | null, unit: number) => (value === null ? null : Math.round(value * unit));
  return {
    parkAfter: times(values.parkAfterMinutes, minute),
    closeAfter: times(values.closeAfterMinutes, minute),
    reopenWithin: Math.round(values.reopenMinutes * minute),
    abandonAfter: times(values.abandonAfterSeconds, 1000),
  };
}
