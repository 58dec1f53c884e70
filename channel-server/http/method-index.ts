import type { FastifyInstance } from 'fastify';

/** Which methods an address answers to, for 405. */
export interface MethodIndex {
  of(path: string): string[];
}

/** Notes every API and webhook route as it is registered; pages answer 404 alone. */
export function createMethodIndex(app: FastifyInstance): MethodIndex {
  const known: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (!url.startsWith('/api/')) return;
    const pattern = url
      .split('/')
      .map((step) => (step.startsWith(':') ? '[^/]+' : step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    known.push({ pattern: new RegExp(`^${pattern}$`), methods: [method].flat() });
  });
  return {
    of: (path) => [...new Set(known.filter((one) => one.pattern.test(path)).flatMap((one) => one.methods))],
  };
}
