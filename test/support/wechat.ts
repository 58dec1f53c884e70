import { afterEach, beforeEach } from 'vitest';
import {
  type Attempt,
  type ChannelClient,
  FetchFailure,
  type HostFetch,
  type HostFile,
  type Part,
} from '../../adapters/contract/index.ts';
import { createClient } from '../../adapters/wechat/client.ts';
import { settings as schema, type WechatSettings } from '../../adapters/wechat/config.ts';
import { fileOf, type TestHost, testHost } from './adapter-host.ts';
import { fakeClock } from './fake-clock.ts';
import { type Answer, type PlatformServer, platformServer, type SeenRequest } from './platform-server.ts';

/** Noon in Greenwich, eight in the evening in Beijing. */
export const now = Date.UTC(2026, 8, 21, 12);
export const settings = schema.parse({
  appId: 'wx2c2769f8efd9abc2',
  appSecret: 'the app secret',
  token: 't',
  mode: 'plain',
});

/** What the stand-in answers: `hang-up`, JSON, or whatever is made of the request. */
export type Reply = 'hang-up' | ((asked: SeenRequest) => Answer | Promise<Answer>);

export const json =
  (body: object, status = 200): Reply =>
  () => ({ status, json: body });
export const raw =
  (body: string | Buffer, headers: Record<string, string>, status = 200): Reply =>
  () => ({ status, headers, body: Buffer.from(body) });
export const never: Reply = () => new Promise<Answer>(() => undefined);

export const queryOf = ({ url }: SeenRequest): URLSearchParams => new URL(url, 'http://localhost').searchParams;

class Refusal extends Error {
  readonly retryable: boolean;
  constructor(retryable: boolean) {
    super('cannot be had');
    this.retryable = retryable;
  }
}
/** Files that are gone for good, and for now. */
export const gone = new Refusal(false);
export const late = new Refusal(true);

/** A stand-in of WeChat and what its client is given: made anew for each test. */
class WechatWorld {
  #server: PlatformServer | undefined;
  #host: TestHost<WechatSettings> | undefined;
  #replies = new Map<string, Reply[]>();
  /** Tokens forced so far. */
  #forced = 0;
  /** Files by media id and form: `med_1 image/jpeg`. */
  files = new Map<string, Buffer | Error>();

  async start(): Promise<void> {
    this.#replies = new Map();
    this.#forced = 0;
    this.files = new Map();
    this.#server = await platformServer((asked) => this.#answer(asked));
    this.#host = testHost(settings, { origin: this.#server.origin, clock: fakeClock(now) });
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get host(): TestHost<WechatSettings> {
    if (this.#host === undefined) throw new Error('nothing was started');
    return this.#host;
  }

  /** All clients of one test share clock and tokens. */
  clientOf(more: Partial<WechatSettings> = {}): ChannelClient {
    const { host, files } = this;
    return createClient({
      ...host,
      channel: { ...host.channel, settings: { ...settings, ...more } },
      fetch: strict(host.fetch),
      media: {
        async open(mediaId, form): Promise<HostFile> {
          const bytes = files.get(`${mediaId} ${form?.contentType}`) ?? gone;
          if (bytes instanceof Error) throw bytes;
          return fileOf(bytes, form?.contentType ?? '');
        },
      },
    });
  }

  /** The next answers at a path, plain objects as JSON; the last one is repeated. */
  on(path: string, ...replies: (Reply | object)[]): void {
    const all = replies.map((reply) => (typeof reply === 'object' ? json(reply) : reply));
    this.#replies.set(path, all);
  }

  of(path: string): SeenRequest[] {
    return this.#server?.seen.filter((one) => one.path === path) ?? [];
  }

  bodies(path: string): unknown[] {
    return this.of(path).map((one) => one.json);
  }

  #answer(asked: SeenRequest): Answer | Promise<Answer> {
    const replies = this.#replies.get(asked.path) ?? [];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (typeof reply === 'function') return reply(asked);
    if (reply !== undefined) return reply;
    if (asked.path !== '/cgi-bin/stable_token') return { json: { errcode: 0, errmsg: 'ok' } };
    // The same token until a new one is forced.
    if ((asked.json as { force_refresh: boolean }).force_refresh) this.#forced += 1;
    return { json: { access_token: `token-${this.#forced}`, expires_in: 7_200 } };
  }
}

/** The guard takes no plain http: addresses that come with it must be asked by https. */
function strict(fetch: HostFetch): HostFetch {
  return async (url, options) => {
    if (!url.startsWith('https:')) throw new FetchFailure('refused-address', 'only https is allowed');
    return fetch(url, options);
  };
}

/** For the tests of one file. */
export function useWechat(): WechatWorld {
  const world = new WechatWorld();
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
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
