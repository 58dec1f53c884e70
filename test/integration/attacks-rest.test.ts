import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes, innards, key, rest, uploadFile } from '../support/attack.ts';
import { type HttpHouse, httpHouse } from '../support/http-house.ts';

let house: HttpHouse;
let admin: string;
let agent: string;
let session: string;
beforeAll(async () => {
  house = await httpHouse({ limits: { bodyTime: 400 } });
  admin = await house.tokenOf('one-ada');
  agent = await house.tokenOf('one-ann');
  session = (await house.assign(await house.visitorSays('one', 'vis_1', 'hello'), 'one-ann')).id;
});
afterAll(() => house.stop());

const write = (body: unknown, headers: Record<string, string> = {}) =>
  rest(house, 'POST', `/api/v1/sessions/${session}/activities`, { token: agent, body, headers });

describe('a body', () => {
  const head = (path: string, more: string, method = 'POST') =>
    `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntus-resumable: 1.0.0\r\n${more}\r\n`;

  it.each([
    ['POST', '/nowhere'],
    ['POST', '/healthz'],
    ['POST', '/desk'],
    ['GET', '/healthz'],
    ['DELETE', '/widget.js'],
    ['POST', '/api/v1/tokens'],
    ['POST', '/api/v1/sessions/ses_1/close'],
    ['POST', '/api/v1/media'],
    ['PATCH', '/api/v1/media/med_1'],
  ])('that trickles is cut, at %s %s too', async (method, path) => {
    const fixed = bytes(house, `${head(path, 'content-length: 5000\r\n', method)}{"a`, 3_000);
    const chunked = bytes(house, `${head(path, 'transfer-encoding: chunked\r\n', method)}3\r\n{"a\r\n`, 3_000);
    for (const { closedAfter } of await Promise.all([fixed, chunked])) expect(closedAfter).toBeLessThan(2_500);
  });

  it('of two lengths, or with a length that lies, never becomes a second request', async () => {
    const second = 'GET /api/v1/smuggled HTTP/1.1\r\nhost: x\r\n\r\n';
    for (const lengths of [
      'content-length: 2\r\ntransfer-encoding: chunked\r\n',
      'content-length: 2\r\ncontent-length: 3\r\n',
      'transfer-encoding: chunked, identity\r\n',
      'transfer-encoding: xchunked\r\n',
      'content-length: +2\r\n',
      'content-length: 0x2\r\n',
      'content-length : 2\r\n',
    ]) {
      const { answer } = await bytes(house, `${head('/api/v1/tokens', lengths)}0\r\n\r\n${second}`, 1_500);
      expect(answer, lengths).toMatch(/^HTTP\/1\.1 (400|501) /);
      expect(answer.match(/HTTP\/1\.1/g), lengths).toHaveLength(1);
    }
  });

  it('is JSON in UTF-8 or refused: no other type, charset, packing or name for it', async () => {
    const text = '{"text":"x"}';
    for (const type of [
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json5',
      'text/json',
      '',
    ]) {
      const { status } = await write(text, { 'content-type': type });
      expect(status, type).toBe(415);
    }
    for (const bad of [
      Buffer.from([0xff, 0xfe, 0x7b, 0]),
      Buffer.from('\ufeff{"text":"x"', 'utf16le'),
      gzipSync(text),
    ]) {
      const response = await fetch(`${house.url}/api/v1/sessions/${session}/activities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${agent}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: bad,
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
  });

  it('of huge names, many names, long numbers or deep lists is refused quickly', async () => {
    const many = `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join(',')}}`;
    for (const body of [
      many,
      `{"${'k'.repeat(200_000)}":1}`,
      `{"text":${'9'.repeat(200_000)}}`,
      `{"text":"x","attachments":[${Array(20_000).fill('{}').join(',')}]}`,
      `{"text":${'['.repeat(100_000)}`,
      '{"__proto__":{"audience":"staff"},"text":"x"}',
      '{"\\u005f_proto__":{"audience":"staff"},"text":"x"}',
      '{"constructor":{"prototype":{"polluted":1}},"text":"x"}',
      '{"text":"x","toString":1}',
    ]) {
      const from = performance.now();
      const { status, text } = await write(body);
      expect(status, body.slice(0, 40)).toBe(400);
      expect(performance.now() - from).toBeLessThan(1_000);
      expect(text.length).toBeLessThan(10_000);
      expect(text).not.toMatch(innards);
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('what the sender says of a message', () => {
  it('decides neither who wrote it, when, where, nor for which company', async () => {
    for (const more of [
      { from: { id: 'acc_one_sue', role: 'user', name: 'Sue' } },
      { timestamp: '2001-01-01T00:00:00Z' },
      { seq: 1 },
      { id: 'x' },
      { conversation: { id: 'ses_other' } },
      { channel: 'two-web' },
      { tenantId: 'two' },
      { type: 'event', name: 'session:closed' },
      { channelData: { raw: true } },
      { redacted: true },
    ]) {
      expect((await write({ text: 'x', ...more })).status, Object.keys(more)[0]).toBe(400);
    }
    const before = Date.now();
    const { json } = await write({ text: 'x' });
    expect(json.from).toEqual({ id: 'acc_one_ann', name: 'ann', role: 'agent' });
    expect(Math.abs(Date.parse(json.timestamp) - before)).toBeLessThan(5_000);
  });

  it('is held to what its channel carries, and to text a store can keep', async () => {
    const tooLong = await write({ text: 'x'.repeat(10_001) });
    expect(tooLong).toMatchObject({ status: 400, json: { detail: expect.stringContaining('10001 of 10000') } });
    expect((await write({ text: 'x'.repeat(10_001), audience: 'staff' })).status).toBe(400);
    expect((await write({ text: 'x'.repeat(10_000) })).status).toBe(201);
    expect((await write({ text: 'a\u0000b' })).status).toBe(400);
    expect((await write('{"text":"half \\ud83d a letter"}')).json.text).toBe('half \ufffd a letter');
    expect((await write({ text: 'x', replyToId: `ses_${'0'.repeat(32)}.1` })).status).toBe(400);
  });

  it('under a key used before is the same message or a refusal, never a second one', async () => {
    const headers = { 'idempotency-key': key() };
    const first = await write({ text: 'once' }, headers);
    expect((await write({ text: 'once' }, headers)).json.seq).toBe(first.json.seq);
    for (const other of [
      { text: 'twice' },
      { text: 'once', audience: 'staff' },
      { text: 'once', textFormat: 'plain' },
    ]) {
      expect(await write(other, headers)).toMatchObject({ status: 422, json: { code: 'REQUEST_REUSED_KEY' } });
    }
  });
});

describe('a method', () => {
  it('that no route has does nothing and repeats nothing', async () => {
    for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'DEBUG', 'OPTIONS', 'LINK']) {
      for (const path of ['/api/v1/me', '/healthz', '/desk', '/media/med_1', '*']) {
        const text = `${method} ${path} HTTP/1.1\r\nhost: x\r\nx-canary: canary\r\ncookie: foyer_refresh=canary\r\n`;
        const { answer } = await bytes(house, `${text}connection: close\r\n\r\n`);
        expect(answer, `${method} ${path}`).toMatch(/^HTTP\/1\.1 4\d\d /);
        expect(answer).not.toMatch(/canary|access-control-allow-credentials/i);
      }
    }
    const tunnel = await bytes(house, 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(tunnel.answer).not.toMatch(/^HTTP\/1\.1 2/);
    expect(tunnel.closedAfter).toBeDefined();
  });

  it('is what the request line says, whatever headers, queries and bodies say', async () => {
    const path = `/api/v1/sessions/${session}`;
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await rest(house, 'POST', path, { token: admin, body: {}, headers: { [name]: 'GET' } });
      expect(answer.status).toBe(405);
      const got = await rest(house, 'GET', path, { token: admin, headers: { [name]: 'DELETE' } });
      expect(got.status).toBe(200);
    }
    expect((await rest(house, 'POST', `${path}?_method=GET`, { token: admin, body: { _method: 'GET' } })).status).toBe(
      405,
    );
  });

  it('that only reads changes nothing: no route acts on GET or HEAD', async () => {
    for (const action of ['accept', 'decline', 'transfer', 'close']) {
      for (const method of ['GET', 'HEAD']) {
        expect((await rest(house, method, `/api/v1/sessions/${session}/${action}`, { token: agent })).status).toBe(405);
      }
    }
    expect((await house.session({ id: session, tenantId: 'one' })).state).toBe('active');
  });
});

describe('a token', () => {
  it('counts in one header only: not in a query, a cookie, a body or another scheme', async () => {
    const path = '/api/v1/me';
    const refused = [
      await rest(house, 'GET', `${path}?access_token=${admin}&token=${admin}`),
      await rest(house, 'GET', path, { headers: { cookie: `accessToken=${admin}; foyer_refresh=${admin}` } }),
      await rest(house, 'GET', path, {
        headers: { 'x-access-token': admin, 'proxy-authorization': `Bearer ${admin}` },
      }),
      await rest(house, 'GET', path, { headers: { authorization: `Basic ${btoa(`one-ada:${admin}`)}` } }),
      await rest(house, 'GET', path, { headers: { authorization: `Bearer ${admin}, Bearer ${agent}` } }),
      await rest(house, 'GET', path, { headers: { authorization: `Bearer  ${'a'.repeat(5_000)}` } }),
    ];
    for (const { status, text } of refused) {
      expect(status).toBe(401);
      expect(text).not.toContain(admin);
    }
  });
});

describe('answers to other sites', () => {
  it('are readable by none of their pages, and no preflight allows anything', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000', `${house.url}.evil.example`]) {
      const headers = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      };
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await rest(house, method, '/api/v1/me', { token: admin, headers });
        for (const name of ['origin', 'credentials', 'methods', 'headers']) {
          expect(answer.headers.get(`access-control-allow-${name}`)).toBeNull();
        }
      }
    }
  });
});

describe('the metrics', () => {
  it('are told to this machine and private networks, and not through proxies nobody declared', async () => {
    const ask = async (at: HttpHouse, headers: Record<string, string> = {}) => rest(at, 'GET', '/metrics', { headers });
    expect((await ask(house)).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded']) {
      expect((await ask(house, { [header]: '10.0.0.1' })).status).toBe(403);
    }
    const behind = await httpHouse({ trustedProxies: ['127.0.0.1'] });
    for (const [address, status] of [
      ['203.0.113.7', 403],
      ['2001:db8::1', 403],
      ['::ffff:203.0.113.7', 403],
      ['172.32.0.1', 403],
      ['10.1.2.3', 200],
      ['192.168.1.9', 200],
      ['::ffff:10.1.2.3', 200],
      ['fd12::1', 200],
      ['::1', 200],
      ['10.0.0.1, 203.0.113.7', 403],
      ['10.0.0.1, nonsense', 403],
      ['10.0.0.1:80', 403],
      ['\t10.0.0.1\t, 203.0.113.7', 403],
      ['', 200],
    ] as const) {
      expect((await ask(behind, { 'x-forwarded-for': address })).status, address).toBe(status);
    }
    await behind.stop();
  });
});

describe('refusals', () => {
  it('tell nothing of the inside, whatever is sent wherever', async () => {
    const nasty = ["'", '"', "' OR 1=1--", '; DROP TABLE sessions', '%', '\\', '../../../etc/passwd', '{{7*7}}'];
    const media = await uploadFile(house, admin, 'x');
    const seen: string[] = [];
    for (const text of nasty) {
      const at = encodeURIComponent(text);
      for (const [method, path, body] of [
        ['GET', `/api/v1/sessions?channel=${at}`],
        ['GET', `/api/v1/sessions?cursor=${at}`],
        ['GET', `/api/v1/sessions?state=${at}`],
        ['GET', `/api/v1/sessions/${at}`],
        ['GET', `/api/v1/sessions/${session}/activities?after=${at}`],
        ['GET', `/api/v1/media/${at}`],
        ['GET', `/media/${media}?r=${at}&e=${at}&s=${at}`],
        ['GET', `/widget/${at}`],
        ['PUT', `/api/v1/channels/${at}`, { type: text, name: text, queue: text }],
        ['PUT', '/api/v1/channels/new', { type: text, name: text, queue: 'support' }],
        ['PUT', '/api/v1/channels/new', { type: 'web', name: text, queue: text }],
        ['POST', '/api/v1/accounts', { login: text, name: text, role: text, password: text }],
        ['POST', `/api/v1/sessions/${session}/transfer`, { agent: text }],
        ['PUT', '/api/v1/agents/me/state', { state: text }],
        ['POST', '/api/v1/tokens', { login: text, password: text }],
      ] as const) {
        const answer = await rest(house, method, path, { token: admin, body });
        expect(answer.status, `${method} ${path}`).toBeLessThan(500);
        if (answer.status >= 400) seen.push(`${method} ${path} ${answer.text}`.replaceAll(text, '').replaceAll(at, ''));
      }
    }
    expect(seen.length).toBeGreaterThan(80);
    for (const text of seen) expect(text).not.toMatch(innards);
    expect(house.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('of what cannot be read as HTTP say no more than that', async () => {
    for (const text of [
      `GET / HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 3_000 }, (_, i) => `x-${i}: 1\r\n`).join('')}\r\n`,
      `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(40_000)}\r\n\r\n`,
      'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
      'GET / HTTP/9.9\r\nhost: x\r\n\r\n',
      'GET  /  HTTP/1.1\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ]) {
      const { answer } = await bytes(house, `${text}`, 1_000);
      expect(answer, text.slice(0, 40)).toMatch(/^HTTP\/1\.1 [45]\d\d |^$/);
      expect(answer).not.toMatch(innards);
    }
    expect((await rest(house, 'GET', '/healthz')).status).toBe(200);
  });
});
