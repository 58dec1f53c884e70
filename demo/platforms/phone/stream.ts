import type { FastifyInstance, FastifyReply } from 'fastify';

/** Pages that watch one address at once. */
const mostWatchers = 50;
/** What may wait for a page that does not read, bytes: more, and it is dropped. It comes back and asks anew. */
const mostWaiting = 1_000_000;

/**
 * Server-sent events at `path`. `listen` is called for each page and answers what ends its listening. Streams end when
 * the server closes.
 */
export function streamEvents(
  app: FastifyInstance,
  path: string,
  listen: (tell: (event: object) => void) => () => void,
): void {
  const watchers = new Set<FastifyReply>();
  app.addHook('preClose', async () => {
    for (const watcher of watchers) watcher.raw.end();
  });
  app.get(path, { config: { rateLimit: false } }, async (request, reply) => {
    if (watchers.size >= mostWatchers) return reply.code(503).send({ error: 'Too many pages watch these phones.' });
    reply.hijack();
    watchers.add(reply);
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    reply.raw.write('retry: 1000\n\n');
    const stop = listen((event) => {
      if (reply.raw.writableLength > mostWaiting) reply.raw.destroy();
      else reply.raw.write(`data: ${JSON.stringify(event)}\n\n`);
    });
    request.raw.once('close', () => {
      stop();
      watchers.delete(reply);
    });
    return reply;
  });
}
