import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpDependencies } from './dependencies.ts';
import { answerProblem, refusalOf } from './problem.ts';

const year = 'public, max-age=31536000, immutable';

/**
 * What browsers load: the embed script, its modules, and the staff apps' pages. Files whose names carry a hash are
 * cached for good; the embed script and the pages are asked for again.
 */
export async function pageRoutes(app: FastifyInstance, dependencies: HttpDependencies): Promise<void> {
  const { distFolder: root } = dependencies;
  await app.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false, index: false });
  const file = { cacheControl: false, dotfiles: 'ignore' } as const;

  app.get('/widget.js', async (_request, reply) => {
    return embeddable(reply).header('cache-control', 'public, max-age=300').sendFile('widget.js', file);
  });
  app.get('/widget/*', async (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    return embeddable(reply).header('cache-control', year).sendFile(`widget/${name}`, file);
  });

  for (const name of ['desk', 'console']) {
    const policy = staffPolicy(dependencies);
    app.get(`/${name}`, async (_request, reply) => {
      if (!(await exists(join(root, `${name}.html`)))) return answerProblem(reply, notBuilt);
      return reply
        .header('cache-control', 'no-cache')
        .header('content-security-policy', policy)
        .header('cross-origin-opener-policy', 'same-origin')
        .sendFile(`${name}.html`, file);
    });
    app.get(`/${name}/`, async (_request, reply) => reply.redirect(`/${name}`, 308));
    app.get(`/${name}/*`, async (request, reply) => {
      const { '*': asset } = request.params as { '*': string };
      return reply.header('cache-control', year).sendFile(`${name}/${asset}`, file);
    });
  }
}

const notBuilt = { ...refusalOf(404), detail: 'This page is not built. Run "npm run build" on the server.' };

/** Pages of any site may load the widget. */
function embeddable(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
}

/** Staff pages: own code only, no frames around or inside, nothing inline. */
function staffPolicy({ publicUrl, mediaUrl }: HttpDependencies): string {
  const media = mediaUrl === undefined ? '' : ` ${new URL(mediaUrl).origin}`;
  // Older Safari does not count a WebSocket of the same host as 'self'.
  const socket = publicUrl === undefined ? '' : ` ${new URL(publicUrl).origin.replace(/^http/, 'ws')}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: data:${media}`,
    `media-src 'self' blob:${media}`,
    "font-src 'self'",
    `connect-src 'self'${socket}${media}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
