import { z } from 'zod';
import { attachments, suggestedActions } from '../channels/message-schema.ts';
import { writing } from '../channels/written.ts';
import { FoyerError } from '../errors.ts';
import type { DeskRequests } from '../protocol/desk.ts';

const sessionId = z.string().regex(/^ses_[0-9a-f]{32}$/);
const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = writing(200).min(1);

/** One schema a request; what is not here is no event of the desk. */
export const deskSchemas = {
  'desk:resume': z.strictObject({
    sessions: z
      .record(sessionId, seq)
      .refine((value) => Object.keys(value).length <= 200, 'names more than 200 sessions'),
  }),
  'activities:read': z.strictObject({
    session: sessionId,
    after: seq,
    limit: z.number().int().min(1).max(200).optional(),
  }),
  'message:send': z
    .strictObject({
      session: sessionId,
      clientId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
      text: writing(50_000).optional(),
      attachments,
      suggestedActions,
      replyToId: z
        .string()
        .regex(/^ses_[0-9a-f]{32}\.\d{1,15}$/)
        .optional(),
      audience: z.enum(['all', 'staff']).optional(),
    })
    .refine(
      ({ text, attachments = [] }) => (text ?? '').trim() !== '' || attachments.length > 0,
      'needs text or attachments',
    ),
  'receipt:send': z
    .strictObject({ session: sessionId, delivered: seq.optional(), read: seq.optional() })
    .refine((value) => value.delivered !== undefined || value.read !== undefined, 'needs delivered or read'),
  'typing:send': z.strictObject({ session: sessionId, typing: z.boolean() }),
  'state:set': z.strictObject({ state: z.enum(['idle', 'busy', 'away', 'offline']), reason: writing(200).optional() }),
  'offer:accept': z.strictObject({ session: sessionId }),
  'offer:decline': z.strictObject({ session: sessionId, reason: writing(200).optional() }),
  'session:transfer': z
    .strictObject({
      session: sessionId,
      agent: name.optional(),
      queue: name.optional(),
      note: writing(2_000).optional(),
    })
    .refine((value) => (value.agent === undefined) !== (value.queue === undefined), 'needs either agent or queue'),
  'session:close': z.strictObject({
    session: sessionId,
    reason: z.enum(['resolved', 'customer-left', 'inactive', 'spam', 'other']),
  }),
  'media:resolve': z.strictObject({
    ids: z
      .array(z.string().regex(/^med_[0-9a-f]{32}$/))
      .min(1)
      .max(50),
  }),
} satisfies Record<keyof DeskRequests, z.ZodType>;

export type DeskRequestName = keyof DeskRequests;
export type DeskRequest<Name extends DeskRequestName> = z.infer<(typeof deskSchemas)[Name]>;

export function isDeskRequest(event: string): event is DeskRequestName {
  return Object.hasOwn(deskSchemas, event);
}

/** One request as its schema says, or REQUEST_INVALID naming the field, never its value. */
export function decodeDesk<Name extends DeskRequestName>(event: Name, payload: unknown): DeskRequest<Name> {
  const checked = deskSchemas[event].safeParse(payload);
  if (checked.success) return checked.data as DeskRequest<Name>;
  const issue = checked.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at "${issue.path.map(String).join('.')}"`;
  const what = issue?.code === 'unrecognized_keys' ? 'there are unknown fields' : (issue?.message ?? 'not valid');
  throw new FoyerError('REQUEST_INVALID', `"${event}" is not valid${where}: ${what}.`.slice(0, 400));
}
