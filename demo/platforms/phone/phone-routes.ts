import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bareType, typeOf } from './file-type.ts';
import { inert } from './inert.ts';
import { type PhoneAction, PhoneRefusal } from './model.ts';
import type { Platform } from './platform.ts';
import { readAction } from './read-action.ts';
import { streamEvents } from './stream.ts';

/** Largest file somebody can pick on a phone, bytes. */
const fileBytes = 110_000_000;
const jsonBytes = 64_000;
/** The server's own limits are for people, not for platforms. */
const free = { rateLimit: false } as const;

/** Fastify plugin: what the phone page of one platform asks for, and the controls. */
export async function phoneRoutes(app: FastifyInstance, platform: Platform): Promise<void> {
  const { phone, misbehaviour, shelf, reading, limits } = platform.ground;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', sameSiteOnly);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const refused = error instanceof PhoneRefusal || error instanceof RangeError;
    return reply.code(refused ? 422 : (error.statusCode ?? 500)).send({ error: error.message });
  });
  app.get('/phone', { config: free }, async (_request, reply) => fresh(reply).send(overview(platform)));

  app.post('/phone/people', { config: free, bodyLimit: jsonBytes }, async (request, reply) => {
    const { name } = json(request);
    const person = platform.newPerson(typeof name === 'string' && name.trim() !== '' ? name.slice(0, 40) : undefined);
    return fresh(reply).code(201).send(person);
  });

  app.get<{ Params: { person: string } }>('/phone/people/:person', { config: free }, async (request, reply) => {
    const person = phone.personOf(request.params.person);
    return fresh(reply).send({ person, messages: phone.messages(person.id) });
  });

  app.post<{ Params: { person: string } }>(
    '/phone/people/:person/actions',
    { config: free, bodyLimit: jsonBytes },
    async (request, reply) => {
      const message = platform.act(request.params.person, readAction(json(request)));
      return fresh(reply).send({ message: message ?? null });
    },
  );

  app.post<{ Params: { person: string }; Querystring: Record<string, string> }>(
    '/phone/people/:person/files',
    { config: free, bodyLimit: fileBytes },
    async (request, reply) => {
      const { as, name = 'file', duration, caption, quotes } = request.query;
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (bytes.length === 0) throw new PhoneRefusal('The file is empty.');
      const action: PhoneAction = {
        do: 'file',
        as: kindOf(as),
        file: {
          bytes,
          contentType: request.headers['content-type'] ?? 'application/octet-stream',
          name: name.slice(0, 120),
          ...(duration === undefined ? {} : { duration: Math.max(1, Math.round(Number(duration)) || 1_000) }),
        },
        ...(caption ? { caption } : {}),
        ...(quotes ? { quotes } : {}),
      };
      return fresh(reply).send({ message: platform.act(request.params.person, action) ?? null });
    },
  );

  app.get<{ Params: { file: string } }>('/phone/media/:file', { config: free }, async (request, reply) => {
    const file = shelf.get(request.params.file);
    if (file === undefined) return reply.code(404).send({ error: 'This file is gone.' });
    // Only what a browser shows without running anything stands in the page; the rest is saved.
    const found = typeOf(file.bytes);
    const shown = found !== undefined && /^(image|audio|video)\//.test(found);
    return fresh(reply)
      .header('content-type', shown ? bareType(file.contentType) || found : 'application/octet-stream')
      .header('content-disposition', shown ? 'inline' : attachment(file.name))
      .send(file.bytes);
  });

  streamEvents(app, '/phone/events', (tell) => phone.listen(tell));

  app.post('/phone/connect', { config: free, bodyLimit: jsonBytes }, async (_request, reply) =>
    fresh(reply).send(await platform.connect()),
  );

  const controls = () => ({
    active: misbehaviour.settings(),
    happened: misbehaviour.happened(),
    reads: reading.automatic,
    limits: limits.count,
  });
  app.get('/control', { config: free }, async (_request, reply) => fresh(reply).send(controls()));
  app.post('/control', { config: free, bodyLimit: jsonBytes }, async (request, reply) => {
    const { reads, limits: counts, ...settings } = json(request);
    misbehaviour.set(settings);
    if (typeof reads === 'boolean') reading.automatic = reads;
    if (typeof counts === 'boolean') limits.count = counts;
    return fresh(reply).send(controls());
  });
}

/** All that a page needs to begin with. */
export function overview({ key, title, look, company, features, ground, connection }: Platform): object {
  return {
    key,
    title,
    look,
    company,
    features,
    connection: connection(),
    people: ground.phone.people(),
    wire: ground.phone.wire(),
    faults: ground.misbehaviour.settings(),
  };
}

function fresh(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': inert,
    'x-content-type-options': 'nosniff',
  });
}

/** Another site's page must not act on somebody's phone. Programs send no Origin. */
async function sameSiteOnly(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { origin, host } = request.headers;
  if (request.method === 'GET' || origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  await reply.code(403).send({ error: 'Another site asked.' });
}

function json(request: FastifyRequest): Record<string, unknown> {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PhoneRefusal('The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PhoneRefusal('The body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

const kinds = ['image', 'voice', 'audio', 'video', 'file', 'sticker'] as const;

function kindOf(as: string | undefined): (typeof kinds)[number] {
  const kind = kinds.find((name) => name === as);
  if (kind === undefined) throw new PhoneRefusal(`"as" is one of ${kinds.join(', ')}.`);
  return kind;
}

function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
