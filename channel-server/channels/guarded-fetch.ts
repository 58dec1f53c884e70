import { Readable } from 'node:stream';
import {
  type Clock,
  FetchFailure,
  type HostFetch,
  type HostFetchOptions,
  type HostResponse,
} from '../../adapters/contract/index.ts';
import { isLoopback, isPublicAddress, literalAddress } from './guarded-fetch-address.ts';
import { readAnswer } from './guarded-fetch-answer.ts';
import type { Answer, Connections } from './guarded-fetch-dispatch.ts';

export interface GuardedFetchOptions {
  connections: Connections;
  clock: Clock;
  /** The setting `apiBaseUrl`: stands in for the origin of every https address, and is admitted though it be private. */
  apiBaseUrl?: string;
  /** Of the server, told to platforms. */
  userAgent?: string;
}

const mostHops = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Headers that are still true of a request for the same thing from somebody else. */
const harmless = new Set(['accept', 'accept-language', 'accept-encoding', 'range', 'user-agent']);

/** One request on its way through its redirects. */
interface Hop {
  url: URL;
  headers: Record<string, string>;
}

/**
 * The only way by which channels reach the world; see {@link HostFetch}. A redirect is followed when nothing is lost
 * by it: of requests without a body, and by 307 and 308 within one origin of those whose body can be sent again. All
 * others are answered as they are, with `redirect: 'refuse'` too: the caller sees the 3xx.
 */
export function createGuardedFetch(options: GuardedFetchOptions): HostFetch {
  const { connections, clock, userAgent = 'Foyer' } = options;
  const base = options.apiBaseUrl === undefined ? undefined : new URL(options.apiBaseUrl);

  return async (address, wanted = {}) => {
    const asked = parsed(address);
    const replaced = standIn(asked, base);
    const headers = lowerCased(wanted.headers);
    headers['user-agent'] ??= userAgent;
    headers['accept-encoding'] ??= 'identity';
    // What stands in for several hosts must know which one was meant.
    if (replaced !== asked) headers['x-forwarded-host'] ??= asked.host;
    const method = (wanted.method ?? 'GET').toUpperCase();
    const body = await bodyOf(wanted.body, headers);
    const ending = endOf(wanted, clock);
    try {
      return await follow({ url: replaced, headers }, method, body, wanted, ending);
    } catch (error) {
      ending.over();
      throw error;
    }
  };

  async function follow(
    first: Hop,
    method: string,
    body: Uint8Array | Readable | null,
    { redirect = 'follow', maxBytes = 1_000_000 }: HostFetchOptions,
    { signal, over }: Ending,
  ): Promise<HostResponse> {
    let hop = first;
    for (let hops = 0; ; hops += 1) {
      const { url, headers } = hop;
      const admitted = check(url, base);
      const answer = await connections.exchange({ url, method, headers, body, admitted, signal });
      const next = redirect === 'follow' ? target(answer, hop, method, body) : undefined;
      if (next === undefined) return readAnswer(answer, maxBytes, url.host, over);
      answer.body.destroy();
      if (hops === mostHops) {
        throw new FetchFailure('no-answer', `${first.url.host} redirected more than ${mostHops} times.`);
      }
      hop = next;
    }
  }
}

/** Whether an address may be asked at all, by what it says itself; true when it is the admitted one. */
function check(url: URL, base: URL | undefined): boolean {
  const refused = (why: string) => new FetchFailure('refused-address', `${url.host}: ${why}`);
  const admitted = base !== undefined && url.origin === base.origin;
  if (url.username !== '' || url.password !== '') throw refused('an address must not hold a password.');
  if (url.protocol === 'http:') {
    if (admitted && isLoopback(url)) return true;
    throw refused('only https is allowed (http only to this machine itself, as apiBaseUrl).');
  }
  if (url.protocol !== 'https:') throw refused('only https is allowed.');
  if (admitted) return true;
  const literal = literalAddress(url);
  if (literal !== undefined && !isPublicAddress(literal)) throw refused('this is no public address.');
  return false;
}

/** The same path and query at `apiBaseUrl`. What names that origin already is left as it is. */
function standIn(url: URL, base: URL | undefined): URL {
  if (base === undefined || url.protocol !== 'https:' || url.origin === base.origin) return url;
  const path = base.pathname.replace(/\/+$/, '') + url.pathname;
  return new URL(`${base.origin}${path}${url.search}`);
}

/** Where an answer sends the request on to; undefined when it is to be answered as it is. */
function target(
  { status, headers }: Answer,
  { url, headers: sent }: Hop,
  method: string,
  body: unknown,
): Hop | undefined {
  const location = headers.location;
  if (!redirects.has(status) || location === undefined || !URL.canParse(location, url.href)) return undefined;
  const next = new URL(location, url);
  const sameOrigin = next.origin === url.origin;
  if (body !== null) {
    const again = (status === 307 || status === 308) && sameOrigin && !(body instanceof Readable);
    return again ? { url: next, headers: sent } : undefined;
  }
  if (method !== 'GET' && method !== 'HEAD' && !(sameOrigin && (status === 307 || status === 308))) return undefined;
  if (sameOrigin) return { url: next, headers: sent };
  return {
    url: next,
    headers: Object.fromEntries(Object.entries(sent).filter(([name]) => harmless.has(name))),
  };
}

interface Ending {
  signal: AbortSignal;
  /** The exchange is over: nothing ends it any more. */
  over(): void;
}

/** Ends an exchange when its time is over or its caller wants it. */
function endOf({ timeout = 10_000, signal }: HostFetchOptions, clock: Clock): Ending {
  const controller = new AbortController();
  const cancel = clock.after(timeout, () =>
    controller.abort(new DOMException(`${timeout} ms were over`, 'TimeoutError')),
  );
  const given = () => controller.abort(signal?.reason);
  if (signal?.aborted === true) given();
  signal?.addEventListener('abort', given, { once: true });
  return {
    signal: controller.signal,
    over() {
      cancel();
      signal?.removeEventListener('abort', given);
    },
  };
}

async function bodyOf(
  body: HostFetchOptions['body'],
  headers: Record<string, string>,
): Promise<Uint8Array | Readable | null> {
  if (body === undefined) return null;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof FormData) {
    // Of known length: platforms refuse forms that come in chunks.
    const form = new Response(body);
    headers['content-type'] = form.headers.get('content-type') ?? 'multipart/form-data';
    return new Uint8Array(await form.arrayBuffer());
  }
  return Readable.from(body, { objectMode: false });
}

function parsed(address: string): URL {
  if (!URL.canParse(address)) throw new FetchFailure('refused-address', 'What should be asked is no address.');
  return new URL(address);
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
