import { z } from 'zod';
import { type Account, roles } from '../access/account.ts';
import { passwordLimits } from '../access/passwords.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { Agent } from '../routing/agent.ts';
import type { Change } from '../session/ports.ts';
import type { ApiRoutes } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, id, idParams, iso, line, listOf, nothing, time } from './schemas.ts';

const skills = z.record(z.string().min(1).max(60), z.int().min(1).max(5));
const capacity = z.int().min(0).max(1000).meta({ description: "Chats at once; 0 means the tenant's default." });
const queues = z.array(id).max(200).meta({ description: 'Queues an agent serves and a supervisor supervises.' });
const password = z
  .string()
  .min(1)
  .max(passwordLimits.longest * 4);

const accountSchema = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    role: z.enum(roles),
    queues: z.array(z.string()),
    skills: z.record(z.string(), z.int()),
    capacity: z.int(),
    disabled: z.boolean(),
    mustChange: z.boolean(),
    declared: z.boolean().meta({ description: 'Declared in the configuration file: changed there only.' }),
    createdAt: time,
  })
  .meta({ id: 'Account' });

const newAccount = z
  .strictObject({
    login: line(200),
    name: line(120),
    role: z.enum(roles),
    password,
    queues: queues.default([]),
    skills: skills.default({}),
    capacity: capacity.default(0),
  })
  .meta({ id: 'NewAccount' });

const accountChanges = z
  .strictObject({
    name: line(120).optional(),
    role: z.enum(roles).optional(),
    queues: queues.optional(),
    skills: skills.optional(),
    capacity: capacity.optional(),
    disabled: z.boolean().optional(),
  })
  .meta({ id: 'AccountChanges' });

const view = (account: Account, agent: Agent | undefined): z.infer<typeof accountSchema> => ({
  id: account.id,
  login: account.login,
  name: account.name,
  role: account.role,
  queues: account.queueIds,
  skills: agent?.skills ?? {},
  capacity: agent?.capacity ?? 0,
  disabled: account.disabled,
  mustChange: account.mustChange,
  declared: account.declared,
  createdAt: iso(account.createdAt),
});

/** Accounts, for administrators. An agent's account and its place in routing are one commit. */
export const accountRoutes: ApiRoutes = (app, dependencies) => {
  const { accounts, repositories, routingService, clock } = dependencies;
  const { routing } = repositories;
  const config = { access: 'administrator' } as const;
  const tags = ['accounts'];

  app.get(
    '/api/v1/accounts',
    { config, schema: { summary: 'All accounts', tags, response: answers({ 200: listOf(accountSchema) }) } },
    async (request) => {
      const { tenantId } = staffOf(request);
      const [all, agents] = await Promise.all([repositories.accounts.accounts(tenantId), routing.agents(tenantId)]);
      const byId = new Map(agents.map((agent) => [agent.id, agent]));
      return { items: all.map((account) => view(account, byId.get(account.id))) };
    },
  );

  app.get(
    '/api/v1/accounts/:id',
    {
      config,
      schema: { summary: 'One account', tags, params: idParams, response: answers({ 200: accountSchema }) },
    },
    async (request) => {
      const { tenantId } = staffOf(request);
      const account = await repositories.accounts.account(tenantId, request.params.id);
      if (account === undefined) throw noAccount();
      return view(account, await routing.agent(tenantId, account.id));
    },
  );

  app.post(
    '/api/v1/accounts',
    {
      config,
      schema: {
        summary: 'Make an account',
        description: 'Its password must be changed at first sign-in.',
        tags,
        body: newAccount,
        response: answers({ 201: accountSchema }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      const { queues, skills, capacity, ...wanted } = request.body;
      await requireQueues(tenantId, queues);
      const made = await accounts.create(tenantId, { ...wanted, queueIds: queues }, (account) =>
        account.role === 'agent' ? [join(account, { skills, capacity })] : [],
      );
      return reply.code(201).send(view(made, await routing.agent(tenantId, made.id)));
    },
  );

  app.patch(
    '/api/v1/accounts/:id',
    {
      config,
      schema: {
        summary: 'Change an account',
        description: 'A new role, or disabling it, ends its sign-ins at once.',
        tags,
        params: idParams,
        body: accountChanges,
        response: answers({ 200: accountSchema }),
      },
    },
    async (request) => {
      const { tenantId } = staffOf(request);
      return change(tenantId, request.params.id, request.body);
    },
  );

  app.delete(
    '/api/v1/accounts/:id',
    {
      config,
      schema: {
        summary: 'Disable an account for good',
        description: 'It stays by name in the logs of sessions; nobody can sign in with it.',
        tags,
        params: idParams,
        response: answers({ 204: nothing }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      await change(tenantId, request.params.id, { disabled: true, queues: [] });
      return reply.code(204).send();
    },
  );

  app.put(
    '/api/v1/accounts/:id/password',
    {
      config,
      schema: {
        summary: "Set another person's password",
        description: 'It must be changed at the next sign-in; every sign-in of the account ends now.',
        tags,
        params: idParams,
        body: z.strictObject({ password }),
        response: answers({ 204: nothing }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      await accounts.setPassword(tenantId, request.params.id, request.body.password);
      return reply.code(204).send();
    },
  );

  async function change(tenantId: string, accountId: string, wanted: z.infer<typeof accountChanges>) {
    const { queues, skills, capacity, name, role, disabled } = wanted;
    if (queues !== undefined) await requireQueues(tenantId, queues);
    const known = await routing.agent(tenantId, accountId);
    const facts = {
      ...(skills === undefined ? {} : { skills }),
      ...(capacity === undefined ? {} : { capacity }),
    };
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(disabled === undefined ? {} : { disabled }),
      ...(queues === undefined ? {} : { queueIds: queues }),
    };
    const account = await accounts.update(tenantId, accountId, changes, (after): readonly Change[] => {
      const serves = after.role === 'agent' && !after.disabled;
      if (known === undefined) return serves ? [join(after, { skills: {}, capacity: 0, ...facts })] : [];
      const set = { ...facts, name: after.name, queueIds: serves ? after.queueIds : [] };
      return [{ kind: 'update', record: 'agent', where: { tenantId, id: accountId }, set }];
    });
    if (known !== undefined && known.state !== 'offline' && (account.disabled || account.role !== 'agent')) {
      await routingService.setState(tenantId, accountId, 'offline', 'signed-out');
    }
    return view(account, await routing.agent(tenantId, accountId));
  }

  /** An agent's row in routing: offline until their desk connects. */
  function join({ id, tenantId, name, queueIds }: Account, facts: Pick<Agent, 'skills' | 'capacity'>): Change {
    const now = clock.now();
    const values: Agent = {
      id,
      tenantId,
      name,
      ...facts,
      queueIds,
      state: 'offline',
      reason: null,
      stateSince: now,
      load: 0,
      loadSince: now,
      lostSince: null,
    };
    return { kind: 'insert', record: 'agent', values };
  }

  async function requireQueues(tenantId: string, wanted: readonly string[]): Promise<void> {
    if (wanted.length === 0) return;
    const known = new Set((await routing.queues(tenantId)).map((queue) => queue.id));
    if (!wanted.every((one) => known.has(one))) throw notFound('queue');
  }
};

function noAccount(): FoyerError {
  return new FoyerError('ROUTING_AGENT_NOT_FOUND', 'There is no such account.');
}
