import type { FastifyInstance } from 'fastify';
import type { Ids, Log } from '../../adapters/contract/index.ts';

const quiet = ['/healthz', '/readyz', '/metrics'];

/** Ids by which a request is found in the log: random by process, then counted, for drawing each would take longer than answering. */
export function requestIds(ids: Ids): () => string {
  const process = ids.secret(9);
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}

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
    else if (isRoutine(request, path) && reply.statusCode < 400) log.debug(facts, 'request');
    else log.info(facts, 'request');
  });
}

/** What comes in great numbers and says little: reading, probes, and deliveries of platforms. */
function isRoutine({ method }: { method: string }, path: string): boolean {
  return method === 'GET' || quiet.includes(path) || path.startsWith('/webhooks/');
}
