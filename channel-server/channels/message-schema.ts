import { z } from 'zod';
import { type Attachment, factTypes } from '../../adapters/contract/index.ts';
import type { LinkedMedia } from '../session/session-service.ts';
import { line, writing } from './written.ts';

/** What staff may attach and offer, by REST and from the desk alike. */

const upload = z.strictObject({
  contentUrl: z.string().regex(/^media:med_[0-9a-f]{32}$/, 'must be the address of an upload, "media:<id>"'),
});
const fact = z.discriminatedUnion('contentType', [
  z.strictObject({
    contentType: z.literal(factTypes.template),
    content: z.strictObject({
      name: line(512),
      language: line(35).optional(),
      values: z.record(z.string().max(100), writing(2_000)).default({}),
      text: writing(10_000).optional(),
    }),
  }),
  z.strictObject({
    contentType: z.literal(factTypes.location),
    content: z.strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: line(500).optional(),
      address: line(1_000).optional(),
    }),
  }),
  z.strictObject({
    contentType: z.literal(factTypes.contact),
    content: z.strictObject({
      name: line(200),
      phones: z.array(line(50)).max(10).optional(),
      emails: z.array(line(320)).max(10).optional(),
      organization: line(200).optional(),
    }),
  }),
  z.strictObject({
    contentType: z.literal(factTypes.link),
    content: z.strictObject({
      url: z.url({ protocol: /^https?$/ }).max(2_000),
      title: line(300).optional(),
      description: line(1_000).optional(),
    }),
  }),
  z.strictObject({
    contentType: z.literal(factTypes.card),
    content: z.strictObject({
      title: line(300).optional(),
      subtitle: line(300).optional(),
      text: writing(5_000).optional(),
      buttons: z
        .array(
          z.strictObject({
            type: z.enum(['imBack', 'postBack', 'openUrl', 'call']),
            title: line(200),
            value: z.string().min(1).max(2_000),
          }),
        )
        .max(10)
        .optional(),
    }),
  }),
]);

export const attachments = z
  .array(z.union([upload, fact]))
  .max(10)
  .optional();
export type WrittenAttachment = z.infer<typeof upload> | z.infer<typeof fact>;

export const suggestedActions = z
  .strictObject({
    actions: z
      .array(
        z.strictObject({
          type: z.enum(['imBack', 'postBack', 'openUrl']),
          title: line(200),
          value: z.string().min(1).max(2_000),
        }),
      )
      .min(1)
      .max(13),
  })
  .optional();

/** A message's attachments apart: addresses of uploads, and facts as the log holds them. */
export function attachmentsOf({ attachments = [] }: { attachments?: WrittenAttachment[] | undefined }): {
  uploads: string[];
  facts: Attachment[];
} {
  const uploads: string[] = [];
  const facts: Attachment[] = [];
  for (const one of attachments) {
    if ('contentUrl' in one) uploads.push(one.contentUrl);
    else facts.push(JSON.parse(JSON.stringify(one)) as Attachment);
  }
  return { uploads, facts };
}

/** Uploads and facts together, as a message's commit needs them; undefined when there are none. */
export function linkedWith(media: LinkedMedia | undefined, facts: readonly Attachment[]): LinkedMedia | undefined {
  if (facts.length === 0) return media;
  return {
    attachments: [...(media?.attachments ?? []), ...facts],
    changes: (sessionId) => media?.changes(sessionId) ?? [],
  };
}
