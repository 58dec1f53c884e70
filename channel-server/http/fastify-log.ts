import type { FastifyBaseLogger } from 'fastify';
import type { Log } from '../../adapters/contract/index.ts';

/** What Fastify and its plugins say, in the house's log. */
export function fastifyLog(log: Log): FastifyBaseLogger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (first: unknown, second?: unknown): void => {
      if (typeof first === 'string') log[level]({}, first);
      else
        log[level](typeof first === 'object' && first !== null ? first : {}, typeof second === 'string' ? second : '');
    };
  return {
    level: 'info',
    fatal: at('error'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: () => undefined,
    silent: () => undefined,
    child: (facts: object) => fastifyLog(log.child(facts)),
  };
}
