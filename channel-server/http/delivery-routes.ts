import { z } from 'zod';
import type { Delivery } from '../channels/delivery.ts';
import type { ApiRoutes } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, count, id, iso, listOf, time, usualPage } from './schemas.ts';

const deliveryId = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.~-]{0,120}$/) });

const deliverySchema = z
  .object({
    id: z.string().meta({ description: "The activity's id; with `~2`, `~3` … when it was sent again." }),
    channel: z.string(),
    session: z.string(),
    seq: z.int(),
    state: z.enum(['queued', 'sending', 'unconfirmed', 'sent', 'failed', 'delivered', 'read']),
    reason: z.object({ kind: z.string(), code: z.string().optional(), text: z.string() }).optional(),
    createdAt: time,
    replacedBy: z.string().optional().meta({ description: 'The delivery by which it was sent again.' }),
  })
  .meta({ id: 'Delivery' });

/** Messages that did not reach their platform, and sending them again. */
export const deliveryRoutes: ApiRoutes = (app, { repositories, sending }) => {
  app.get(
    '/api/v1/deliveries',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Messages that did not arrive',
        description: 'Dead letters, newest first: what failed, and what nobody can say whether it was taken.',
        tags: ['channels'],
        querystring: z.strictObject({
          state: z.literal('dead').default('dead'),
          channel: id.optional(),
          cursor: z
            .string()
            .regex(/^\d{1,15}\.[A-Za-z0-9_.~-]{1,130}$/)
            .optional(),
          limit: count(1, 200).optional(),
        }),
        response: answers({ 200: listOf(deliverySchema) }),
      },
    },
    async (request) => {
      const { tenantId } = staffOf(request);
      const { channel, cursor, limit = usualPage } = request.query;
      const { items, next } = await repositories.deliveries.dead(
        tenantId,
        channel === undefined ? {} : { channelId: channel },
        cursor === undefined ? { limit } : { limit, cursor },
      );
      return { items: items.map(view), ...(next === undefined ? {} : { next }) };
    },
  );

  app.post(
    '/api/v1/deliveries/:id/replay',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Send a message again that did not arrive',
        description:
          'What is `unconfirmed` may have been taken: it goes again only with `confirm`, and the customer may get it twice.',
        tags: ['channels'],
        params: deliveryId,
        body: z.strictObject({ confirm: z.boolean().default(false) }).nullish(),
        response: answers({ 201: deliverySchema }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      const made = await sending.replay(tenantId, request.params.id, { confirm: request.body?.confirm ?? false });
      return reply.code(201).send(view(made));
    },
  );
};

function view(delivery: Delivery): z.infer<typeof deliverySchema> {
  const { id, channelId, sessionId, seq, state, reason, createdAt, replacedBy } = delivery;
  return {
    id,
    channel: channelId,
    session: sessionId,
    seq,
    state,
    ...(reason === null ? {} : { reason }),
    createdAt: iso(createdAt),
    ...(replacedBy === null ? {} : { replacedBy }),
  };
}
