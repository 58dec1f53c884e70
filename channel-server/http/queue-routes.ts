import { z } from 'zod';
import { FoyerError, notFound } from '../errors.ts';
import { type Queue, queueDefaults, queueTypes } from '../routing/queue.ts';
import type { Change } from '../session/ports.ts';
import { openStates } from '../session/session.ts';
import type { ApiRoutes } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, chosenIdParams, idParams, line, listOf, nothing } from './schemas.ts';

const milliseconds = (most: number) => z.int().min(0).max(most);
const skills = z.record(z.string().min(1).max(60), z.int().min(1).max(5));

const settings = {
  name: z.string(),
  type: z.enum(queueTypes),
  ringTime: z.int().meta({ description: 'Milliseconds an offer rings.' }),
  graceTime: z.int().meta({ description: "Milliseconds an agent's lost desk keeps its sessions." }),
  picking: z.boolean().meta({ description: 'Whether agents may take a waiting session without an offer.' }),
  skills: z.record(z.string(), z.int()),
  lastAgentWait: z.int().meta({ description: 'Milliseconds to wait exclusively for the last agent.' }),
  wrapUpTime: z.int().meta({ description: 'Milliseconds of wrap-up after closing.' }),
};

const queueSchema = z
  .object({
    id: z.string(),
    ...settings,
    declared: z.boolean().meta({ description: 'Declared in the configuration file: changed there only.' }),
    waiting: z.int().meta({ description: 'Sessions that wait.' }),
  })
  .meta({ id: 'Queue' });

const queueInput = z
  .strictObject({
    name: line(120),
    type: z.enum(queueTypes).default(queueDefaults.type),
    ringTime: milliseconds(3_600_000).min(1000).default(queueDefaults.ringTime),
    graceTime: milliseconds(86_400_000).default(queueDefaults.graceTime),
    picking: z.boolean().default(queueDefaults.picking),
    skills: skills.default({}),
    lastAgentWait: milliseconds(86_400_000).default(queueDefaults.lastAgentWait),
    wrapUpTime: milliseconds(3_600_000).default(queueDefaults.wrapUpTime),
  })
  .meta({ id: 'NewQueue' });

const view = ({ tenantId: _tenant, ...queue }: Queue, waiting: Record<string, number>) => ({
  ...queue,
  waiting: waiting[queue.id] ?? 0,
});

/** Queues: everybody sees them, administrators keep them. */
export const queueRoutes: ApiRoutes = (app, dependencies) => {
  const { repositories, unitOfWork, signals } = dependencies;
  const { routing } = repositories;

  app.get(
    '/api/v1/queues',
    {
      config: { access: 'staff' },
      schema: { summary: 'All queues', tags: ['queues'], response: answers({ 200: listOf(queueSchema) }) },
    },
    async (request) => {
      const { tenantId } = staffOf(request);
      const [queues, waiting] = await Promise.all([routing.queues(tenantId), routing.waitingCounts(tenantId)]);
      return { items: queues.map((queue) => view(queue, waiting)) };
    },
  );

  app.get(
    '/api/v1/queues/:id',
    {
      config: { access: 'staff' },
      schema: { summary: 'One queue', tags: ['queues'], params: idParams, response: answers({ 200: queueSchema }) },
    },
    async (request) => {
      const { tenantId } = staffOf(request);
      const queue = await routing.queue(tenantId, request.params.id);
      if (queue === undefined) throw notFound('queue');
      return view(queue, await routing.waitingCounts(tenantId));
    },
  );

  app.put(
    '/api/v1/queues/:id',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Make or replace a queue',
        tags: ['queues'],
        params: chosenIdParams,
        body: queueInput,
        response: answers({ 200: queueSchema, 201: queueSchema }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      const { id } = request.params;
      const known = await routing.queue(tenantId, id);
      if (known?.declared === true) throw declared();
      const queue: Queue = { ...request.body, id, tenantId, declared: false };
      const { id: _id, tenantId: _tenant, ...set } = queue;
      const result = await unitOfWork.commit([
        known === undefined
          ? { kind: 'insert', record: 'queue', values: queue, refusal: 'CHANGED' }
          : { kind: 'update', record: 'queue', where: { tenantId, id }, set, refusal: 'CHANGED' },
      ]);
      if (result.outcome !== 'applied') throw changed();
      announce(tenantId, id);
      return reply.code(known === undefined ? 201 : 200).send(view(queue, await routing.waitingCounts(tenantId)));
    },
  );

  app.delete(
    '/api/v1/queues/:id',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Remove a queue that no channel and no open session uses',
        tags: ['queues'],
        params: idParams,
        response: answers({ 204: nothing }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      const { id } = request.params;
      const queue = await routing.queue(tenantId, id);
      if (queue === undefined) throw notFound('queue');
      if (queue.declared) throw declared();
      const used = (await repositories.channels.channels()).filter(
        (channel) => channel.tenantId === tenantId && channel.queueId === id,
      );
      if (used.length > 0) {
        throw inUse(`Channels use this queue: ${used.map((one) => one.id).join(', ')}. Give them another first.`);
      }
      const open = await repositories.sessions.list(tenantId, { queueIds: [id], states: openStates }, { limit: 1 });
      if (open.items.length > 0) throw inUse('Sessions of this queue are still open. Transfer or close them first.');
      const result = await unitOfWork.commit([
        { kind: 'remove', record: 'queue', where: { tenantId, id }, refusal: 'CHANGED' },
        ...(await withoutQueue(tenantId, id)),
      ]);
      if (result.outcome !== 'applied') throw notFound('queue');
      announce(tenantId, id);
      return reply.code(204).send();
    },
  );

  function announce(tenantId: string, queueId: string): void {
    signals.publish({ kind: 'configuration', tenantId });
    signals.publish({ kind: 'queue', tenantId, queueId });
  }

  /** Agents and supervisors of a queue that goes lose it in the same commit. */
  async function withoutQueue(tenantId: string, queueId: string): Promise<Change[]> {
    const without = (ids: readonly string[]) => ids.filter((one) => one !== queueId);
    const [agents, accounts] = await Promise.all([routing.agents(tenantId), repositories.accounts.accounts(tenantId)]);
    return [
      ...agents
        .filter((agent) => agent.queueIds.includes(queueId))
        .map(
          ({ id, queueIds }): Change => ({
            kind: 'update',
            record: 'agent',
            where: { tenantId, id },
            set: { queueIds: without(queueIds) },
          }),
        ),
      ...accounts
        .filter((account) => account.queueIds.includes(queueId))
        .map(
          ({ id, queueIds }): Change => ({
            kind: 'update',
            record: 'account',
            where: { tenantId, id },
            set: { queueIds: without(queueIds) },
          }),
        ),
    ];
  }
};

function declared(): FoyerError {
  return new FoyerError('CONFIG_DECLARED', 'This queue is declared in the configuration file. Change it there.');
}

function changed(): FoyerError {
  return new FoyerError('REQUEST_CONFLICT', 'The queue was changed meanwhile. Look at it again, then try once more.');
}

function inUse(detail: string): FoyerError {
  return new FoyerError('REQUEST_CONFLICT', detail);
}
