import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';
import { answerProblem, refusalOf } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Lets a body take its time: for routes that watch over it themselves. */
    bodyMayBeSlow: (() => void) | null;
  }
}

/** Deepest nesting of a JSON body: far above what any route asks for, far below what exhausts a stack. */
const deepest = 32;

/**
 * JSON is the only body: parsed once, refused when too deep or when it names `__proto__` or `constructor.prototype`.
 * An empty body is no body.
 */
export function acceptJsonOnly(app: FastifyInstance, bodyBytes: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bodyBytes }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === '') return done(null, undefined);
    if (nesting(text) > deepest) return done(new FoyerError('REQUEST_INVALID', 'The JSON is nested too deeply.'));
    return parse(request, text, done);
  });
}

/** The deepest nesting of brackets outside strings, counted before anything is built from the text. */
export function nesting(json: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) most = Math.max(most, ++depth);
    else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return most;
}

/**
 * Cut connections whose body does not arrive within `ms`, whatever the address and even when it was answered already:
 * Node keeps a connection until the body it no longer wants has ended.
 */
export function limitBodyTime(app: FastifyInstance, clock: Clock, ms: number): void {
  app.decorateRequest('bodyMayBeSlow', null);
  app.addHook('onRequest', async (request, reply) => {
    const { headers, raw } = request;
    const { 'content-length': length, 'transfer-encoding': encoding } = headers;
    if (length === '0' || (length === undefined && encoding === undefined)) return;
    const cancel = clock.after(ms, () => {
      if (raw.complete) return;
      if (!reply.sent) answerProblem(reply.header('connection', 'close'), refusalOf(408));
      raw.destroy();
    });
    request.bodyMayBeSlow = cancel;
    raw.once('end', cancel).once('close', cancel);
  });
}
