import type { FastifyInstance } from 'fastify';
import type { RouteAccess } from './guard.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route under `/api/`, as registered. */
    apiRoutes: readonly ApiRoute[];
  }
}

export interface ApiRoute {
  methods: string[];
  /** As registered: `/api/v1/sessions/:id`. */
  url: string;
  /** Undefined for uploads, which check their own tokens. */
  access: RouteAccess | undefined;
}

/** Which methods an address answers to, for 405. */
export interface MethodIndex {
  of(path: string): string[];
}

/** Notes every API route as it is registered; pages answer 404 alone. */
export function createMethodIndex(app: FastifyInstance): MethodIndex {
  const known: (ApiRoute & { pattern: RegExp })[] = [];
  app.decorate('apiRoutes', known);
  app.addHook('onRoute', ({ url, method, config }) => {
    if (!url.startsWith('/api/')) return;
    const pattern = url
      .split('/')
      .map((step) => (step.startsWith(':') ? '[^/]+' : step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    known.push({ url, methods: [method].flat(), access: config?.access, pattern: new RegExp(`^${pattern}$`) });
  });
  return {
    of: (path) => [...new Set(known.filter((one) => one.pattern.test(path)).flatMap((one) => one.methods))],
  };
}
