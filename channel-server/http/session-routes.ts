import { z } from 'zod';
import type { AccountPrincipal } from '../access/principal.ts';
import { createWithDeliveries } from '../channels/delivery-view.ts';
import { FoyerError } from '../errors.ts';
import type { SessionFilter } from '../session/ports.ts';
import { openStates, type SessionState } from '../session/session.ts';
import { activitySchema, deliverySchema, forReader, receiptSchema } from './activity-resource.ts';
import type { ApiRoutes, HttpDependencies } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, count, id, idParams, listOf, paging, usualPage } from './schemas.ts';
import { createSessionViewer, sessionDetails, sessionDetailsSchema, sessionSchema } from './session-resource.ts';

const states: readonly string[] = [...openStates, 'closed'];

/** Reading sessions and their logs. */
export const sessionRoutes: ApiRoutes = (app, dependencies) => {
  const { sessionAccess, repositories } = dependencies;
  const withDeliveries = createWithDeliveries(repositories.deliveries);

  app.get(
    '/api/v1/sessions',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Sessions the account may see, newest first',
        tags: ['sessions'],
        querystring: z.strictObject({
          ...paging,
          channel: id.optional(),
          state: z.string().max(100).optional().meta({ description: 'One or several states, separated by commas.' }),
          customer: id.optional(),
        }),
        response: answers({ 200: listOf(sessionSchema) }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const { channel, state, customer, cursor, limit = usualPage } = request.query;
      const filter: SessionFilter = {
        ...(channel === undefined ? {} : { channelId: channel }),
        ...(customer === undefined ? {} : { customerId: customer }),
        ...(state === undefined ? {} : { states: statesIn(state) }),
        ...(await visibility(dependencies, principal, customer)),
      };
      const page = await repositories.sessions.list(principal.tenantId, filter, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const items = await Promise.all(page.items.map(createSessionViewer(dependencies, principal.tenantId)));
      return { items, ...(page.next === undefined ? {} : { next: page.next }) };
    },
  );

  app.get(
    '/api/v1/sessions/:id',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'One session',
        tags: ['sessions'],
        params: idParams,
        response: answers({ 200: sessionDetailsSchema }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'read', request.params.id);
      return sessionDetails(dependencies, principal, session);
    },
  );

  app.get(
    '/api/v1/sessions/:id/activities',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'The log of a session after a seq',
        description:
          '`upto`: the log is complete for this reader up to there. Ask again with `after=upto` for the rest.',
        tags: ['sessions'],
        params: idParams,
        querystring: z.strictObject({
          after: count(0, Number.MAX_SAFE_INTEGER).optional(),
          limit: count(1, 500).optional(),
        }),
        response: answers({
          200: z.object({
            items: z.array(activitySchema),
            upto: z.int(),
            receipts: z.array(receiptSchema),
            deliveries: z.array(deliverySchema).optional(),
          }),
        }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const session = await sessionAccess.session(principal, 'read', request.params.id);
      const audience = (await sessionAccess.allowed(principal, 'read-staff', session)) ? 'staff' : 'all';
      const { after = 0, limit = 200 } = request.query;
      const page = await repositories.sessions.activities(principal.tenantId, session.id, audience, after, limit);
      const items = await forReader(dependencies, request, principal, session.id, page.items);
      const { deliveries } = audience === 'staff' ? await withDeliveries(session.id, page) : page;
      return { items, upto: page.upto, receipts: page.receipts, ...(deliveries === undefined ? {} : { deliveries }) };
    },
  );
};

function statesIn(text: string): SessionState[] {
  const asked = text.split(',').map((one) => one.trim());
  const unknown = asked.find((one) => !states.includes(one));
  if (unknown !== undefined) {
    throw new FoyerError('REQUEST_INVALID', `state: use one or several of ${states.join(', ')}, separated by commas.`);
  }
  return asked as SessionState[];
}

/** Which sessions a list may hold: an agent who serves a customer now sees all of this customer's. */
async function visibility(
  { repositories }: HttpDependencies,
  { tenantId, accountId, role, queueIds }: AccountPrincipal,
  customerId: string | undefined,
): Promise<Pick<SessionFilter, 'visibleTo'>> {
  if (role === 'administrator') return { visibleTo: { accountId, supervisedQueueIds: 'all' } };
  if (customerId !== undefined) {
    const own = { customerId, agentId: accountId, states: openStates };
    const serving = await repositories.sessions.list(tenantId, own, { limit: 1 });
    if (serving.items.length > 0) return {};
  }
  return { visibleTo: { accountId, supervisedQueueIds: role === 'supervisor' ? queueIds : [] } };
}
