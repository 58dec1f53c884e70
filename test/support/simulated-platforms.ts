import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { Clock } from '../../adapters/contract/index.ts';
import type { Platform } from '../../demo/platforms/phone/platform.ts';
import { realWorld, type World } from '../../demo/platforms/phone/world.ts';
import { createSimulators, type SimulatedChannel } from '../../demo/platforms/simulators.ts';

/** The platforms' simulators on a server of their own, on a free port of loopback. */
export interface SimulatedPlatforms {
  channels: readonly SimulatedChannel[];
  /** The platform that a channel is connected to. */
  platformOf(channelId: string): Platform;
  /** Where the company's server is, once it listens; deliveries before that fail. */
  companyAt(url: string): void;
  stop(): Promise<void>;
}

/** `chance` decides what misbehaves, `clock` is the platforms' time: their waits and lives of tokens follow it. */
export async function simulatedPlatforms(
  options: { clock?: Clock; chance?: () => number } = {},
): Promise<SimulatedPlatforms> {
  const { clock, chance } = options;
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  let company = origin;
  const world: World = {
    ...realWorld,
    ...(clock === undefined ? {} : { now: () => clock.now(), after: (ms, run) => clock.after(ms, run) }),
    ...(chance === undefined ? {} : { chance }),
    // The company's port is known later than its webhooks' addresses.
    fetch: (input, init) => fetch(String(input).replace(`${origin}/webhooks/`, `${company}/webhooks/`), init),
  };
  const simulators = createSimulators({ world, origin, deliverTo: (id) => `${origin}/webhooks/${id}` });
  const app = Fastify({ forceCloseConnections: true });
  if (chance !== undefined) {
    // Some say how long to wait, some do not.
    app.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode === 429 && chance() < 0.5) reply.header('retry-after', '3');
    });
  }
  await app.register(async (scope) => simulators.routes(scope));
  await app.ready();
  http.on('request', (request, response) => app.routing(request, response));
  return {
    channels: simulators.channels,
    platformOf(channelId) {
      const platform = simulators.platforms[simulators.channels.findIndex(({ id }) => id === channelId)];
      if (platform === undefined) throw new Error(`there is no simulated channel ${channelId}`);
      return platform;
    },
    companyAt(url) {
      company = url;
    },
    async stop() {
      await app.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
