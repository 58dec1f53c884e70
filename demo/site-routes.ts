import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** What the demo company's pages may load: their own files, and what the widget shows. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Folders with a page: their addresses end in a slash, and people leave it out. */
const pages = ['/collection', '/collection/marsh', '/delivery', '/workshop'];

/**
 * Fastify plugin: the demo company's website at `/`. Each file gets its own route, so that what is not a page of the
 * site is left to the server.
 */
export async function siteRoutes(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(import.meta.dirname, 'site'),
    prefix: '/',
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders(reply) {
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('x-content-type-options', 'nosniff');
      reply.header('referrer-policy', 'strict-origin-when-cross-origin');
      reply.header('cache-control', 'no-cache');
    },
  });
  for (const page of pages) app.get(page, (_request, reply) => reply.redirect(`${page}/`));
}
