import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram } from 'prom-client';
import { FoyerError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { isNear } from './near.ts';
import { answerProblem } from './problem.ts';

/** Whether the process lives, whether it should get requests, and what it counts. */
export function healthRoutes(app: FastifyInstance, { ready, registry, trustedProxies }: HttpDependencies): void {
  const options = { logLevel: 'silent', config: { rateLimit: false } } as const;

  app.get('/healthz', options, async (_request, reply) => {
    return reply.header('cache-control', 'no-store').send({ status: 'ok' });
  });

  app.get('/readyz', options, async (_request, reply) => {
    const status = await ready();
    reply.header('cache-control', 'no-store');
    if (status === 'ready') return reply.send({ status });
    const detail = status === 'draining' ? 'The server is shutting down.' : 'The store does not answer.';
    const code = status === 'draining' ? 'SERVER_CLOSING' : 'STORAGE_UNAVAILABLE';
    return answerProblem(reply, { status: 503, code, detail });
  });

  app.get('/metrics', options, async (request, reply) => {
    if (!isNear(request, trustedProxies ?? [])) {
      throw new FoyerError('ACCESS_DENIED', 'Metrics are told to this machine and private networks only.');
    }
    return reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics());
  });
}

/** Count and time every request by its route's pattern: never by its address, which anybody can invent. */
export function measureRequests(app: FastifyInstance, { registry }: HttpDependencies): void {
  if (registry.getSingleMetric('process_cpu_user_seconds_total') === undefined) {
    collectDefaultMetrics({ register: registry });
  }
  const durations = new Histogram({
    name: 'foyer_http_request_duration_seconds',
    help: 'Seconds from request to answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
