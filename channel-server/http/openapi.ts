import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from '@fastify/type-provider-zod';
import type { ApiServer, HttpDependencies } from './dependencies.ts';

// What a client may send and what it gets are described apart; transforms are described by what goes in.
const zodToJsonConfig = { unrepresentable: 'any' } as const;

/** Describe every API route; must be registered before them. */
export async function describeApi(app: ApiServer, { publicUrl }: HttpDependencies): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Foyer',
        description: 'Sessions with customers, whatever door they came through. Refusals are problem+json (RFC 9457).',
        version: '1',
      },
      servers: [{ url: publicUrl ?? '/' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
}

/** `GET /api/openapi.json` */
export function openapiRoute(app: ApiServer): void {
  let text: string | undefined;
  app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(withoutUnused(app.swagger()));
    return reply.type('application/json').serializer(String).send(text);
  });
}

/** Uploads speak tus 1.0, whose rules stand elsewhere; registered apart from the routes with schemas. */
const uploads = {
  '/api/v1/media': {
    post: {
      summary: 'Begin an upload (tus 1.0: creation, termination, expiration)',
      description:
        'By staff, or by a visitor with their token. Location ends in the media id; go on with PATCH there. Put `media:<id>` into an attachment once all bytes are sent.',
      tags: ['media'],
      parameters: ['Tus-Resumable', 'Upload-Length', 'Upload-Metadata'].map((name) => ({
        name,
        in: 'header',
        required: name !== 'Upload-Metadata',
        schema: { type: 'string' },
      })),
      responses: {
        '201': { description: 'Begun.', headers: { Location: { schema: { type: 'string' } } } },
        '4XX': {
          description: 'Refused.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  },
};

/** Each named schema comes twice, as what goes in and what comes out; one of them is seldom used. */
function withoutUnused(document: ReturnType<ApiServer['swagger']>): unknown {
  if (typeof document === 'string' || !('components' in document) || document.components?.schemas === undefined)
    return document;
  const all: Record<string, unknown> = document.components.schemas;
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name) || all[name] === undefined) continue;
      used.add(name);
      visit(all[name]);
    }
  };
  const paths = { ...document.paths, ...uploads };
  visit(paths);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...document, paths, components: { ...document.components, schemas } };
}
