import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Attachment, activityTypes, mediaIdOf, type Sequenced } from '../../adapters/contract/index.ts';
import type { AccountPrincipal } from '../access/principal.ts';
import { FoyerError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { time } from './schemas.ts';

const participant = z.object({
  id: z.string(),
  name: z.string().optional(),
  role: z.enum(['user', 'agent', 'bot', 'system']),
});

/** An activity as REST answers it: the Bot Framework's fields, ours, and `prev`. */
export const activitySchema = z
  .looseObject({
    type: z.enum(activityTypes),
    id: z.string(),
    timestamp: time,
    channelId: z.string().meta({ description: 'The channel type.' }),
    from: participant,
    conversation: z.object({ id: z.string() }),
    text: z.string().optional(),
    attachments: z
      .array(
        z.object({
          contentType: z.string(),
          contentUrl: z
            .string()
            .optional()
            .meta({ description: 'Of files. Signed for the asking account; works for an hour.' }),
          name: z.string().optional(),
          thumbnailUrl: z.string().optional(),
          content: z.record(z.string(), z.unknown()).optional().meta({ description: 'Size in bytes, pixels, …' }),
        }),
      )
      .optional(),
    name: z.string().optional(),
    seq: z.int().meta({ description: "Position in the session's log, from 1, without gaps." }),
    channel: z.string().meta({ description: "The configured channel's id." }),
    clientId: z.string().optional(),
    audience: z.enum(['all', 'staff']),
    prev: z
      .int()
      .meta({ description: 'seq of the activity before this one that the reader may see; 0 before the first.' }),
  })
  .meta({ id: 'Activity' });

export const receiptSchema = z
  .object({ sessionId: z.string(), participant, delivered: z.int(), read: z.int() })
  .meta({ id: 'Receipt' });

export const deliverySchema = z
  .object({
    seq: z.int().meta({ description: 'Of the activity.' }),
    state: z.enum(['queued', 'sending', 'unconfirmed', 'sent', 'failed', 'delivered', 'read']),
    reason: z
      .object({ kind: z.string(), code: z.string().optional(), text: z.string() })
      .optional()
      .meta({ description: 'Why it waits or failed.' }),
  })
  .meta({ id: 'Delivery', description: 'How far a message has got on its way to its platform.' });

/** Activities for one reader: `media:<id>` becomes an address signed for them. */
export async function forReader(
  dependencies: HttpDependencies,
  request: FastifyRequest,
  reader: AccountPrincipal,
  sessionId: string,
  items: readonly Sequenced[],
) {
  const wanted = new Set<string>();
  for (const { activity } of items) {
    for (const { contentUrl } of activity.attachments ?? []) {
      const id = mediaIdOf(contentUrl);
      if (id !== undefined) wanted.add(id);
    }
  }
  const found =
    wanted.size === 0
      ? []
      : await dependencies.mediaCache.addresses(reader.tenantId, `account:${reader.accountId}`, [...wanted]);
  // Only what belongs to the session whose right was checked.
  const addresses = new Map(found.filter((one) => one.sessionId === sessionId).map((one) => [one.id, one]));
  const base = mediaBase(dependencies, request);
  const signed = (attachment: Attachment): Attachment => {
    const address = addresses.get(mediaIdOf(attachment.contentUrl) ?? '');
    if (address?.url === undefined) return attachment;
    const { thumbnailUrl: _logged, ...rest } = attachment;
    return {
      ...rest,
      contentUrl: new URL(address.url, base).href,
      ...(address.thumbnailUrl === undefined ? {} : { thumbnailUrl: new URL(address.thumbnailUrl, base).href }),
    };
  };
  return items.map(({ activity, prev }) => ({
    ...activity,
    ...(activity.attachments === undefined ? {} : { attachments: activity.attachments.map(signed) }),
    prev,
  }));
}

/**
 * Where media are fetched from: their own host, else this server as the world or the request names it. What a request
 * names ends only in its own answer, which nobody may keep.
 * @throws FoyerError REQUEST_INVALID when it has to be asked of a request that names no host.
 */
export function mediaBase({ mediaUrl, publicUrl }: HttpDependencies, request: FastifyRequest): string {
  const known = mediaUrl ?? publicUrl;
  if (known !== undefined) return known;
  const named = `${request.protocol}://${request.host}`;
  if (/^https?:\/\/[\w.:[\]-]+$/.test(named) && URL.canParse(named)) return named;
  throw new FoyerError('REQUEST_INVALID', 'The Host header does not name a host.');
}
