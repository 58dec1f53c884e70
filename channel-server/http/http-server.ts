import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { validatorCompiler, type ZodTypeProvider } from '@fastify/type-provider-zod';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { networkOf } from '../access/sign-in-throttle.ts';
import { FoyerError } from '../errors.ts';
import { accountRoutes } from './account-routes.ts';
import { agentRoutes } from './agent-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { type ApiServer, type HttpDependencies, httpLimits } from './dependencies.ts';
import { fastifyLog } from './fastify-log.ts';
import { guard } from './guard.ts';
import { healthRoutes, measureRequests } from './health-routes.ts';
import { acceptJsonOnly, limitBodyTime } from './json-body.ts';
import { mediaInfoRoutes, mediaRights } from './media-rights.ts';
import { mediaRoutes } from './media-routes.ts';
import { createMethodIndex } from './method-index.ts';
import { describeApi, openapiRoute } from './openapi.ts';
import { pageRoutes } from './page-routes.ts';
import { answerProblem, createErrorHandler, refusalOf } from './problem.ts';
import { queueRoutes } from './queue-routes.ts';
import { logRequests, requestIds } from './request-log.ts';
import { sessionActionRoutes } from './session-actions.ts';
import { sessionRoutes } from './session-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/**
 * The HTTP server with every route, not yet listening. Sockets are mounted on its `server` by `app`.
 * Closing it waits for answers under way.
 */
export function createHttpServer(dependencies: HttpDependencies): FastifyInstance {
  const { log, clock, trustedProxies = [] } = dependencies;
  const limits = { ...httpLimits, ...dependencies.limits };
  const app = Fastify({
    loggerInstance: fastifyLog(log),
    // Its own request lines would hold queries, and with them signatures.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    genReqId: requestIds(dependencies.ids),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_error, _request, reply) => {
      answerProblem(reply, refusalOf(400));
    },
  });
  acceptJsonOnly(app, limits.bodyBytes);
  limitBodyTime(app, clock, limits.bodyTime);
  logRequests(app, log);
  measureRequests(app, dependencies);
  const methods = createMethodIndex(app);
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.of(request.url.split('?', 1)[0] ?? '');
    if (allowed.length === 0 || allowed.includes(request.method)) return answerProblem(reply, refusalOf(404));
    return answerProblem(reply.header('allow', allowed.join(', ')), refusalOf(405));
  });

  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // The embed tag's site decides about its own page; ours say so themselves.
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: dependencies.publicUrl?.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
  });
  app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: networkAsking,
    errorResponseBuilder: (_request, { ttl }) =>
      new FoyerError('ACCESS_THROTTLED', `Too many requests. Try again in ${Math.ceil(ttl / 1000)} s.`, {
        retryAfter: ttl,
      }),
  });
  app.register(async (root) => {
    healthRoutes(root, dependencies);
    await root.register(mediaRoutes, { cache: dependencies.mediaCache, ...mediaRights(dependencies) });
    await root.register(async (api) => {
      const scope = api.withTypeProvider<ZodTypeProvider>();
      scope.setValidatorCompiler(validatorCompiler);
      // Answers are built field by field; their schemas describe them, and tests hold them to it.
      scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
      await scope.register(cookie);
      await describeApi(scope, dependencies);
      await scope.register(async (described: ApiServer) => apiRoutes(described, dependencies));
    });
    await root.register(async (webhooks) => webhookRoutes(webhooks, dependencies));
    await root.register(async (pages) => pageRoutes(pages, dependencies));
    for (const extra of dependencies.extraRoutes ?? []) await root.register(extra);
  });
  return app;
}

/** A connection that is gone already has no address; its request still comes here. */
function networkAsking({ ip }: { ip: string | undefined }): string {
  return ip === undefined ? 'gone' : networkOf(ip);
}

function apiRoutes(app: ApiServer, dependencies: HttpDependencies): void {
  guard(app, dependencies);
  for (const routes of [
    tokenRoutes,
    sessionRoutes,
    sessionActionRoutes,
    agentRoutes,
    queueRoutes,
    accountRoutes,
    channelRoutes,
    deliveryRoutes,
    mediaInfoRoutes,
  ]) {
    routes(app, dependencies);
  }
  app.addHook('onSend', async (_request, reply) => {
    // Answers differ by who asks: nobody in between may keep them.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store');
  });
  openapiRoute(app);
}
