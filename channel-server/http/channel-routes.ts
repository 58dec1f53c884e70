import { z } from 'zod';
import type { Adapter } from '../../adapters/contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelStatus } from '../channels/channel-status.ts';
import { fetchable } from '../channels/encoding.ts';
import { presentSecrets, secretPaths, withoutSecrets } from '../channels/sealing.ts';
import { FoyerError, notFound } from '../errors.ts';
import { channelStatusSchema, channelStatusView } from './channel-status-resource.ts';
import { createTemplates, template } from './channel-templates.ts';
import { testChannel } from './channel-test.ts';
import type { ApiRoutes } from './dependencies.ts';
import { staffOf } from './guard.ts';
import { answers, chosenIdParams, id, idParams, line, listOf } from './schemas.ts';

const anyObject = z.record(z.string(), z.unknown());

const channelSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string(),
    queue: z.string(),
    enabled: z.boolean(),
    running: z.boolean().meta({ description: 'Enabled, and its settings are valid.' }),
    declared: z.boolean().meta({ description: 'Declared in the configuration file: changed there only.' }),
    capabilities: anyObject
      .nullable()
      .meta({ description: 'What it can carry; null while its settings are not valid.' }),
    settings: anyObject.optional().meta({ description: 'For administrators; secrets are never answered.' }),
    secrets: z
      .array(z.string())
      .optional()
      .meta({ description: 'For administrators: dotted paths of the secrets that are stored.' }),
    webhook: z.string().optional().meta({ description: 'For administrators: the address the platform must call.' }),
    reachable: z
      .boolean()
      .optional()
      .meta({ description: 'For administrators: whether its platform can call `webhook`; else set FOYER_PUBLIC_URL.' }),
    status: channelStatusSchema.optional().meta({ description: 'For administrators.' }),
  })
  .meta({ id: 'Channel' });

const channelInput = z
  .strictObject({
    type: z.string().min(1).max(60),
    name: line(120),
    queue: id,
    enabled: z.boolean().default(true),
    settings: anyObject.default({}).meta({
      description: 'As the channel type says. A secret that is left out stays as it is; null takes it away.',
    }),
  })
  .meta({ id: 'NewChannel' });

const channelType = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: "The platform's name for people." }),
    webhook: z.boolean().meta({ description: 'Its platform calls this server.' }),
    capabilities: anyObject.nullable().meta({ description: 'With default settings; null when a setting is required.' }),
    settings: anyObject.meta({ description: 'JSON Schema of the settings; secrets are writeOnly.' }),
  })
  .meta({ id: 'ChannelType' });

const testResult = z
  .object({
    ok: z.boolean(),
    what: z.string().meta({ description: 'What was tried.' }),
    detail: z.string().meta({ description: 'What was found and, when it is not ok, what to do.' }),
  })
  .meta({ id: 'TestResult' });

/** Channel types and configured channels. */
export const channelRoutes: ApiRoutes = (app, dependencies) => {
  const { channelService, repositories, adapters, sending, publicUrl, mediaUrl, ownUrl } = dependencies;
  const templatesOf = createTemplates(dependencies);
  const types = adapters.map(describe);
  const secretsOf = new Map(adapters.map((adapter) => [adapter.type, secretPaths(adapter.settings)]));

  app.get(
    '/api/v1/channel-types',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'What channels there can be, what they carry and how they are set up',
        tags: ['channels'],
        response: answers({ 200: listOf(channelType) }),
      },
    },
    async () => ({ items: types }),
  );

  app.get(
    '/api/v1/channels',
    {
      config: { access: 'staff' },
      schema: { summary: 'Configured channels', tags: ['channels'], response: answers({ 200: listOf(channelSchema) }) },
    },
    async (request) => {
      const { tenantId, role } = staffOf(request);
      const all = await repositories.channels.channels();
      if (role !== 'administrator') return { items: all.filter((one) => one.tenantId === tenantId).map(view) };
      const statuses = await repositories.channels.statuses(tenantId);
      const statusOf = new Map(statuses.map((status) => [status.channelId, status]));
      return {
        items: all.filter((one) => one.tenantId === tenantId).map((one) => wholeView(one, statusOf.get(one.id))),
      };
    },
  );

  app.get(
    '/api/v1/channels/:id',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'One channel',
        tags: ['channels'],
        params: idParams,
        response: answers({ 200: channelSchema }),
      },
    },
    async (request) => {
      const { tenantId, role } = staffOf(request);
      const channel = await repositories.channels.channel(request.params.id);
      if (channel === undefined || channel.tenantId !== tenantId) throw notFound('channel');
      if (role !== 'administrator') return view(channel);
      return wholeView(channel, await repositories.channels.status(channel.id));
    },
  );

  app.put(
    '/api/v1/channels/:id',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Make or replace a channel',
        tags: ['channels'],
        params: chosenIdParams,
        body: channelInput,
        response: answers({ 200: channelSchema, 201: channelSchema }),
      },
    },
    async (request, reply) => {
      const { tenantId } = staffOf(request);
      const { id: channelId } = request.params;
      const { type, name, queue, enabled, settings } = request.body;
      const known = await repositories.channels.channel(channelId);
      if (known !== undefined && known.tenantId !== tenantId) throw notFound('channel');
      if (known?.declared === true) {
        throw new FoyerError('CONFIG_DECLARED', 'This channel is declared in the configuration file. Change it there.');
      }
      if (known !== undefined && known.type !== type) {
        throw new FoyerError('REQUEST_CONFLICT', 'A channel keeps its type. Make another channel for another type.');
      }
      if ((await repositories.routing.queue(tenantId, queue)) === undefined) throw notFound('queue');
      const { record } = await channelService.save({
        id: channelId,
        tenantId,
        type,
        name,
        queueId: queue,
        settings,
        enabled,
        declared: false,
      });
      return reply
        .code(known === undefined ? 201 : 200)
        .send(wholeView(record, await repositories.channels.status(channelId)));
    },
  );

  app.post(
    '/api/v1/channels/:id/test',
    {
      config: { access: 'administrator' },
      schema: {
        summary: 'Try a channel without sending anything to anybody',
        description: 'When nothing is wrong, a channel that was stopped goes on.',
        tags: ['channels'],
        params: idParams,
        response: answers({ 200: z.object({ results: z.array(testResult) }) }),
      },
    },
    async (request) => {
      const record = await ownChannel(staffOf(request).tenantId, request.params.id);
      // Also while it is switched off: it is tried before it is switched on.
      const channel = channelService.checked(record);
      const client = sending.clients.clientOf(record.id) ?? sending.clients.trial(channel);
      const webhooks = publicUrl ?? ownUrl?.();
      const results = await testChannel(channel, client, { webhooks, files: mediaUrl ?? webhooks });
      if (results.every(({ ok }) => ok)) await sending.outbox.resume(record.id);
      return { results };
    },
  );

  app.get(
    '/api/v1/channels/:id/templates',
    {
      config: { access: 'staff' },
      schema: {
        summary: 'Messages the platform approved beforehand',
        tags: ['channels'],
        params: idParams,
        response: answers({ 200: listOf(template) }),
      },
    },
    async (request) => {
      const { id: channelId } = await ownChannel(staffOf(request).tenantId, request.params.id);
      return { items: await templatesOf(channelId) };
    },
  );

  async function ownChannel(tenantId: string, channelId: string): Promise<Channel> {
    const channel = await repositories.channels.channel(channelId);
    if (channel === undefined || channel.tenantId !== tenantId) throw notFound('channel');
    return channel;
  }

  function wholeView(channel: Channel, status: ChannelStatus | undefined): z.infer<typeof channelSchema> {
    const { id, type, enabled, settings } = channel;
    // The secrets of a type that is not known here cannot be told from other settings.
    const secrets = secretsOf.get(type);
    const base = publicUrl ?? ownUrl?.();
    const called = adapters.find((adapter) => adapter.type === type)?.webhook !== undefined;
    return {
      ...view(channel),
      settings: secrets === undefined ? {} : withoutSecrets(settings, secrets),
      secrets: presentSecrets(settings, secrets ?? []),
      ...(called && base !== undefined
        ? { webhook: `${base}/webhooks/${id}`, reachable: fetchable(base, settings) !== undefined }
        : {}),
      status: channelStatusView(enabled, channelService.running(id), status, () => whyInvalid(channel)),
    };
  }

  function whyInvalid(channel: Channel): string | undefined {
    try {
      channelService.checked(channel);
      return undefined;
    } catch (error) {
      return error instanceof FoyerError ? error.message : undefined;
    }
  }

  function view(channel: Channel): z.infer<typeof channelSchema> {
    const { id, type, name, queueId, enabled, declared } = channel;
    const running = channelService.running(id);
    return {
      id,
      type,
      name,
      queue: queueId,
      enabled,
      running: running !== undefined,
      declared,
      capabilities: running === undefined ? null : { ...running.capabilities },
    };
  }
};

function describe(adapter: Adapter): z.infer<typeof channelType> {
  const usual = adapter.settings.safeParse({});
  const { $schema: _dialect, ...settings } = z.toJSONSchema(adapter.settings, { io: 'input' });
  return {
    type: adapter.type,
    title: adapter.title,
    webhook: adapter.webhook !== undefined,
    capabilities: usual.success ? { ...adapter.capabilities(usual.data) } : null,
    settings,
  };
}
