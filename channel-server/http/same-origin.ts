import type { FastifyRequest } from 'fastify';
import { FoyerError } from '../errors.ts';

/**
 * Refuse requests another site's page made a browser send. Programs that are no browsers send neither header.
 * @throws FoyerError ACCESS_DENIED
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused();
  if (origin === undefined) return;
  // By host: behind a proxy that ends TLS, the scheme seen here is not the page's.
  const own = [request.host, publicUrl === undefined ? undefined : hostOf(publicUrl)];
  const asked = hostOf(origin);
  if (asked === undefined || !own.includes(asked)) throw refused();
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

function refused(): FoyerError {
  return new FoyerError('ACCESS_DENIED', 'This address cannot be used from the pages of another site.');
}
