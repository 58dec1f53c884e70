import type { FastifyInstance } from 'fastify';
import type { Log } from '../../adapters/contract/index.ts';

const quiet = ['/healthz', '/readyz', '/metrics'];

/** One structured line a request: never a body, a query (signatures, cursors) or a header. */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const facts = {
      requestId: request.id,
      method: request.method,
      path: path.slice(0, 200),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      address: request.ip,
    };
    if (reply.statusCode >= 500) log.warn(facts, 'request failed');
    else if (quiet.includes(path) || (request.method === 'GET' && reply.statusCode < 400)) log.debug(facts, 'request');
    else log.info(facts, 'request');
  });
}
