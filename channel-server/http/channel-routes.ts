import { z } from 'zod';
import type { Adapter } from '../../adapters/contract/index.ts';
import type { Channel } from '../channels/channel.ts';
import { secretPaths, withoutSecrets } from '../channels/sealing.ts';
import { FoyerError, notFound } from '../errors.ts';
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
    settings: anyObject.optional().meta({ description: 'For administrators; secrets are never answered.' }),
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
    capabilities: anyObject.nullable().meta({ description: 'With default settings; null when a setting is required.' }),
    settings: anyObject.meta({ description: 'JSON Schema of the settings; secrets are writeOnly.' }),
  })
  .meta({ id: 'ChannelType' });

/** Channel types and configured channels. */
export const channelRoutes: ApiRoutes = (app, dependencies) => {
  const { channelService, repositories, adapters } = dependencies;
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
      return {
        items: all.filter((one) => one.tenantId === tenantId).map((one) => view(one, role === 'administrator')),
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
      return view(channel, role === 'administrator');
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
      return reply.code(known === undefined ? 201 : 200).send(view(record, true));
    },
  );

  function view(channel: Channel, withSettings: boolean): z.infer<typeof channelSchema> {
    const { id, type, name, queueId, enabled, declared, settings } = channel;
    // The secrets of a type that is not known here cannot be told from other settings.
    const secrets = secretsOf.get(type);
    return {
      id,
      type,
      name,
      queue: queueId,
      enabled,
      running: channelService.running(id) !== undefined,
      declared,
      ...(withSettings ? { settings: secrets === undefined ? {} : withoutSecrets(settings, secrets) } : {}),
    };
  }
};

function describe(adapter: Adapter): z.infer<typeof channelType> {
  const usual = adapter.settings.safeParse({});
  const { $schema: _dialect, ...settings } = z.toJSONSchema(adapter.settings, { io: 'input' });
  return {
    type: adapter.type,
    capabilities: usual.success ? { ...adapter.capabilities(usual.data) } : null,
    settings,
  };
}
