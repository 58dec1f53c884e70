import type { FastifyInstance } from 'fastify';
import { createFacebook } from './facebook/index.ts';
import { createLine } from './line/index.ts';
import { simulatorPages } from './phone/pages.ts';
import type { Connection, Platform } from './phone/platform.ts';
import { platformRoutes } from './phone/plugin.ts';
import { type Place, realWorld } from './phone/world.ts';
import { createRcsChinaMobile, createRcsGoogle } from './rcs/index.ts';
import { createTwitter } from './twitter/index.ts';
import { createWechat } from './wechat/index.ts';
import { createWhatsapp } from './whatsapp/index.ts';

/** A channel of the company that is connected to a simulator, in the form of the declared file. */
export interface SimulatedChannel {
  id: string;
  type: string;
  name: string;
  settings: Record<string, unknown>;
}

export interface Simulators {
  platforms: readonly Platform[];
  channels: readonly SimulatedChannel[];
  /** Fastify plugin: everything below `/simulators`. */
  routes(app: FastifyInstance): Promise<void>;
  /** Have every platform check its webhook, once the company's server listens. */
  connect(): Promise<Connection[]>;
}

/** Kinds of channels with the simulators they talk to. The name of the first is also the channel's id. */
const kinds: readonly { id: string; type: string; create(place: Place, channelId: string): Platform }[] = [
  { id: 'demo-wechat', type: 'wechat', create: (place, id) => createWechat(place, id) },
  { id: 'demo-line', type: 'line', create: createLine },
  { id: 'demo-whatsapp', type: 'whatsapp', create: createWhatsapp },
  { id: 'demo-facebook', type: 'facebook', create: (place, id) => createFacebook(place, id) },
  { id: 'demo-instagram', type: 'facebook', create: (place, id) => createFacebook(place, id, 'instagram') },
  // People who try this write more than X allows; what counts stands in the headers.
  { id: 'demo-twitter', type: 'twitter', create: (place, id) => createTwitter(place, id, { sendsPerWindow: 200 }) },
  { id: 'demo-rcs', type: 'rcs', create: createRcsGoogle },
  { id: 'demo-5g', type: 'rcs', create: createRcsChinaMobile },
];

/** All platforms, each with fresh secrets and one person, and the channels that are connected to them. */
export function createSimulators(place: Omit<Place, 'world'> & Partial<Pick<Place, 'world'>>): Simulators {
  const ground: Place = { world: realWorld, ...place };
  const made = kinds.map(({ id, type, create }) => ({ id, type, platform: create(ground, id) }));
  const platforms = made.map(({ platform }) => platform);
  return {
    platforms,
    channels: made.map(({ id, type, platform }) => ({
      id,
      type,
      name: platform.title,
      settings: platform.settings(`${ground.origin}/simulators/${platform.key}/api`),
    })),
    async routes(app) {
      for (const platform of platforms) await app.register(async (scope) => platformRoutes(scope, platform));
      await app.register(async (scope) => simulatorPages(scope, platforms));
    },
    connect: () => Promise.all(platforms.map((platform) => platform.connect())),
  };
}
