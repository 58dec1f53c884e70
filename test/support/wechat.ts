import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import {
  type AdapterHost,
  type Attempt,
  type ChannelClient,
  FetchFailure,
  type HostFetch,
  type HostFile,
  type KeptToken,
  type Part,
  type TokenCache,
} from '../../adapters/contract/index.ts';
import { createClient } from '../../adapters/wechat/client.ts';
import { settings as schema, type WechatSettings } from '../../adapters/wechat/config.ts';

/** 2026-09-21, noon in Greenwich, eight in the evening in Beijing. */
export const now = Date.UTC(2026, 8, 21, 12);
export const settings = schema.parse({
  appId: 'wx2c2769f8efd9abc2',
  appSecret: 'the app secret',
  token: 't',
  mode: 'plain',
});

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  type: string;
  body: Buffer;
}
export type Answer = (asked: Asked, response: ServerResponse) => void;

/** A stand-in of WeChat: answers by path, remembers what it was asked. */
class Platform {
  readonly asked: Asked[] = [];
  readonly answers = new Map<string, Answer[]>();
  #server: Server | undefined;
  #base = '';
  #tokens = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.#base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done));
  }

  get base(): string {
    return this.#base;
  }

  /** The next answers at a path; the last one is repeated. */
  on(path: string, ...answers: (Answer | object)[]): void {
    this.answers.set(
      path,
      answers.map((answer) => (typeof answer === 'function' ? (answer as Answer) : json(answer))),
    );
  }

  of(path: string): Asked[] {
    return this.asked.filter((one) => one.path === path);
  }

  bodies(path: string): unknown[] {
    return this.of(path).map(({ body }) => JSON.parse(body.toString()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', this.base);
    const asked: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      type: request.headers['content-type'] ?? '',
      body: Buffer.concat(chunks),
    };
    this.asked.push(asked);
    const answers = this.answers.get(asked.path);
    const answer = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
    if (answer !== undefined) answer(asked, response);
    else if (asked.path === '/cgi-bin/stable_token') json(this.token(asked))(asked, response);
    else json({ errcode: 0, errmsg: 'ok' })(asked, response);
  }

  /** The same token until a new one is forced. */
  token({ body }: Asked): object {
    if (JSON.parse(body.toString()).force_refresh === true) this.#tokens += 1;
    return { access_token: `token-${this.#tokens}`, expires_in: 7_200 };
  }
}

export const json =
  (body: object, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json; encoding=utf-8' }).end(JSON.stringify(body));
export const raw =
  (body: string | Buffer, headers: Record<string, string>, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
export const hangUp: Answer = (_, response) => void response.destroy();

/** The server's `fetch` as far as this needs it: every https origin is the stand-in. */
function fetchAt(base: string): HostFetch {
  return async (url, { timeout = 10_000, signal, maxBytes = 1_000_000, ...options } = {}) => {
    const { protocol, pathname, search } = new URL(url);
    if (protocol !== 'https:') throw new FetchFailure('refused-address', 'only https is allowed');
    const ends = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]);
    const init = { method: options.method, headers: options.headers, body: options.body, signal: ends };
    let response: Response;
    try {
      response = await fetch(`${base}${pathname}${search}`, init as RequestInit);
    } catch (error) {
      const refused = (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
      throw refused
        ? new FetchFailure('not-sent', 'no connection', { cause: error })
        : new FetchFailure('no-answer', 'no answer', { cause: error });
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length > maxBytes) throw new FetchFailure('too-large', 'too large');
    return {
      status: response.status,
      ok: response.ok,
      headers: Object.fromEntries(response.headers),
      text: async () => bytes.toString(),
      json: async () => JSON.parse(bytes.toString()),
      bytes: async () => bytes,
      stream: async function* () {
        yield bytes;
      },
    };
  };
}

/** Tokens as several nodes share them. */
class Tokens implements TokenCache {
  readonly kept = new Map<string, { seed: string; token: KeptToken; spoilt: boolean }>();
  async get(
    name: string,
    seed: string,
    make: (before: KeptToken | undefined) => Promise<KeptToken>,
  ): Promise<KeptToken> {
    const known = this.kept.get(name);
    if (known?.seed === seed && !known.spoilt && (known.token.expiresAt ?? 0) > now) return known.token;
    const token = await make(known?.token);
    this.kept.set(name, { seed, token, spoilt: false });
    return token;
  }
  async spoil(name: string, value: string): Promise<void> {
    const known = this.kept.get(name);
    if (known?.token.value === value) known.spoilt = true;
  }
}

export class Refusal extends Error {
  readonly retryable: boolean;
  constructor(retryable: boolean) {
    super('cannot be had');
    this.retryable = retryable;
  }
}

/** What the tests of WeChat's client share: made anew for each test. */
export interface WechatWorld {
  platform: Platform;
  tokens: Tokens;
  /** Files by media id and form: `med_1 image/jpeg`. */
  files: Map<string, Buffer | Error>;
  /** The clock: ms since the epoch. */
  time: number;
  clientOf(settings?: Partial<WechatSettings>): ChannelClient;
}

/** A stand-in on a port of its own for each test of the file, and clients for it. */
export function useWechat(): WechatWorld {
  const world: WechatWorld = {
    platform: new Platform(),
    tokens: new Tokens(),
    files: new Map(),
    time: now,
    clientOf: (more = {}) => createClient(hostOf(world, { ...settings, ...more })),
  };
  beforeEach(async () => {
    Object.assign(world, { platform: new Platform(), tokens: new Tokens(), files: new Map(), time: now });
    await world.platform.start();
  });
  afterEach(() => world.platform.stop());
  return world;
}

function hostOf(world: WechatWorld, values: WechatSettings): AdapterHost<WechatSettings> {
  const never = () => {
    throw new Error('not to be used');
  };
  return {
    channel: { id: 'c', tenantId: 'd', type: 'wechat', name: 'WeChat', settings: values },
    clock: { now: () => world.time, after: never },
    log: { debug: never, info: never, warn: never, error: never, child: never },
    fetch: fetchAt(world.platform.base),
    tokens: world.tokens,
    media: {
      async open(mediaId, form): Promise<HostFile> {
        const bytes = world.files.get(`${mediaId} ${form?.contentType}`) ?? new Refusal(false);
        if (bytes instanceof Error) throw bytes;
        return {
          name: 'x',
          contentType: form?.contentType ?? '',
          size: bytes.length,
          stream: async function* () {
            yield bytes;
          },
        };
      },
    },
    folder: never,
    receive: never,
    report: never,
  };
}

export const conversation = { id: 'user:o1', address: { openid: 'o1' } };
export const send = '/cgi-bin/message/custom/send';
export const upload = '/cgi-bin/media/upload';
export const signal = new AbortController().signal;
export const textPart: Part = {
  request: {
    method: 'POST',
    path: send,
    body: { touser: 'o1', msgtype: 'text', text: { content: '你好 {{media:0}}' } },
  },
  shows: { kind: 'text' },
};
const filePart = (use: string, contentType: string, body: object): Part => ({
  request: { method: 'POST', path: send, body: { touser: 'o1', msgtype: use, [use]: body } },
  media: [{ mediaId: 'med_1', use, form: { contentType } }],
  shows: { kind: 'image' },
});
export const picture = filePart('image', 'image/jpeg', { media_id: '{{media:0}}' });
export const video = filePart('video', 'video/mp4', {
  media_id: '{{media:0}}',
  thumb_media_id: '{{thumb:0}}',
  title: '{{media:0}}',
});
export const attempt = (part: Part, more: Partial<Attempt> = {}): Attempt => ({
  part,
  conversation,
  ready: {},
  number: 1,
  signal,
  ...more,
});
