import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PhoneEvent } from './phone.ts';
import { overview } from './phone-routes.ts';
import type { Platform } from './platform.ts';
import { streamEvents } from './stream.ts';

const folder = join(import.meta.dirname, '../pages');
const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Fastify plugin: `/simulators` with a phone of every platform, and `/simulators/<key>` with one. */
export async function simulatorPages(app: FastifyInstance, platforms: readonly Platform[]): Promise<void> {
  const free = { config: { rateLimit: false } } as const;
  const names = await readdir(folder);
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );

  const page = (reply: FastifyReply, name: string) =>
    reply
      .headers({
        'content-security-policy': policy,
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
      .send(files.get(name));

  app.get('/simulators', free, async (_request, reply) => page(reply, 'all.html'));
  app.get('/simulators/', free, async (_request, reply) => reply.redirect('/simulators', 308));
  for (const { key } of platforms) {
    app.get(`/simulators/${key}`, free, async (_request, reply) => page(reply, 'one.html'));
    app.get(`/simulators/${key}/`, free, async (_request, reply) => reply.redirect(`/simulators/${key}`, 308));
  }

  app.get<{ Params: { name: string } }>('/simulators/assets/:name', free, async (request, reply) => {
    const { name } = request.params;
    const type = types[extname(name)];
    const file = type === undefined ? undefined : files.get(name);
    if (file === undefined) return reply.code(404).send({ error: 'There is no such file.' });
    return reply
      .headers({ 'content-type': type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' })
      .send(file);
  });

  app.get('/simulators/phones.json', free, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ phones: platforms.map(overview) }),
  );

  streamEvents(app, '/simulators/events', (tell) => {
    const stops = platforms.map(({ key, ground }) =>
      // What goes over the wire is for the page of one platform.
      ground.phone.listen((event: PhoneEvent) => event.type !== 'wire' && tell({ phone: key, ...event })),
    );
    return () => {
      for (const stop of stops) stop();
    };
  });
}
