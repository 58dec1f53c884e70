import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import {
  ChannelError,
  type Inbound,
  type WebhookRequest,
  type WebhookResponse,
} from '../../adapters/contract/index.ts';
import { networkOf } from '../access/sign-in-throttle.ts';
import type { RunningChannel } from '../channels/channel-service.ts';
import { FoyerError } from '../errors.ts';
import type { HttpDependencies } from './dependencies.ts';
import { answerProblem, createErrorHandler, refusalOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The channel a webhook request names, while it runs. */
    webhookChannel: RunningChannel | null;
    /** The body's type as sent, which may be none that Fastify knows to exist. */
    webhookType: string | undefined;
  }
}

/** Requests of one network to one channel in a minute: what a platform sends at its busiest, and no flood. */
const requestsPerMinute = 600_000;
/** When a platform should try again after the store failed, seconds. */
const retryAfter = 5;

type Outcome = 'delivered' | 'answered' | 'refused' | 'invalid' | 'failed';

/**
 * `/webhooks/<channel>` and everything below: raw bytes to the channel's adapter, what they say into the store, and
 * only then the platform's answer. Nothing of a request is parsed here.
 */
export function webhookRoutes(app: FastifyInstance, dependencies: HttpDependencies): void {
  const { channelService, clock, log, registry, inbound, inboundTally: tally } = dependencies;
  const counter = new Counter({
    name: 'foyer_webhook_requests_total',
    help: 'Requests of platforms, by what became of them.',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  const onError = createErrorHandler(log);

  app.decorateRequest('webhookChannel', null);
  app.decorateRequest('webhookType', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    const most = request.webhookChannel?.adapter.webhook?.maxBytes ?? 0;
    const chunks: Buffer[] = [];
    let size = 0;
    payload.on('data', function take(chunk: Buffer) {
      size += chunk.length;
      if (size <= most) {
        chunks.push(chunk);
        return;
      }
      payload.removeAllListeners('end').off('data', take).pause();
      done(tooLarge());
    });
    payload.once('end', () => done(null, Buffer.concat(chunks, size)));
    payload.once('error', (error) => done(error));
  });

  app.addHook<{ Params: { channel: string } }>('onRequest', async (request) => {
    const running = channelService.running(request.params.channel);
    const webhook = running?.adapter.webhook;
    if (running === undefined || webhook === undefined)
      throw new FoyerError('CHANNEL_NOT_FOUND', 'There is no such channel.');
    request.webhookChannel = running;
    const { headers } = request.raw;
    request.webhookType = headers['content-type'];
    if (headers['content-type'] !== undefined) headers['content-type'] = 'application/octet-stream';
    if (Number(request.headers['content-length'] ?? 0) > webhook.maxBytes) throw tooLarge();
  });

  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const type = request.webhookChannel?.record.type;
    const status = 'statusCode' in error ? error.statusCode : undefined;
    if (status === 413) {
      if (type !== undefined) counter.inc({ type, outcome: 'invalid' satisfies Outcome });
      // What is still coming is not read.
      return answerProblem(reply.header('connection', 'close'), refusalOf(413));
    }
    if (error instanceof FoyerError && error.code.startsWith('STORAGE_')) {
      if (type !== undefined) counter.inc({ type, outcome: 'failed' satisfies Outcome });
      log.error({ err: error, channel: request.webhookChannel?.record.id }, 'a delivery could not be stored');
      const { code, message } = error;
      return answerProblem(reply, { status: 503, code, detail: message, retryAfter: retryAfter * 1000 });
    }
    return onError(error, request, reply);
  });

  async function handle(request: FastifyRequest, reply: FastifyReply) {
    const running = request.webhookChannel;
    const webhook = running?.adapter.webhook;
    if (running === null || webhook === undefined) throw new FoyerError('INTERNAL', 'A webhook has no channel.');
    const { record, settings } = running;
    const { type } = record;
    const told = (outcome: Outcome) => counter.inc({ type, outcome });
    const verdict = webhook.verify(rawRequest(request), settings, clock.now());
    if (verdict.kind === 'refused') {
      told('refused');
      tally.refused(record, verdict.reason);
      return reply.code(verdict.status).header('cache-control', 'no-store').send();
    }
    if (verdict.kind === 'answered') {
      told('answered');
      return answer(reply, verdict.response);
    }
    const { payload, response } = verdict;
    let items: Inbound[];
    try {
      items = webhook.decode(payload, settings);
    } catch (error) {
      const known = error instanceof ChannelError && error.code === 'CHANNEL_PAYLOAD_INVALID';
      told('invalid');
      tally.dropped(record, known ? error.message : 'it could not be decoded');
      if (known) return reply.code(400).header('cache-control', 'no-store').send();
      // Delivered again it would fail again, and platforms shut out those who go on failing.
      log.error({ err: error, channel: record.id, type }, 'a delivery could not be decoded');
      return answer(reply, response);
    }
    const greeting = webhook.greet?.(payload, settings, clock.now());
    const { greeted } = await inbound.receive(running, items, greeting?.text);
    told('delivered');
    return answer(reply, greeted && greeting !== undefined ? greeting.response : response);
  }

  const options = {
    exposeHeadRoute: false,
    // No browser comes here; what one would need all the same is said in `answer`.
    helmet: false as const,
    config: {
      rateLimit: {
        max: requestsPerMinute,
        timeWindow: 60_000,
        keyGenerator: (request: FastifyRequest) => {
          const { channel } = request.params as { channel: string };
          return `webhook ${channel} ${request.ip === undefined ? 'gone' : networkOf(request.ip)}`;
        },
      },
    },
  };
  app.all('/webhooks/:channel', options, handle);
  app.all('/webhooks/:channel/*', options, handle);
}

/** The request as it came. */
function rawRequest(request: FastifyRequest): WebhookRequest {
  const [address = '', query = ''] = split(request.raw.url ?? '');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  headers['content-type'] = request.webhookType;
  return {
    method: request.method,
    path: address.replace(/^\/webhooks\/[^/]*/, ''),
    query: new URLSearchParams(query),
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
  };
}

function split(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function answer(reply: FastifyReply, { status, contentType, headers = {}, body = '' }: WebhookResponse) {
  return reply
    .code(status)
    .headers(headers)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .type(contentType ?? 'text/plain; charset=utf-8')
    .send(body);
}

function tooLarge(): Error {
  return Object.assign(new Error('The request body is too large.'), { statusCode: 413 });
}
