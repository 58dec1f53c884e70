import { z } from 'zod';
import type { AccountPrincipal } from '../access/principal.ts';
import { type Agent, agentStates, defaultCapacity } from '../routing/agent.ts';
import type { ApiRoutes, HttpDependencies } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, iso, line, listOf, time } from './schemas.ts';

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(agentStates),
    reason: z.string().nullable(),
    since: time,
    load: z.int().meta({ description: 'Slots in use: ringing offers and active sessions.' }),
    capacity: z.int(),
    skills: z.record(z.string(), z.int()),
    queues: z.array(z.string()),
    lost: z.boolean().meta({ description: 'No desk of this agent is connected.' }),
  })
  .meta({ id: 'Agent' });

/** Agents as their colleagues see them, and the own state. */
export const agentRoutes: ApiRoutes = (app, dependencies) => {
  const { repositories, routingService } = dependencies;

  app.get(
    '/api/v1/agents',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Agents of the same queues; for administrators all',
        tags: ['agents'],
        response: answers({ 200: listOf(agentSchema) }),
      },
    },
    async (request) => {
      const principal = staffOf(request);
      const agents = await repositories.routing.agents(principal.tenantId);
      const view = await agentViewer(dependencies, principal.tenantId);
      return { items: agents.filter((one) => isColleague(principal, one)).map(view) };
    },
  );

  app.put(
    '/api/v1/agents/me/state',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Set the own state',
        tags: ['agents'],
        body: z.strictObject({
          state: z.enum(['idle', 'busy', 'away', 'offline']),
          reason: line(200).nullish(),
        }),
        response: answers({ 200: agentSchema }),
      },
    },
    async (request) => {
      const { tenantId, accountId } = staffOf(request);
      const { state, reason = null } = request.body;
      const agent = await routingService.setState(tenantId, accountId, state, reason);
      return (await agentViewer(dependencies, tenantId))(agent);
    },
  );
};

function isColleague({ accountId, role, queueIds }: AccountPrincipal, agent: Agent): boolean {
  if (role === 'administrator' || agent.id === accountId) return true;
  return agent.queueIds.some((queueId) => queueIds.includes(queueId));
}

async function agentViewer({ repositories }: HttpDependencies, tenantId: string) {
  const tenant = (await repositories.accounts.tenants()).find((one) => one.id === tenantId);
  const usual = tenant?.defaultCapacity ?? defaultCapacity;
  return (agent: Agent): z.infer<typeof agentSchema> => ({
    id: agent.id,
    name: agent.name,
    state: agent.state,
    reason: agent.reason,
    since: iso(agent.stateSince),
    load: agent.load,
    capacity: agent.capacity === 0 ? usual : agent.capacity,
    skills: agent.skills,
    queues: agent.queueIds,
    lost: agent.lostSince !== null,
  });
}
