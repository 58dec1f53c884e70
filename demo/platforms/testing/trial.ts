import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { ShownMessage } from '../phone/model.ts';
import type { Platform } from '../phone/platform.ts';
import { platformRoutes } from '../phone/plugin.ts';
import { type Place, realWorld, type World } from '../phone/world.ts';

/** A request of the platform to the company. */
export interface Delivered {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A simulator on real sockets, with a company beside it that takes deliveries and serves files. */
export interface Trial<P extends Platform> {
  platform: P;
  /** The platform's API, without a trailing slash. */
  api: string;
  /** The company's own address. */
  company: string;
  deliveries: Delivered[];
  /** How the company answers deliveries. */
  answer: (delivered: Delivered) => { status: number; body?: string };
  /** Files the company serves, by path. */
  files: Map<string, { type: string; bytes: Buffer }>;
  /** Ms that the platform's clock is ahead. */
  ahead: number;
  /** Of the platform's waits: 0.01 makes them a hundred times shorter. */
  pace: number;
  /** Wait until there are so many deliveries; answers the last of them. */
  delivered(count: number): Promise<Delivered>;
  /** Ask the phone or the controls. */
  ask(path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  control(settings: object): Promise<void>;
  lastMessage(personId: string): ShownMessage;
  stop(): Promise<void>;
}

export async function startTrial<P extends Platform>(create: (place: Place) => P): Promise<Trial<P>> {
  const deliveries: Delivered[] = [];
  const files: Trial<P>['files'] = new Map();
  const company = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://company');
    const file = files.get(url.pathname);
    if (file) return response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
    if (!url.pathname.startsWith('/webhooks/')) return response.writeHead(404).end();
    const delivered = { method: request.method ?? '', url, headers: request.headers, body: Buffer.concat(chunks) };
    deliveries.push(delivered);
    const { status, body = '' } = trial.answer(delivered);
    return response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => company.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(company.address() as AddressInfo).port}`;

  const world: World = {
    ...realWorld,
    now: () => Date.now() + trial.ahead,
    after: (ms, run) => realWorld.after(ms * trial.pace, run),
  };
  const place: Place = { world, origin, deliverTo: (channelId) => `${origin}/webhooks/${channelId}` };
  const app = Fastify({ forceCloseConnections: true });
  const trial = {
    ahead: 0,
    pace: 1,
    answer: () => ({ status: 200 }),
    deliveries,
    files,
    company: origin,
  } as unknown as Trial<P>;
  trial.platform = create(place);
  await platformRoutes(app, trial.platform);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const own = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/simulators/${trial.platform.key}`;

  return Object.assign(trial, {
    api: `${own}/api`,
    async delivered(count: number) {
      const deadline = Date.now() + 5_000;
      while (deliveries.length < count) {
        if (Date.now() > deadline) throw new Error(`${deliveries.length} of ${count} deliveries came`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return deliveries[count - 1] as Delivered;
    },
    async ask(path: string, body?: unknown) {
      const response = await fetch(`${own}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async control(settings: object) {
      const { status, body } = await trial.ask('/control', settings);
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    lastMessage(personId: string) {
      const message = trial.platform.ground.phone.messages(personId).at(-1);
      if (message === undefined) throw new Error('The phone shows nothing.');
      return message;
    },
    async stop() {
      await app.close();
      company.closeAllConnections();
      await new Promise((resolve) => company.close(resolve));
    },
  });
}

/** JSON of a delivery's body. */
export function payloadOf(delivered: Delivered): unknown {
  return JSON.parse(delivered.body.toString('utf8'));
}

/** One transparent pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
