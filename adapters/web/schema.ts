import { z } from 'zod';
import { limits, protocolVersion, type RequestName, type Requests } from './protocol.ts';

/** Text that every store keeps exactly: no NUL; halves of characters are replaced as browsers do. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'must not hold NUL')
    .overwrite((value) => value.toWellFormed());

const sessionId = z.string().regex(/^ses_[0-9a-f]{32}$/);
const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const cursor = z
  .record(sessionId, seq)
  .refine((value) => Object.keys(value).length <= 50, 'names more than 50 sessions');

/** Addresses and titles of pages are cut, not refused: a page cannot help how long they are. */
const cut = (most: number) => text(10_000).overwrite((value) => value.slice(0, most));
const pageAddress = text(10_000)
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), 'must be an http(s) address')
  .overwrite((value) => value.slice(0, 2_048));

const page = z.strictObject({
  url: pageAddress,
  title: cut(300).optional(),
  referrer: z.union([z.literal(''), pageAddress]).optional(),
  locale: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,35}$/)
    .optional(),
  userAgent: cut(500).optional(),
});

export const handshakeSchema = z.strictObject({
  version: z.literal(protocolVersion),
  channel: z.string().min(1).max(200),
  token: z.string().min(1).max(4_000).optional(),
  identity: z.string().min(1).max(16_000).optional(),
  cursor: cursor.optional(),
  page: page.optional(),
});

const typedField = text(200).overwrite((value) => value.trim());

/** One schema a request; what is not here is no event of this protocol. */
export const requestSchemas = {
  'message:send': z
    .strictObject({
      clientId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
      text: text(limits.text).optional(),
      attachments: z
        .array(z.strictObject({ contentUrl: z.string().regex(/^media:med_[0-9a-f]{32}$/) }))
        .min(1)
        .max(limits.attachments)
        .optional(),
      replyToId: z
        .string()
        .regex(/^ses_[0-9a-f]{32}\.\d{1,15}$/)
        .optional(),
      page: page.optional(),
    })
    .refine(
      (value) => (value.text !== undefined && value.text.trim() !== '') || value.attachments !== undefined,
      'needs text or attachments',
    ),
  'activities:read': z.strictObject({
    session: sessionId,
    after: seq,
    limit: z.number().int().min(1).max(limits.pageSize).optional(),
  }),
  'session:resume': z.strictObject({ cursor }),
  'receipt:send': z
    .strictObject({ session: sessionId, delivered: seq.optional(), read: seq.optional() })
    .refine((value) => value.delivered !== undefined || value.read !== undefined, 'needs delivered or read'),
  'typing:send': z.strictObject({ session: sessionId, typing: z.boolean() }),
  'page:send': page,
  'identity:send': z.strictObject({ token: z.string().min(1).max(16_000) }),
  'identity:describe': z.strictObject({
    name: typedField.optional(),
    email: typedField.optional(),
    phone: typedField.optional(),
  }),
  'visitor:logout': z.strictObject({}),
  'session:close': z.strictObject({ session: sessionId }),
  'session:rate': z.strictObject({
    session: sessionId,
    score: z.number().int().min(1).max(5),
    comment: text(2_000).optional(),
  }),
  'media:resolve': z.strictObject({
    ids: z
      .array(z.string().regex(/^med_[0-9a-f]{32}$/))
      .min(1)
      .max(50),
  }),
} satisfies { [Name in RequestName]: z.ZodType<Exactly<Requests[Name]['request']>> };

/** zod's optional fields may also be `undefined`; the protocol's may only be absent, which JSON cannot tell apart. */
type Exactly<T> = T extends readonly (infer Item)[]
  ? Exactly<Item>[]
  : T extends object
    ? { [K in keyof T]: Exactly<T[K]> | (undefined extends T[K] ? undefined : Loose<T, K>) }
    : T;
type Loose<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? undefined : never;

export type Request<Name extends RequestName> = z.infer<(typeof requestSchemas)[Name]>;
