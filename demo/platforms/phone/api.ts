import type { IncomingHttpHeaders } from 'node:http';
import type { Misbehaviour } from './misbehaviour.ts';
import type { Phone } from './phone.ts';
import type { World } from './world.ts';

/** One call of the company to the platform, nothing of its body read yet. */
export interface ApiRequest {
  method: string;
  /** As the platform would see it, without query, still percent-encoded. */
  path: string;
  /** Blanks of the route's path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface ApiAnswer {
  status: number;
  headers?: Record<string, string>;
  /** A string or bytes go as they are; anything else as JSON. */
  body?: unknown;
}

export interface ApiRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/v2/bot/profile/:userId`: a segment that begins with a colon is a blank. */
  path: string;
  handle(request: ApiRequest): ApiAnswer | Promise<ApiAnswer>;
  /** The hosts that serve it, when not the platform's usual ones. */
  hosts?: readonly (string | RegExp)[];
  /** Answer of a customer's file that cannot be had any more. */
  gone?: ApiAnswer;
}

/** What a platform answers, and how it refuses in its own words. */
export interface Api {
  routes: readonly ApiRoute[];
  /**
   * The platform's hosts, as regular expressions or names. One simulator stands in for all of them; which one was meant
   * stands in `x-forwarded-host`, and a path of another host is not found.
   */
  hosts: readonly (string | RegExp)[];
  /** Largest body, bytes. */
  maxBytes: number;
  refusals: {
    notFound(request: ApiRequest): ApiAnswer;
    /** The path exists, the method does not. */
    wrongMethod(request: ApiRequest): ApiAnswer;
    tooLarge: ApiAnswer;
    rateLimited(request: ApiRequest): ApiAnswer;
    broken(request: ApiRequest): ApiAnswer;
    /** The credentials are not valid any more. */
    revoked(request: ApiRequest): ApiAnswer;
  };
  /** End every access token with a short life. */
  expireTokens(): void;
  /** Put on every answer. */
  headers?(): Record<string, string>;
}

/** Thrown by a handler: the platform says no. */
export class ApiRefusal extends Error {
  readonly answer: ApiAnswer;
  constructor(answer: ApiAnswer) {
    super(`refused with ${answer.status}`);
    this.name = 'ApiRefusal';
    this.answer = answer;
  }
}

/** Answers calls as the platform does, or as badly as it was told to. `cut`: the connection ends without an answer. */
export function createApiServer(
  api: Api,
  { world, phone, misbehaviour }: { world: World; phone: Phone; misbehaviour: Misbehaviour },
): (request: Omit<ApiRequest, 'params'>) => Promise<ApiAnswer | 'cut'> {
  const wait = (ms: number) => new Promise<void>((resolve) => void world.after(ms, resolve));

  async function answer(request: ApiRequest, route: ApiRoute): Promise<ApiAnswer | 'cut'> {
    const { path } = request;
    const hang = misbehaviour.takes('hang', path);
    if (hang) await wait(hang.ms ?? 60_000);
    if (hang || misbehaviour.takes('cut', path)) return 'cut';
    const slow = misbehaviour.takes('slow', path);
    if (slow) await wait(slow.ms ?? 2_000);
    if (misbehaviour.takes('rate429', path)) return api.refusals.rateLimited(request);
    if (misbehaviour.takes('fail5xx', path)) return api.refusals.broken(request);
    if (misbehaviour.takes('expireToken', path)) api.expireTokens();
    if (misbehaviour.takes('revokeToken', path)) return api.refusals.revoked(request);
    if (route.gone && misbehaviour.takes('mediaGone', path)) return route.gone;
    const answered = await route.handle(request);
    return request.method !== 'GET' && misbehaviour.takes('loseReply', path) ? 'cut' : answered;
  }

  return async (given) => {
    const request: ApiRequest = { ...given, params: {} };
    const found = routeOf(api.routes, request, api.hosts);
    let answered: ApiAnswer | 'cut';
    let note: string | undefined;
    try {
      if (found.route === undefined) {
        answered = found.elsewhere ? api.refusals.wrongMethod(request) : api.refusals.notFound(request);
      } else {
        answered = await answer({ ...request, params: found.params }, found.route);
      }
    } catch (error) {
      if (error instanceof ApiRefusal) answered = error.answer;
      else {
        note = `the simulator failed: ${error instanceof Error ? error.message : String(error)}`;
        answered = api.refusals.broken(request);
      }
    }
    const cut = answered === 'cut';
    if (answered !== 'cut') answered = { ...answered, headers: { ...api.headers?.(), ...answered.headers } };
    note ??= cut ? 'no answer' : noteOf(answered as ApiAnswer);
    phone.log({
      direction: 'in',
      method: request.method,
      path: request.path,
      status: cut ? 0 : (answered as ApiAnswer).status,
      ...(note === undefined ? {} : { note }),
    });
    return answered;
  };
}

/** The platform's words for a refusal, shortened: they hold no secrets. */
function noteOf({ status, body }: ApiAnswer): string | undefined {
  if (status < 400 || body === undefined || Buffer.isBuffer(body)) return undefined;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function routeOf(
  routes: readonly ApiRoute[],
  { method, path, headers }: ApiRequest,
  usual: Api['hosts'],
): { route?: ApiRoute; params: Record<string, string>; elsewhere: boolean } {
  let elsewhere = false;
  for (const route of routes) {
    const params = paramsOf(route.path, path);
    if (params === undefined || !isAt(route.hosts ?? usual, headers['x-forwarded-host'])) continue;
    if (route.method === method) return { route, params, elsewhere };
    elsewhere = true;
  }
  return { params: {}, elsewhere };
}

function isAt(hosts: Api['hosts'], meant: string | string[] | undefined): boolean {
  if (meant === undefined) return true;
  return hosts.some((host) => (typeof host === 'string' ? host === meant : host.test(String(meant))));
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== text) return undefined;
      continue;
    }
    if (text === '') return undefined;
    try {
      params[segment.slice(1)] = decodeURIComponent(text);
    } catch {
      return undefined;
    }
  }
  return params;
}
