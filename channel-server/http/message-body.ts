import { z } from 'zod';
import { type Activity, type ActivityContent, type Attachment, factTypes } from '../../adapters/contract/index.ts';
import type { LinkedMedia } from '../session/session-service.ts';
import { line, writing } from './schemas.ts';

export const messageKey = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, "-" and "_"');

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

const content = z.strictObject({
  type: z.literal('message').default('message'),
  text: writing(50_000).optional(),
  textFormat: z.enum(['plain', 'markdown']).optional(),
  attachments: z
    .array(z.union([upload, fact]))
    .max(10)
    .optional()
    .meta({ description: 'Uploads by `contentUrl`; places, contacts, links, cards and templates by `content`.' }),
  suggestedActions: z
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
    .optional(),
  replyToId: z.string().max(100).optional(),
});

const saysSomething = (one: { text?: string | undefined; attachments?: readonly unknown[] | undefined }) =>
  (one.text ?? '').trim() !== '' || (one.attachments ?? []).length > 0;
const empty = { message: 'must have a text or an attachment', path: ['text'] };

/** A message of staff. */
export const messageBody = content
  .extend({
    audience: z.enum(['all', 'staff']).default('all').meta({ description: '`staff` for a note.' }),
    clientId: messageKey
      .optional()
      .meta({ description: 'Instead of the header Idempotency-Key; when both are there they must agree.' }),
  })
  .refine(saysSomething, empty)
  .meta({ id: 'NewMessage' });
export type MessageBody = z.infer<typeof messageBody>;

/** A message that is only looked at. */
export const draftBody = content.refine(saysSomething, empty).meta({ id: 'DraftMessage' });
export type DraftBody = z.infer<typeof draftBody>;

/** What a message says, but for its attachments. */
export function contentOf({ text, textFormat, replyToId, suggestedActions }: DraftBody): ActivityContent {
  return {
    ...(text === undefined ? {} : { text }),
    ...(textFormat === undefined ? {} : { textFormat }),
    ...(suggestedActions === undefined ? {} : { suggestedActions }),
    ...(replyToId === undefined ? {} : { replyToId }),
  };
}

/** A message's attachments apart: addresses of uploads, and facts as the log holds them. */
export function attachmentsOf({ attachments = [] }: DraftBody): { uploads: string[]; facts: Attachment[] } {
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

type Comparable = Pick<ActivityContent, never> & {
  [K in 'text' | 'textFormat' | 'replyToId' | 'suggestedActions']?: Activity[K] | undefined;
} & { audience: Activity['audience']; attachments?: readonly object[] | undefined };

/** What must be equal for two messages under one key to be the same. */
export function fingerprint(message: Comparable, sessionId: string): string {
  const { text, textFormat, replyToId, suggestedActions, audience, attachments = [] } = message;
  const named = attachments.map((one) => {
    const { contentUrl, contentType, content: said } = one as Attachment;
    return contentUrl ?? [contentType, said];
  });
  // Uploads come first in the log, wherever the sender put them.
  const links = [...named.filter((one) => typeof one === 'string'), ...named.filter((one) => typeof one !== 'string')];
  return JSON.stringify([
    sessionId,
    audience,
    text ?? '',
    textFormat ?? '',
    replyToId ?? '',
    suggestedActions ?? null,
    links,
  ]);
}
