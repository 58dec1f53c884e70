import { create as contentDisposition } from 'content-disposition';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { FoyerError, notFound } from '../errors.ts';
import type { Media } from '../media/media.ts';
import type { MediaCache, ReaderKey, UploadOwner } from '../media/media-cache.ts';

export interface MediaRoutesOptions {
  cache: MediaCache;
  /** Who uploads, with what limits; undefined when the request carries no valid token. A thrown FoyerError is answered. */
  owner(request: FastifyRequest): Promise<UploadOwner | undefined>;
  /** Whether the reader of a valid address may still read this medium now. */
  mayRead(reader: ReaderKey, media: Media): Promise<boolean>;
}

/** Pages of any site may embed media and upload: rights come from tokens and signatures, never from cookies. */
const crossOrigin = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const;

const exposed = [
  'Location',
  'Tus-Extension',
  'Tus-Max-Size',
  'Tus-Resumable',
  'Tus-Version',
  'Upload-Expires',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Offset',
  'Retry-After',
].join(', ');

/**
 * Uploads, `POST|HEAD|PATCH|DELETE /api/v1/media[/:id]` by tus 1.0, and signed downloads, `GET /media/:id[/thumbnail]`.
 */
export const mediaRoutes: FastifyPluginAsync<MediaRoutesOptions> = async (app, options) => {
  await app.register(uploadRoutes, options);
  await app.register(downloadRoutes, options);
};

const uploadRoutes: FastifyPluginAsync<MediaRoutesOptions> = async (app, { cache, owner }) => {
  // tus reads the body itself, whatever type it claims to be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ ...crossOrigin, 'access-control-expose-headers': exposed, 'cache-control': 'no-store' });
  });

  const upload = async (request: FastifyRequest, reply: FastifyReply) => {
    let uploader: UploadOwner | undefined;
    try {
      uploader = await owner(request);
    } catch (error) {
      if (error instanceof FoyerError) return await refuse(reply, error);
      throw error;
    }
    if (uploader === undefined) {
      return await refuse(reply, new FoyerError('ACCESS_NOT_SIGNED_IN', 'Uploading needs a valid token.'));
    }
    // Large files take long; tus cuts those that stand still.
    request.bodyMayBeSlow?.();
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    try {
      await cache.upload(request.raw, raw, uploader);
    } catch (error) {
      request.log.error({ error: String(error) }, 'an upload request failed');
      if (raw.headersSent) raw.destroy();
      else raw.writeHead(500, { connection: 'close' }).end();
    }
    return reply;
  };

  app.post('/api/v1/media', upload);
  app.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: '/api/v1/media/:id', handler: upload });
  // Pages cannot read a refused preflight: they would see a network error instead of being told to wait.
  app.options('/api/v1/media', { config: { rateLimit: false } }, preflight);
  app.options('/api/v1/media/:id', { config: { rateLimit: false } }, preflight);
};

/** What a browser asks before an upload from another site; it carries no token. */
async function preflight(_request: FastifyRequest, reply: FastifyReply) {
  return await reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'POST, HEAD, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers':
        'Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset, X-Requested-With',
      'access-control-max-age': '86400',
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,expiration',
    })
    .send();
}

const downloadRoutes: FastifyPluginAsync<MediaRoutesOptions> = async (app, { cache, mayRead }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      ...crossOrigin,
      'access-control-expose-headers': 'Content-Length, Content-Range, Content-Disposition, Accept-Ranges, Retry-After',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  /** A right refused by throwing is refused like any other. */
  const allowed = (reader: ReaderKey, media: Media) =>
    mayRead(reader, media).catch((error: unknown) => {
      if (error instanceof FoyerError && error.status < 500) return false;
      throw error;
    });

  const download = (variant: 'original' | 'thumbnail') => async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = request.params as { id: string };
    const { r, e, s } = request.query as Record<string, unknown>;
    if (typeof r !== 'string' || typeof e !== 'string' || typeof s !== 'string') return await missing(reply);
    const reader = cache.verify(id, variant, { r, e, s });
    if (reader === undefined) return await missing(reply);
    const media = await cache.find(id);
    if (media === undefined || !(await allowed(reader, media))) return await missing(reply);

    // Never changes: a medium's id names its bytes for good.
    const etag = `"${id}-${variant}"`;
    const condition = request.headers['if-range'];
    const range = condition === undefined || condition === etag ? request.headers.range : undefined;
    const found = await cache.open(id, variant, range);
    if (found === undefined) return await missing(reply);
    if (found === 'range-unsatisfiable') return await refuseRange(reply);

    reply.headers({
      etag,
      'accept-ranges': 'bytes',
      'content-type': found.contentType === 'text/plain' ? 'text/plain; charset=utf-8' : found.contentType,
      'content-disposition': contentDisposition(found.name, { type: found.inline ? 'inline' : 'attachment' }),
    });
    if (found.range === undefined) reply.header('content-length', found.size);
    else {
      const { start, end } = found.range;
      reply
        .code(206)
        .header('content-range', `bytes ${start}-${end}/${found.size}`)
        .header('content-length', end - start + 1);
    }
    if (request.method !== 'HEAD') return await reply.send(found.stream);
    found.stream.destroy();
    return await reply.send();
  };

  // Their addresses carry signatures, which do not belong in a log of requests.
  // HEAD is our own: fastify's would read the whole file.
  const serve = (url: string, handler: ReturnType<typeof download>) =>
    app.route({ method: ['GET', 'HEAD'], url, handler, logLevel: 'error', exposeHeadRoute: false });
  serve('/media/:id', download('original'));
  serve('/media/:id/thumbnail', download('thumbnail'));
};

/** One answer for what does not exist, is not the reader's, is forged or stale. */
function missing(reply: FastifyReply) {
  return refuse(reply, notFound('media'));
}

function refuseRange(reply: FastifyReply) {
  return refuse(reply, new FoyerError('REQUEST_INVALID', 'Only one range within the file can be had.'), 416);
}

function refuse(reply: FastifyReply, { code, message, status: usual }: FoyerError, status = usual) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: message, status, code });
}
