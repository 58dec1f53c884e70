import { STATUS_CODES } from 'node:http';
import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ChannelError, type Log } from '../../adapters/contract/index.ts';
import { FoyerError } from '../errors.ts';

/** Every refusal and failure over HTTP (RFC 9457). `code` is stable; `detail` is for people. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'Why a request was not done (RFC 9457).' });
export type Problem = z.infer<typeof problemSchema>;

interface Refusal {
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; message: string }[];
  details?: Record<string, unknown>;
  /** Milliseconds. */
  retryAfter?: number | undefined;
}

/** What Fastify itself refuses, in constant words: its own may quote the request. */
const refusals: Record<number, { code: string; detail: string }> = {
  400: { code: 'REQUEST_INVALID', detail: 'The request is not valid HTTP or JSON.' },
  404: { code: 'NOT_FOUND', detail: 'There is no such page.' },
  405: { code: 'REQUEST_METHOD_NOT_ALLOWED', detail: 'This address does not answer to that method.' },
  408: { code: 'REQUEST_TIMEOUT', detail: 'The request took too long to arrive.' },
  413: { code: 'REQUEST_TOO_LARGE', detail: 'The request body is too large.' },
  414: { code: 'REQUEST_TOO_LARGE', detail: 'The address is too long.' },
  415: { code: 'REQUEST_TYPE_UNSUPPORTED', detail: 'Send the body as application/json.' },
  429: { code: 'ACCESS_THROTTLED', detail: 'Too many requests. Wait, then try again.' },
  431: { code: 'REQUEST_TOO_LARGE', detail: 'The request headers are too large.' },
  503: { code: 'SERVER_CLOSING', detail: 'The server is shutting down. Try again in a moment.' },
};

/** A refusal that Fastify's own statuses stand for. */
export function refusalOf(status: number): Refusal {
  const known = refusals[status] ?? refusals[400] ?? { code: 'REQUEST_INVALID', detail: '' };
  return { status, ...known };
}

/** UTF-16 units of a field's name or problem in an answer. */
const longestQuote = 200;

function toRefusal(error: FastifyError | Error): Refusal {
  if (error instanceof FoyerError) {
    const { status, code, message: detail, details, retryAfter } = error;
    return { status, code, detail, retryAfter, ...(details === undefined ? {} : { details }) };
  }
  if (error instanceof ChannelError) {
    const status = error.retryable ? 429 : error.code === 'CHANNEL_SETTINGS_INVALID' ? 422 : 400;
    return { status, code: error.code, detail: error.message, retryAfter: error.retryAfter };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    // An id that cannot exist is answered like one that does not.
    if (error.validationContext === 'params') return refusalOf(404);
    const errors = error.validation.slice(0, 20).map(({ instancePath, message }) => ({
      path: instancePath === '/' ? '' : instancePath.slice(0, longestQuote),
      // It may name as many unknown fields as the sender likes.
      message: (message ?? 'not valid').slice(0, longestQuote),
    }));
    const first = errors[0];
    const place = first === undefined || first.path === '' ? '' : `${first.path}: `;
    return { status: 400, code: 'REQUEST_INVALID', detail: `${place}${first?.message ?? 'not valid'}`, errors };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if ((status >= 400 && status < 500) || status === 503) return refusalOf(status);
  return {
    status: 500,
    code: 'INTERNAL',
    detail: 'Something went wrong on our side. It was noted; try again in a moment.',
  };
}

/** Answer a refusal as problem+json. */
export function answerProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code, detail, errors, details, retryAfter } = refusal;
  const problem: Problem = {
    type: `urn:foyer:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(errors === undefined ? {} : { errors }),
    ...(details === undefined ? {} : { details }),
  };
  if (retryAfter !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfter / 1000)));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problem);
}

/** Fastify's error handler: constant text for what nobody foresaw, and the cause only in the log. */
export function createErrorHandler(log: Log) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = toRefusal(error);
    if (refusal.status >= 500) {
      const { method, id } = request;
      log.error({ err: error, method, route: request.routeOptions.url, requestId: id }, 'a request failed');
    }
    return answerProblem(reply, refusal);
  };
}
