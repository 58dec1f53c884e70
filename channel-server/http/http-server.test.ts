import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpHouse, httpHouse, password } from '../../test/support/http-house.ts';
import { nesting } from './json-body.ts';

let house: HttpHouse;
let admin: string;

beforeAll(async () => {
  house = await httpHouse({
    limits: { bodyTime: 300 },
    extraRoutes: [
      async (app) => {
        app.get('/hello', async () => 'a page');
        app.get('/broken', async () => {
          throw new Error('canary-secret in a message');
        });
      },
    ],
  });
  admin = await house.tokenOf('one-ada');
  const { distFolder: dist } = house;
  await mkdir(join(dist, 'widget'), { recursive: true });
  await mkdir(join(dist, 'desk'), { recursive: true });
  for (const [name, text] of [
    ['widget.js', '/* loader */'.repeat(50)],
    ['widget/main-abc.js', 'export {};'.repeat(50)],
    ['desk.html', '<!doctype html><title>Desk</title>'],
    ['desk/desk-abc.js', 'export {};'],
  ] as const) {
    await writeFile(join(dist, name), text);
    await writeFile(join(dist, `${name}.br`), brotliCompressSync(text));
  }
});
afterAll(() => house.stop());

/** Bytes over a bare connection; answers everything until it is closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(house.url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('refusals', () => {
  const codeOf = async (method: string, path: string, options: Parameters<HttpHouse['request']>[2]) => {
    const answer = await house.request(method, path, options);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    return [answer.status, answer.json.code];
  };

  it('are problem+json for every reason', async () => {
    const token = admin;
    const json = { 'content-type': 'application/json' };
    expect(await codeOf('GET', '/nowhere', {})).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf('GET', '/api/v1/nowhere', { token })).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf('POST', '/api/v1/me', { token })).toEqual([405, 'REQUEST_METHOD_NOT_ALLOWED']);
    expect(await codeOf('POST', '/api/v1/accounts', { token, body: '{', headers: json })).toEqual([
      400,
      'REQUEST_INVALID',
    ]);
    expect(
      await codeOf('POST', '/api/v1/accounts', { token, body: 'x=1', headers: { 'content-type': 'text/plain' } }),
    ).toEqual([415, 'REQUEST_TYPE_UNSUPPORTED']);
    expect(await codeOf('POST', '/api/v1/accounts', { token, body: { login: 'x'.repeat(300_000) } })).toEqual([
      413,
      'REQUEST_TOO_LARGE',
    ]);
    expect(await codeOf('GET', '/api/v1/sessions/%', { token })).toEqual([400, 'REQUEST_INVALID']);
  });

  it('name the field, and never quote what was sent', async () => {
    const body = { login: 'x', name: 'x', role: 'king', password: { canary: 'canary-secret' } };
    const { json, text } = await house.request('POST', '/api/v1/accounts', { token: admin, body });
    expect(json.errors.map((one: { path: string }) => one.path)).toEqual(['/role', '/password']);
    expect(text).not.toContain('canary');
  });

  it('of unforeseen errors are constant and leave the cause to the log', async () => {
    const { status, text } = await house.request('GET', '/broken');
    expect(status).toBe(500);
    expect(text).toContain('INTERNAL');
    expect(text).not.toMatch(/canary|stack|at /);
    expect(house.log.lines.some(({ level, message }) => level === 'error' && message === 'a request failed')).toBe(
      true,
    );
  });

  it('meet prototypes, deep nesting and many brackets in strings', async () => {
    const token = admin;
    const headers = { 'content-type': 'application/json' };
    const send = async (body: string) =>
      (await house.request('POST', '/api/v1/accounts', { token, body, headers })).status;
    expect(await send('{"__proto__":{"role":"administrator"}}')).toBe(400);
    expect(await send('{"constructor":{"prototype":{"a":1}}}')).toBe(400);
    expect(await send(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).toBe(400);
    expect(nesting('{"a":"[[[[\\"[[[","b":[{}]}')).toBe(3);
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it('cut bodies that do not arrive', async () => {
    const started = Date.now();
    const answer = await raw(
      'POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"lo',
    );
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(answer === '' || answer.includes('408')).toBe(true);
  });

  it('of broken HTTP do not end the process', async () => {
    for (const text of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: x\r\nx: \u0000\r\n\r\n',
      `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      expect(await raw(text)).toMatch(/^HTTP\/1\.1 4\d\d/);
    }
    expect((await house.request('GET', '/healthz')).status).toBe(200);
  });
});

describe('pages', () => {
  it('serve the widget to every site, compressed, its chunks for good', async () => {
    const script = await house.request('GET', '/widget.js', { headers: { 'accept-encoding': 'br' } });
    expect(script.text).toContain('loader');
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'content-encoding': 'br',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
      'content-type': expect.stringContaining('javascript'),
    });
    const chunk = await house.request('GET', '/widget/main-abc.js');
    expect(chunk.headers.get('cache-control')).toContain('immutable');
    expect(chunk.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('serve the desk framed by nobody, running only its own code', async () => {
    const desk = await house.request('GET', '/desk');
    expect(desk.status).toBe(200);
    expect(desk.text).toContain('<title>Desk</title>');
    const policy = desk.headers.get('content-security-policy') ?? '';
    for (const part of ["frame-ancestors 'none'", "script-src 'self'", "default-src 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
    expect(desk.headers.get('x-frame-options')).toBe('DENY');
    expect(desk.headers.get('cache-control')).toBe('no-cache');
    expect((await house.request('GET', '/desk/desk-abc.js')).status).toBe(200);
    expect((await house.request('GET', '/desk/')).headers.get('location')).toBe('/desk');
  });

  it('that are missing are not found, and nothing outside their folder is served', async () => {
    for (const path of [
      '/console',
      '/widget/nope.js',
      '/widget/..%2f..%2fpackage.json',
      '/widget/%2e%2e/desk.html',
      '/widget/.env',
      '/desk/..%5cdesk.html',
      '/widget/',
      '/widget/%00',
    ]) {
      const { status } = await house.request('GET', path);
      expect([400, 403, 404], path).toContain(status);
    }
  });

  it('of others are served beside', async () => {
    expect((await house.request('GET', '/hello')).text).toBe('a page');
  });
});

describe('operations', () => {
  it('says that it lives, and whether it should get requests', async () => {
    expect((await house.request('GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await house.request('GET', '/readyz')).json).toEqual({ status: 'ready' });
    for (const state of ['draining', 'store-unavailable'] as const) {
      house.readiness.now = state;
      expect((await house.request('GET', '/readyz')).status).toBe(503);
    }
    house.readiness.now = 'ready';
  });

  it('counts requests by route, not by address', async () => {
    await house.request('GET', '/api/v1/sessions/ses_canary', { token: admin });
    const { text } = await house.request('GET', '/metrics');
    expect(text).toContain('route="/api/v1/sessions/:id"');
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).not.toContain('ses_canary');
  });

  it('logs neither tokens nor passwords, bodies, or queries', async () => {
    await house.request('POST', '/api/v1/tokens', { body: { login: 'one-ann', password: 'canary-password' } });
    await house.request('GET', '/media/med_1?r=canary-reader&e=1&s=canary-signature');
    await house.request('GET', '/api/v1/me', { token: 'canary-token' });
    await house.tokenOf('one-ann');
    const all = JSON.stringify(house.log.lines.map(({ facts, message }) => [facts, message]));
    expect(all).toContain('/api/v1/tokens');
    expect(all).not.toMatch(/canary-(password|reader|signature|token)/);
    expect(all).not.toContain(password);
    expect(all).not.toContain(admin);
  });

  it('describes itself as OpenAPI 3.1', async () => {
    const { json, status } = await house.request('GET', '/api/openapi.json');
    expect(status).toBe(200);
    expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Foyer' } });
    const references = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((one) => one[1]);
    expect(new Set(references).size).toBeGreaterThan(10);
    for (const name of references) expect(Object.keys(json.components.schemas)).toContain(name);
    for (const [path, methods] of Object.entries<Record<string, { responses: object; summary: string }>>(json.paths)) {
      for (const [method, route] of Object.entries(methods)) {
        if (path.startsWith('/api/v1/media') && method !== 'get') continue;
        expect(route.summary, `${method} ${path}`).toBeTruthy();
        expect(Object.keys(route.responses)).toContain('4XX');
      }
    }
  });

  it('allows no site to read answers with credentials', async () => {
    const headers = { origin: 'https://evil.example' };
    const { headers: answered } = await house.request('GET', '/api/v1/me', { token: admin, headers });
    expect(answered.get('access-control-allow-origin')).toBeNull();
    expect(answered.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(answered.get('x-content-type-options')).toBe('nosniff');
  });
});
