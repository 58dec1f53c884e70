import type { FastifyRequest } from 'fastify';
import type { AccountPrincipal, Principal } from '../access/principal.ts';
import { FoyerError } from '../errors.ts';
import type { ApiServer, HttpDependencies } from './dependencies.ts';

/**
 * Who may ask: `public`; `visitor` (a visitor or staff); `staff`; `password` (staff who must change their password
 * too); `administrator`. Every API route names one, or the server does not start.
 */
export type RouteAccess = 'public' | 'visitor' | 'staff' | 'password' | 'administrator';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Who asks, once the guard let them through. */
    principal: Principal | null;
  }
}

/** Checks tokens before anything of the request is read. */
export function guard(app: ApiServer, { access, visitorTokens }: HttpDependencies): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.method} ${route.url} does not say who may ask`);
    // Of the route, not of the server: so it comes after the rate limit, which guesses at tokens must meet.
    route.onRequest = [route.onRequest ?? []].flat().concat(check);
  });

  async function check(request: FastifyRequest): Promise<void> {
    const needed = request.routeOptions.config.access ?? 'administrator';
    if (needed === 'public') return;
    const token = bearerOf(request);
    if (token === undefined) throw notSignedIn();
    if (needed === 'visitor') {
      request.principal = await anyone(token);
      return;
    }
    const account = await access.authenticate(token, { mustChangeAllowed: needed === 'password' });
    if (needed === 'administrator' && account.role !== 'administrator') {
      throw new FoyerError('ACCESS_DENIED', 'Only an administrator may do this.');
    }
    request.principal = account;
  }

  async function anyone(token: string): Promise<Principal> {
    const visitor = await visitorTokens.verify(token);
    if (visitor === undefined) return access.authenticate(token);
    const { id: visitorId, tenantId, channelId, subject } = visitor;
    return { kind: 'visitor', tenantId, channelId, visitorId, ...(subject === undefined ? {} : { subject }) };
  }
}

/** The bearer token, if the header is one. Tokens are never read from a query or a cookie. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]{1,4000})$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Who asks, on routes for staff. */
export function staffOf(request: FastifyRequest): AccountPrincipal {
  if (request.principal?.kind !== 'account') throw notSignedIn();
  return request.principal;
}

export function notSignedIn(): FoyerError {
  return new FoyerError('ACCESS_NOT_SIGNED_IN', 'Sign in first.');
}
