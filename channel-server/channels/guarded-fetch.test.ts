import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { FetchFailure, type HostFetchOptions } from '../../adapters/contract/index.ts';
import { systemClock } from '../runtime.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { isPublicAddress } from './guarded-fetch-address.ts';
import { type Connections, createConnections, type Exchange } from './guarded-fetch-dispatch.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A platform on loopback; answers its origin and what it was asked. */
async function platform(handler: Handler) {
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: Promise<string> }[] = [];
  const server = createServer((request, response) => {
    const body = Readable.from(request).toArray();
    asked.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: body.then((chunks) => Buffer.concat(chunks as Buffer[]).toString()),
    });
    handler(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function fetching(apiBaseUrl?: string, lookup?: LookupFunction) {
  const connections = createConnections({ connectTimeout: 1_000, ...(lookup === undefined ? {} : { lookup }) });
  ends.push(() => connections.close());
  return createGuardedFetch({ connections, clock: systemClock, ...(apiBaseUrl === undefined ? {} : { apiBaseUrl }) });
}

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchFailure);
  return (error as FetchFailure).kind;
};
const says =
  (text: string): Handler =>
  (_request, response) =>
    response.end(text);

describe('a platform', () => {
  it('is asked at apiBaseUrl instead of its own host, with path, query, headers and exact bytes kept', async () => {
    const { origin, asked } = await platform((_request, response) =>
      response.setHeader('X-Request-Id', 'r1').end('{"ok":true}'),
    );
    const fetch = fetching(`${origin}/line/`);
    const response = await fetch('https://api.line.me/v2/bot/message/push?a=1%202', {
      method: 'POST',
      headers: { Authorization: 'Bearer t', 'Content-Type': 'application/json' },
      body: '{"to":"U1","text":"héllo"}',
    });
    expect(response).toMatchObject({ status: 200, ok: true });
    expect(response.headers['x-request-id']).toBe('r1');
    expect(await response.json()).toEqual({ ok: true });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/line/v2/bot/message/push?a=1%202',
      headers: { authorization: 'Bearer t', 'x-forwarded-host': 'api.line.me', 'content-length': '27' },
    });
    expect(await asked[0]?.body).toBe('{"to":"U1","text":"héllo"}');
    expect(await (await fetch(`${origin}/line/media/1`)).text()).toBe('{"ok":true}');
    expect(asked[1]?.url).toBe('/line/media/1');
  });

  it('gets forms of known length and streams as they come', async () => {
    const { origin, asked } = await platform(says('done'));
    const fetch = fetching(origin);
    const form = new FormData();
    form.set('media', new Blob(['voice'], { type: 'audio/amr' }), 'v.amr');
    await fetch('https://platform.example/upload', { method: 'POST', body: form });
    expect(asked[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(Number(asked[0]?.headers['content-length'])).toBeGreaterThan(100);
    expect(await asked[0]?.body).toContain('filename="v.amr"');
    const stream = (async function* () {
      yield new TextEncoder().encode('one ');
      yield new TextEncoder().encode('two');
    })();
    await fetch('https://platform.example/upload', {
      method: 'POST',
      body: stream,
      headers: { 'content-length': '7' },
    });
    expect(await asked[1]?.body).toBe('one two');
    expect(asked[1]?.headers['content-length']).toBe('7');
  });

  it('answers what is no JSON, and an error, as they are', async () => {
    const { origin } = await platform((_request, response) => response.writeHead(502).end('<html>'));
    const response = await fetching(origin)('https://platform.example/');
    expect(response).toMatchObject({ status: 502, ok: false });
    expect(await response.json()).toBeUndefined();
  });
});

describe('an address', () => {
  it.each([
    'http://platform.example/',
    'ftp://platform.example/',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://10.1.2.3/',
    'https://172.31.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::a00:1]/',
    'https://[fc00::1]/',
    'https://[fd12::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[2002:a00:1::]/',
    'https://user:secret@platform.example/',
    'nonsense',
  ])('%s is refused before anything is sent', async (url) => {
    expect(await failure(fetching()(url))).toBe('refused-address');
  });

  it('is public or not by the registries', () => {
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2001:4860:4860::8888'])
      expect(isPublicAddress(address), address).toBe(true);
    for (const address of ['', 'name', '2001:db8::1', '2001::1', 'fe80::1%eth0', '192.0.0.8', '198.19.0.1'])
      expect(isPublicAddress(address), address).toBe(false);
  });

  it('behind a name is checked where the connection is made', async () => {
    const lookup: LookupFunction = (_name, _options, found) => found(null, [{ address: '10.0.0.7', family: 4 }]);
    expect(await failure(fetching(undefined, lookup)('https://inside.example/'))).toBe('refused-address');
    const mapped: LookupFunction = (_name, _options, found) => found(null, [{ address: '::ffff:10.0.0.7', family: 6 }]);
    expect(await failure(fetching(undefined, mapped)('https://inside.example/'))).toBe('refused-address');
  });

  it('that is public when it is looked at and private a moment later is never connected to', async () => {
    const reached: string[] = [];
    const server = createTcpServer((socket) => {
      reached.push('connected');
      socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ends.push(() => new Promise((closed) => server.close(closed)));
    const { port } = server.address() as AddressInfo;
    let asked = 0;
    // 192.0.2.1 is set apart for documentation: it leads nowhere.
    const rebinding: LookupFunction = (_name, _options, found) => {
      asked += 1;
      found(null, [{ address: asked % 2 === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
    };
    const fetch = fetching(undefined, rebinding);
    const kinds = [];
    for (let n = 0; n < 4; n += 1) kinds.push(await failure(fetch(`https://r.example:${port}/`, { timeout: 300 })));
    expect(kinds).toEqual(['not-sent', 'refused-address', 'not-sent', 'refused-address']);
    expect(reached).toEqual([]);
  });

  it('of this machine is admitted by apiBaseUrl alone, with its port', async () => {
    const one = await platform(says('one'));
    const other = await platform(says('other'));
    const fetch = fetching(one.origin);
    expect(await failure(fetch(`${other.origin}/`))).toBe('refused-address');
    expect(other.asked).toEqual([]);
    expect(await failure(fetching('http://10.0.0.1:8080')('https://platform.example/'))).toBe('refused-address');
  });
});

describe('a redirect', () => {
  const redirecting = (to: string, status = 302) =>
    platform((request, response) => {
      if (request.url === '/start') response.writeHead(status, { location: to }).end();
      else response.end(`at ${request.url}`);
    });

  it('to the metadata service, to plain http or to another port of this machine is refused', async () => {
    const inside = await platform(says('inside'));
    for (const to of ['https://169.254.169.254/latest', 'http://platform.example/', `${inside.origin}/`]) {
      const { origin } = await redirecting(to);
      expect(await failure(fetching(origin)('https://platform.example/start')), to).toBe('refused-address');
    }
    expect(inside.asked).toEqual([]);
  });

  it('within the same origin is followed with what was sent, at most five times', async () => {
    const { origin, asked } = await redirecting('/next');
    const response = await fetching(origin)('https://platform.example/start', { headers: { Authorization: 't' } });
    expect(await response.text()).toBe('at /next');
    expect(asked[1]?.headers.authorization).toBe('t');
    const endless = await platform((_request, response) => response.writeHead(302, { location: '/again' }).end());
    expect(await failure(fetching(endless.origin)('https://platform.example/'))).toBe('no-answer');
    expect(endless.asked).toHaveLength(6);
  });

  it('is not followed with a body, unless it must be kept and goes nowhere else', async () => {
    for (const status of [301, 302, 303]) {
      const { origin, asked } = await redirecting('/next', status);
      const response = await fetching(origin)('https://platform.example/start', { method: 'POST', body: 'x' });
      expect(response.status).toBe(status);
      expect(asked).toHaveLength(1);
    }
    const kept = await redirecting('/next', 307);
    const response = await fetching(kept.origin)('https://platform.example/start', { method: 'POST', body: 'x' });
    expect(await response.text()).toBe('at /next');
    expect(await kept.asked[1]?.body).toBe('x');
    const away = await redirecting('https://elsewhere.example/', 308);
    const refused = await fetching(away.origin)('https://platform.example/start', { method: 'POST', body: 'x' });
    expect(refused.status).toBe(308);
    const stream = Readable.from([Buffer.from('x')]);
    const once = await redirecting('/next', 307);
    const streamed = await fetching(once.origin)('https://platform.example/start', { method: 'POST', body: stream });
    expect(streamed.status).toBe(307);
    const plain = await redirecting('/next');
    const seen = await fetching(plain.origin)('https://platform.example/start', { redirect: 'refuse' });
    expect(seen.status).toBe(302);
  });

  it('to another host goes without token, cookie and other credentials', async () => {
    const exchanges: Exchange[] = [];
    const connections: Connections = {
      async exchange(exchange) {
        exchanges.push(exchange);
        const first = exchanges.length === 1;
        return {
          status: first ? 302 : 200,
          headers: first ? { location: 'https://cdn.example/file' } : {},
          body: Readable.from([]),
        };
      },
      close: async () => undefined,
    };
    const fetch = createGuardedFetch({ connections, clock: systemClock });
    await fetch('https://platform.example/file', {
      headers: { Authorization: 'Bearer t', Cookie: 'c', 'X-Api-Key': 'k', Accept: 'image/*' },
    });
    expect(exchanges[0]?.headers).toMatchObject({ authorization: 'Bearer t', cookie: 'c', 'x-api-key': 'k' });
    expect(exchanges[1]?.url.href).toBe('https://cdn.example/file');
    expect(Object.keys(exchanges[1]?.headers ?? {}).sort()).toEqual(['accept', 'accept-encoding', 'user-agent']);
  });
});

describe('an answer', () => {
  it('without end is cut at maxBytes', async () => {
    let written = 0;
    const { origin } = await platform((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const response = await fetching(origin)('https://platform.example/', { maxBytes: 200_000 });
    expect(await failure(response.bytes())).toBe('too-large');
    await wait(50);
    expect(written).toBeLessThan(20_000_000);
  });

  it('that nobody reads is not taken in, and ends with its time', async () => {
    let written = 0;
    const { origin } = await platform((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const response = await fetching(origin)('https://platform.example/', { timeout: 200 });
    await wait(400);
    const before = written;
    await wait(100);
    expect(written).toBe(before);
    expect(await failure(response.text())).toBe('no-answer');
  });

  it('that was packed is counted as it unpacks', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(60_000);
    const { origin } = await platform((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const response = await fetching(origin)('https://platform.example/', { maxBytes: 1_000_000 });
    expect(await failure(response.bytes())).toBe('too-large');
    const fine = await platform((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')),
    );
    expect(await (await fetching(fine.origin)('https://platform.example/')).json()).toEqual({ a: 1 });
    const broken = await platform((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip at all'),
    );
    expect(await failure((await fetching(broken.origin)('https://platform.example/')).text())).toBe('no-answer');
  });

  it('that drips is ended when the time of the whole exchange is over', async () => {
    const { origin } = await platform((_request, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const from = performance.now();
    const response = await fetching(origin)('https://platform.example/', { timeout: 300 });
    expect(await failure(response.text())).toBe('no-answer');
    expect(performance.now() - from).toBeLessThan(1_500);
  });
});

describe('a request without an answer', () => {
  const ask = (url: string, options: HostFetchOptions = {}) => fetching(new URL(url).origin)(url, options);

  it('was surely not sent when no connection stood', async () => {
    const { origin } = await platform(says(''));
    const { port } = new URL(origin);
    await Promise.all(ends.splice(0).map((end) => end()));
    expect(await failure(ask(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' }))).toBe('not-sent');
    const unknown: LookupFunction = (_name, _options, found) =>
      found(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 4);
    expect(await failure(fetching(undefined, unknown)('https://nowhere.example/'))).toBe('not-sent');
    const { origin: plain } = await platform(says(''));
    expect(await failure(ask(plain.replace('http:', 'https:')))).toBe('not-sent');
  });

  it('may have been taken when the connection broke or the time ran out after it was written', async () => {
    const { origin } = await platform((request) => request.socket.destroy());
    expect(await failure(ask(`${origin}/`, { method: 'POST', body: 'x' }))).toBe('no-answer');
    const silent = await platform(() => undefined);
    expect(await failure(ask(`${silent.origin}/`, { method: 'POST', body: 'x', timeout: 100 }))).toBe('no-answer');
    const broken = await platform((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only this');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failure((await ask(`${broken.origin}/`)).text())).toBe('no-answer');
  });

  it('is ended by its caller at any time', async () => {
    const silent = await platform(() => undefined);
    const controller = new AbortController();
    const asking = ask(`${silent.origin}/`, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect(await failure(asking)).toBe('no-answer');
    expect(await failure(ask(`${silent.origin}/`, { signal: AbortSignal.abort() }))).toBe('not-sent');
  });

  it('says which host, and neither path, query nor headers', async () => {
    const { origin } = await platform((request) => request.socket.destroy());
    const error = await ask(`${origin}/canary-path?token=canary`, { headers: { authorization: 'canary' } }).catch(
      (reason: unknown) => reason,
    );
    expect((error as Error).message).toContain('127.0.0.1');
    expect((error as Error).message).not.toContain('canary');
  });
});
