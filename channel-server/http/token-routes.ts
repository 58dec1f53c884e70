import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { SignedIn } from '../access/access-service.ts';
import { passwordLimits } from '../access/passwords.ts';
import { FoyerError } from '../errors.ts';
import { type ApiRoutes, type HttpDependencies, httpLimits } from './dependencies.ts';
import { bearerOf, notSignedIn, staffOf } from './guard.ts';
import { requireSameOrigin } from './same-origin.ts';
import { answers, nothing, writing } from './schemas.ts';

const cookieName = 'foyer_refresh';
const cookiePath = '/api/v1/tokens';
/** Seconds; the server's own limit slides with every use. */
const cookieLife = 30 * 24 * 3600;

const me = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    role: z.enum(['administrator', 'supervisor', 'agent']),
    queues: z.array(z.string()),
    mustChange: z.boolean(),
  })
  .meta({ id: 'Me' });

const self = me
  .extend({ tenant: z.object({ id: z.string(), name: z.string() }) })
  .meta({ id: 'Self', description: 'The signed-in person, and their company.' });

const grant = z
  .object({
    accessToken: z.string(),
    expiresIn: z.int().meta({ description: 'Seconds.' }),
    mustChange: z.boolean().meta({ description: 'Only the password may be changed until it is.' }),
    account: me,
  })
  .meta({ id: 'Grant' });

/** Sign-in, staying signed in, signing out, and the signed-in person. */
export const tokenRoutes: ApiRoutes = (app, dependencies) => {
  const { access, publicUrl } = dependencies;
  const perMinute = dependencies.limits?.tokensPerMinute ?? httpLimits.tokensPerMinute;
  const rateLimit = { max: perMinute, timeWindow: 60_000 };

  app.post(
    '/api/v1/tokens',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: 'Sign in',
        description: 'The refresh token comes as an HttpOnly cookie for this address only.',
        tags: ['tokens'],
        security: [],
        body: z.strictObject({ login: writing(200).min(1), password: z.string().min(1).max(1024) }),
        response: answers({ 200: grant }),
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const { login, password } = request.body;
      return grantTo(reply, dependencies, await access.signIn(login, password, request.ip));
    },
  );

  app.post(
    '/api/v1/tokens/refresh',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: 'Renew the access token',
        description: 'Reads the cookie; answers a new pair. Send a JSON body, e.g. {}.',
        tags: ['tokens'],
        security: [],
        body: z.strictObject({}),
        response: answers({ 200: grant }),
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const token = request.cookies[cookieName];
      if (token === undefined) throw notSignedIn();
      try {
        return await grantTo(reply, dependencies, await access.refresh(token));
      } catch (error) {
        if (error instanceof FoyerError && error.status === 401) forgetCookie(reply);
        throw error;
      }
    },
  );

  app.delete(
    '/api/v1/tokens/current',
    {
      config: { access: 'public', rateLimit },
      schema: {
        summary: 'Sign out in this browser',
        description: 'By the cookie, or by the bearer token when there is none.',
        tags: ['tokens'],
        response: answers({ 204: nothing }),
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const token = request.cookies[cookieName];
      const bearer = bearerOf(request);
      if (token !== undefined) await access.signOut(token);
      else if (bearer !== undefined) {
        await access.endSignIn(await access.authenticate(bearer, { mustChangeAllowed: true }));
      }
      forgetCookie(reply);
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/me',
    {
      config: { access: 'staff' },
      schema: { summary: 'Who is signed in', tags: ['tokens'], response: answers({ 200: self }) },
    },
    async (request) => {
      const { tenantId, accountId } = staffOf(request);
      const { accounts } = dependencies.repositories;
      const [account, tenants] = await Promise.all([accounts.account(tenantId, accountId), accounts.tenants()]);
      const tenant = tenants.find((one) => one.id === tenantId);
      if (account === undefined || tenant === undefined) throw notSignedIn();
      const { id, login, name, role, queueIds, mustChange } = account;
      return { id, login, name, role, queues: queueIds, mustChange, tenant: { id: tenant.id, name: tenant.name } };
    },
  );

  app.put(
    '/api/v1/me/password',
    {
      config: { access: 'password', rateLimit },
      schema: {
        summary: 'Change the own password',
        description: 'Ends every other sign-in of this account; answers a new pair for this one.',
        tags: ['tokens'],
        body: z.strictObject({
          current: z.string().min(1).max(1024),
          next: z
            .string()
            .min(1)
            .max(passwordLimits.longest * 4),
        }),
        response: answers({ 200: grant }),
      },
    },
    async (request, reply) => {
      const { current, next } = request.body;
      return grantTo(reply, dependencies, await access.changePassword(staffOf(request), current, next, request.ip));
    },
  );
};

async function grantTo(reply: FastifyReply, dependencies: HttpDependencies, signedIn: SignedIn) {
  const { account, accessToken, expiresIn, mustChange, refreshToken } = signedIn;
  const stored = await dependencies.repositories.accounts.account(account.tenantId, account.accountId);
  if (stored === undefined) throw notSignedIn();
  reply.header('cache-control', 'no-store').setCookie(cookieName, refreshToken, {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'strict',
    secure: dependencies.publicUrl?.startsWith('https:') ?? reply.request.protocol === 'https',
    maxAge: cookieLife,
  });
  const { id, login, name, role, queueIds } = stored;
  return { accessToken, expiresIn, mustChange, account: { id, login, name, role, queues: queueIds, mustChange } };
}

function forgetCookie(reply: FastifyReply): void {
  reply.clearCookie(cookieName, { path: cookiePath, httpOnly: true, sameSite: 'strict' });
}
