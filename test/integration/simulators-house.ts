import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import type { ShownMessage } from '../../demo/platforms/phone/model.ts';
import type { Platform } from '../../demo/platforms/phone/platform.ts';
import { platformRoutes } from '../../demo/platforms/phone/plugin.ts';
import { type Place, realWorld } from '../../demo/platforms/phone/world.ts';
import { uploadByTus } from '../../widget/client/tus-upload.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';

/** The real server with one channel, its platform's simulator beside it, somebody's phone and an agent's desk. */
export interface SimulatedHouse<P extends Platform> {
  server: TestServer;
  platform: P;
  /** Whose phone it is: the platform's id of them. */
  person: string;
  desk: AgentDesk;
  /** What the owner of the phone does; answers the id of the message it made. */
  act(action: object): Promise<string>;
  /** They pick a file. */
  sendFile(as: string, bytes: Buffer, type: string, name: string): Promise<void>;
  /** The phone's conversation, oldest first. */
  shown(): ShownMessage[];
  /** The newest message the company wrote that is such a one; waits for it, `within` ms. */
  shows(wanted: (message: ShownMessage) => boolean, within?: number): Promise<ShownMessage>;
  /** The session of the phone's owner, accepted by the agent; waits for it. */
  session(): Promise<string>;
  log(): Promise<Activity[]>;
  /** The newest activity of the customer in the session's log that is such a one; waits for it. */
  logged(wanted: (activity: Activity) => boolean): Promise<Activity>;
  /** The agent writes; answers the activity. */
  says(message: object): Promise<Activity>;
  /** The agent sends a file. */
  sends(bytes: Buffer, type: string, name: string, more?: object): Promise<Activity>;
  /** How far the agent's message has got. */
  stateOf(activity: Activity): Promise<string | undefined>;
  control(settings: object): Promise<void>;
  /** What "Test connection" finds. */
  test(): Promise<{ ok: boolean; what: string; detail: string }[]>;
  stop(): Promise<void>;
}

const channelId = 'simulated';
const patience = { timeout: 8_000, interval: 25 };

/**
 * Start it all. `changes`: settings that are not those of the demo's channel; undefined takes one away.
 */
export async function simulatedHouse<P extends Platform>(
  type: string,
  create: (place: Place) => P,
  changes: (platform: P) => Record<string, unknown> = () => ({}),
): Promise<SimulatedHouse<P>> {
  const server = await startServer({ autoIdle: true });
  const deliverTo = (channel: string) => `${server.url}/webhooks/${channel}`;
  const platform = create({ world: realWorld, origin: server.url, deliverTo });
  const app = Fastify({ forceCloseConnections: true });
  await platformRoutes(app, platform);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const own = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/simulators/${platform.key}`;

  async function ask(token: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  const admin = await signIn(server, 'ada');
  const settings = { ...platform.settings(`${own}/api`), ...changes(platform) };
  await ask(admin, 'PUT', `/api/v1/channels/${channelId}`, { type, name: platform.title, queue: 'support', settings });
  expect(await platform.connect()).toMatchObject({ state: 'connected' });
  const desk = await openDesk(server, 'ann');
  const agent = desk.accessToken;
  const person = platform.ground.phone.people()[0]?.id ?? '';
  let taken: string | undefined;

  const house: SimulatedHouse<P> = {
    server,
    platform,
    person,
    desk,
    async act(action) {
      const response = await fetch(`${own}/phone/people/${encodeURIComponent(person)}/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      });
      const body = (await response.json()) as { message?: string };
      if (!response.ok) throw new Error(JSON.stringify(body));
      return body.message ?? '';
    },
    async sendFile(as, bytes, contentType, name) {
      const query = new URLSearchParams({ as, name });
      const response = await fetch(`${own}/phone/people/${encodeURIComponent(person)}/files?${query}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: new Uint8Array(bytes),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    shown: () => platform.ground.phone.messages(person),
    async shows(wanted, within = patience.timeout) {
      const find = () => house.shown().findLast((message) => message.by === 'company' && wanted(message));
      await expect.poll(find, { ...patience, timeout: within }).toBeDefined();
      return find() as ShownMessage;
    },
    async session() {
      if (taken !== undefined) return taken;
      const { sessionId } = await desk.fact('offer:made');
      const accepted = await desk.ask('offer:accept', { session: sessionId });
      if (!accepted.ok) throw new Error(`not accepted: ${accepted.error.code}`);
      taken = sessionId;
      return sessionId;
    },
    async log() {
      const answer = await ask(agent, 'GET', `/api/v1/sessions/${await house.session()}/activities`);
      return (answer as { items: Activity[] }).items;
    },
    async logged(wanted) {
      const find = async () =>
        (await house.log()).findLast((activity) => activity.from.role === 'user' && wanted(activity));
      await expect.poll(find, patience).toBeDefined();
      return (await find()) as Activity;
    },
    async says(message) {
      const path = `/api/v1/sessions/${await house.session()}/activities`;
      return (await ask(agent, 'POST', path, { clientId: randomUUID(), ...message })) as Activity;
    },
    async sends(bytes, filetype, filename, more = {}) {
      const media = await uploadByTus({
        endpoint: `${server.url}/api/v1/media`,
        file: new Blob([new Uint8Array(bytes)]),
        token: () => agent,
        metadata: { filename, filetype },
        clock: systemClock,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        signal: AbortSignal.timeout(10_000),
      });
      return house.says({ attachments: [{ contentUrl: `media:${media}` }], ...more });
    },
    async stateOf({ seq }) {
      const answer = await ask(agent, 'GET', `/api/v1/sessions/${await house.session()}/activities`);
      const { deliveries = [] } = answer as { deliveries?: { seq: number; state: string }[] };
      return deliveries.find((delivery) => delivery.seq === seq)?.state;
    },
    async control(changes) {
      const body = JSON.stringify(changes);
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${own}/control`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(await response.text());
    },
    async test() {
      const answer = await ask(admin, 'POST', `/api/v1/channels/${channelId}/test`);
      return (answer as { results: { ok: boolean; what: string; detail: string }[] }).results;
    },
    async stop() {
      desk.close();
      await app.close();
      await server.remove();
    },
  };
  return house;
}
