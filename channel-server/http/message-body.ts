import { z } from 'zod';
import type { Activity, ActivityContent, Attachment } from '../../adapters/contract/index.ts';
import { attachments, suggestedActions } from '../channels/message-schema.ts';
import { writing } from './schemas.ts';

export const messageKey = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, "-" and "_"');

const content = z.strictObject({
  type: z.literal('message').default('message'),
  text: writing(50_000).optional(),
  textFormat: z.enum(['plain', 'markdown']).optional(),
  attachments: attachments.meta({
    description: 'Uploads by `contentUrl`; places, contacts, links, cards and templates by `content`.',
  }),
  suggestedActions,
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
