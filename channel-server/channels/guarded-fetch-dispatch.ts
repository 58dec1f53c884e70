import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { FetchFailure } from '../../adapters/contract/index.ts';
import { isPublicAddress } from './guarded-fetch-address.ts';

/** One request on one connection: no redirects, nothing decoded. */
export interface Exchange {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | Readable | null;
  /** Connections to this origin are not checked: the setting `apiBaseUrl` names it. */
  admitted: boolean;
  /** Ends it at any time. */
  signal: AbortSignal;
}

export interface Answer {
  status: number;
  /** Names in lower case; repeated ones joined as HTTP says. */
  headers: Record<string, string | undefined>;
  /** As it came; must be read or destroyed. */
  body: Readable;
}

/** Connections to platforms, each checked when its address is known and kept for the requests that follow. */
export interface Connections {
  exchange(exchange: Exchange): Promise<Answer>;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  /** Names to addresses. */
  lookup?: LookupFunction;
  /** How long a connection may take to stand, ms. */
  connectTimeout?: number;
}

/** The address was refused by the guard: an error of the name's lookup, told apart from others. */
class AddressRefused extends Error {}

export function createConnections({
  lookup = systemLookup as LookupFunction,
  connectTimeout = 10_000,
}: ConnectionsOptions = {}): Connections {
  const kept = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 };
  const timeout = connectTimeout;
  const guarded = new Agent({ ...kept, connect: { timeout, lookup: guardedLookup(lookup) } });
  const open = new Agent({ ...kept, connect: { timeout, lookup } });
  return {
    exchange: (exchange) => run(exchange.admitted ? open : guarded, exchange),
    async close() {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}

/**
 * Looks a name up once, at the time of connecting, and hands on only public addresses: what was checked is what is
 * connected to, whatever the name says a moment later.
 */
function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 4);
      const addresses = Array.isArray(found) ? found : [{ address: found, family: found.includes(':') ? 6 : 4 }];
      const [first, ...others] = addresses.filter(({ address }) => isPublicAddress(address));
      if (first === undefined) {
        return callback(new AddressRefused(`"${hostname}" is no public address.`), '', 4);
      }
      if (options.all === true) return callback(null, [first, ...others]);
      return callback(null, first.address, first.family);
    });
  };
}

function run(agent: Agent, { url, method, headers, body, signal }: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    /** Set right before the first byte is written: until then surely nothing was sent. */
    let sent = false;
    let answered: Readable | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const finish = (error: unknown) => {
      signal.removeEventListener('abort', ended);
      if (answered !== undefined) answered.destroy(failureOf(error, url, true));
      else reject(failureOf(error, url, sent));
      if (body instanceof Readable) body.destroy();
    };
    const ended = () => {
      // A connection still being made has no controller; its request is ended when it would start.
      controller?.abort(asError(signal.reason));
      finish(signal.reason);
    };
    if (signal.aborted) return finish(signal.reason);
    signal.addEventListener('abort', ended, { once: true });
    agent.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body },
      {
        onRequestStart(given) {
          if (signal.aborted) return given.abort(asError(signal.reason));
          controller = given;
          sent = true;
        },
        onResponseStart(given, status, fields) {
          if (status < 200) return;
          answered = new Readable({
            read: () => given.resume(),
            destroy(error, done) {
              if (!given.aborted && !this.readableEnded) given.abort(error ?? new Error('The answer is not wanted.'));
              done(error);
            },
          });
          // Nobody may be reading yet when it fails.
          answered.on('error', () => undefined);
          resolve({ status, headers: joined(fields), body: answered });
        },
        onResponseData(given, chunk) {
          if (answered?.push(chunk) === false) given.pause();
        },
        onResponseEnd() {
          signal.removeEventListener('abort', ended);
          answered?.push(null);
        },
        onResponseError(_given, error) {
          if (!signal.aborted) finish(error);
        },
      },
    );
  });
}

/** Why a request has no answer, as the contract tells it. Messages name the host, never path or query. */
export function failureOf(error: unknown, url: URL, sent: boolean): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const refused = addressRefusal(error);
  if (refused !== undefined) return new FetchFailure('refused-address', refused.message, { cause: error });
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  const told = name === 'TimeoutError' ? message : code;
  const why = typeof told === 'string' ? ` (${told})` : '';
  return sent
    ? new FetchFailure('no-answer', `${url.host} did not answer to the end${why}.`, { cause: error })
    : new FetchFailure('not-sent', `No connection to ${url.host}${why}.`, { cause: error });
}

/** Several addresses tried make one error of several. */
function addressRefusal(error: unknown): AddressRefused | undefined {
  if (error instanceof AddressRefused) return error;
  if (error instanceof AggregateError) return error.errors.map(addressRefusal).find((one) => one !== undefined);
  return error instanceof Error && error.cause !== undefined ? addressRefusal(error.cause) : undefined;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function joined(fields: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(name === 'set-cookie' ? '\n' : ', ') : value,
    ]),
  );
}
