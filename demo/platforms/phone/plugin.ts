import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ApiAnswer, createApiServer } from './api.ts';
import { inert } from './inert.ts';
import { phoneRoutes } from './phone-routes.ts';
import type { Platform } from './platform.ts';

/**
 * Fastify plugin: one platform at `/simulators/<key>`, its API below `/api` and its phones below `/phone`. Bodies stay
 * bytes: platforms judge them, not this server.
 */
export async function platformRoutes(app: FastifyInstance, platform: Platform): Promise<void> {
  const base = `/simulators/${platform.key}`;
  app.addHook('preClose', async () => platform.ground.deliveries.stop());
  await app.register(async (scope) => apiRoutes(scope, platform), { prefix: `${base}/api` });
  await app.register(async (scope) => phoneRoutes(scope, platform), { prefix: base });
}

async function apiRoutes(app: FastifyInstance, { api, ground }: Platform): Promise<void> {
  const serve = createApiServer(api, ground);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: api.maxBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const refused =
      error.statusCode === 413 ? api.refusals.tooLarge : api.refusals.broken({ ...asked(request), params: {} });
    return answer(reply, refused);
  });
  app.route({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'],
    url: '/*',
    bodyLimit: api.maxBytes,
    // The platform's own limits count here.
    config: { rateLimit: false },
    handler: async (request, reply) => {
      const answered = await serve(asked(request));
      if (answered !== 'cut') return answer(reply, answered);
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    },
  });
}

function asked(request: FastifyRequest): Parameters<ReturnType<typeof createApiServer>>[0] {
  const url = request.raw.url ?? '/';
  const query = url.indexOf('?');
  const path = (query < 0 ? url : url.slice(0, query)).replace(/^\/simulators\/[^/]+\/api/, '');
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query < 0 ? '' : url.slice(query)),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

function answer(reply: FastifyReply, { status, headers = {}, body }: ApiAnswer): FastifyReply {
  reply.code(status).headers({
    'content-security-policy': inert,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
    ...headers,
  });
  if (body === undefined) return reply.removeHeader('content-type').send();
  if (Buffer.isBuffer(body) || typeof body === 'string') return reply.send(body);
  return reply.send(JSON.stringify(body));
}
