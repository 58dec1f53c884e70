import {
  type AdapterHost,
  type ChannelReport,
  FetchFailure,
  type HostFetch,
  type HostFile,
  type Inbound,
  type KeptToken,
  type TokenCache,
} from '../../adapters/contract/index.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { silentLog } from './silent-log.ts';

/** A host for one adapter's client, with what it did laid open. */
export interface TestHost<Settings> extends AdapterHost<Settings> {
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof silentLog>;
  readonly received: Inbound[];
  readonly reports: ChannelReport[];
  readonly kept: Map<string, KeptToken>;
}

export interface TestHostOptions {
  /** Stands in for every platform host: origin of a real server on this machine. */
  origin?: string;
  files?: Record<string, HostFile>;
  folder?: string;
  clock?: FakeClock;
  receive?: (items: Inbound[]) => Promise<void>;
}

/** A channel called `x1` of these settings. `fetch` really calls `origin`, with the path as it was. */
export function testHost<Settings>(settings: Settings, options: TestHostOptions = {}): TestHost<Settings> {
  const clock = options.clock ?? fakeClock();
  const received: Inbound[] = [];
  const reports: ChannelReport[] = [];
  const kept = new Map<string, KeptToken>();
  return {
    channel: { id: 'x1', tenantId: 'default', type: 'test', name: 'Test', settings },
    clock,
    log: silentLog(),
    fetch: fetchAt(options.origin ?? 'http://127.0.0.1:9'),
    tokens: tokensIn(kept, clock),
    media: {
      async open(mediaId) {
        const file = options.files?.[mediaId];
        if (file === undefined) throw new Error('gone');
        return file;
      },
    },
    folder: async () => {
      if (options.folder === undefined) throw new Error('this test has no folder');
      return options.folder;
    },
    receive: options.receive ?? (async (items) => void received.push(...items)),
    report: (state) => void reports.push(state),
    received,
    reports,
    kept,
  };
}

/** A file of these bytes, streamed in pieces of 64 KB. */
export function fileOf(bytes: Uint8Array, contentType: string, name = 'file'): HostFile {
  return {
    name,
    contentType,
    size: bytes.length,
    async *stream() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
}

function fetchAt(origin: string): HostFetch {
  return async (url, options = {}) => {
    const { pathname, search } = new URL(url);
    let response: Response;
    try {
      response = await fetch(`${origin}${pathname}${search}`, {
        method: options.method ?? 'GET',
        headers: { ...options.headers },
        ...(options.body === undefined ? {} : { body: options.body as BodyInit, duplex: 'half' }),
        redirect: options.redirect === 'refuse' ? 'manual' : 'follow',
        signal: AbortSignal.any([
          AbortSignal.timeout(options.timeout ?? 10_000),
          ...(options.signal === undefined ? [] : [options.signal]),
        ]),
      });
    } catch (error) {
      const code = (error as { cause?: { code?: string } }).cause?.code;
      const kind = code === 'ECONNREFUSED' ? 'not-sent' : 'no-answer';
      throw new FetchFailure(kind, 'There was no answer.', { cause: error });
    }
    return {
      status: response.status,
      ok: response.ok,
      headers: Object.fromEntries(response.headers),
      text: () => response.text(),
      json: () => response.json().catch(() => undefined),
      bytes: async () => new Uint8Array(await response.arrayBuffer()),
      stream: () => response.body as AsyncIterable<Uint8Array>,
    };
  };
}

/** One at a time by name, kept before it is given out, as the server's cache does it. */
function tokensIn(kept: Map<string, KeptToken>, clock: FakeClock): TokenCache {
  const making = new Map<string, Promise<KeptToken>>();
  const seeds = new Map<string, string>();
  const spoilt = new Set<string>();
  return {
    async get(name, seed, make) {
      const running = making.get(name);
      if (running !== undefined) return running;
      if (seeds.get(name) !== seed) kept.delete(name);
      seeds.set(name, seed);
      const before = kept.get(name);
      const ends = before?.expiresAt ?? Number.POSITIVE_INFINITY;
      if (before !== undefined && ends > clock.now() + 60_000 && !spoilt.has(before.value)) return before;
      const made = make(before)
        .then((token) => {
          kept.set(name, token);
          return token;
        })
        .finally(() => making.delete(name));
      making.set(name, made);
      return made;
    },
    async spoil(_name, value) {
      spoilt.add(value);
    },
  };
}
