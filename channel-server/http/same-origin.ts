import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { FoyerError } from '../errors.ts';

/**
 * Refuse requests another site's page made a browser send. Programs that are no browsers send neither header.
 * The name the request asked for counts as ours only when nobody else can point it here (an address, `localhost`);
 * any other name must be that of the public address.
 * @throws FoyerError ACCESS_DENIED
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused();
  if (origin === undefined) return;
  const asked = hostOf(origin);
  // By host: behind a proxy that ends TLS, the scheme seen here is not the page's.
  if (asked !== undefined && publicUrl !== undefined && asked === hostOf(publicUrl)) return;
  if (asked === undefined || asked !== request.host) throw refused();
  if (isOurs(new URL(origin).hostname)) return;
  throw publicUrl === undefined ? unnamed() : refused();
}

/** A name that no foreign name server answers for. */
function isOurs(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost');
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

function refused(): FoyerError {
  return new FoyerError('ACCESS_DENIED', 'This address cannot be used from the pages of another site.');
}

function unnamed(): FoyerError {
  return new FoyerError(
    'ACCESS_DENIED',
    'This server does not know that it is reached by this name. Its operator can set FOYER_PUBLIC_URL to it.',
  );
}
