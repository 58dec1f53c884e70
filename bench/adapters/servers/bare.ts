import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { platforms } from '../platforms.ts';

/** The floor: a Fastify handler that checks the signature over the raw bytes, and answers. */
const app = Fastify({ bodyLimit: 3_000_000 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
const byType = new Map(platforms.map((platform) => [platform.type, platform]));

app.post<{ Params: { channel: string }; Body: Buffer }>('/webhooks/:channel', (request, reply) => {
  const platform = byType.get(request.params.channel);
  const query = new URL(request.url, 'http://localhost').searchParams;
  const headers = request.headers as Record<string, string | undefined>;
  const genuine = platform?.genuine({ query, headers, body: request.body }) === true;
  reply.code(genuine ? 200 : 401).send();
});

process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: (app.server.address() as AddressInfo).port });
