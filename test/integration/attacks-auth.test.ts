import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from '../support/agent-desk.ts';
import { bytes, rest } from '../support/attack.ts';
import { passwordOf, signIn, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const tokens = '/api/v1/tokens';
const enter = (login: string, password = passwordOf(login), headers: Record<string, string> = {}) =>
  rest(server, 'POST', tokens, { body: { login, password }, headers });
const cookieOf = ({ headers }: { headers: Headers }) =>
  /foyer_refresh=([^;]*)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';

describe('signing in', () => {
  it('never goes on with a cookie that was there before', async () => {
    const mine = cookieOf(await enter('bo'));
    const planted = await enter('ann', passwordOf('ann'), { cookie: `foyer_refresh=${mine}` });
    expect(planted.status).toBe(200);
    const fresh = cookieOf(planted);
    expect(fresh).not.toBe('');
    expect(fresh).not.toBe(mine);
    expect(fresh.split('.')[0]).not.toBe(mine.split('.')[0]);
    const renewed = await rest(server, 'POST', `${tokens}/refresh`, {
      body: {},
      headers: { cookie: `foyer_refresh=${mine}` },
    });
    expect(renewed.json.account.login).toBe('bo');
  });

  it('cannot be made by a form or a script of another site, and leaves no cookie there', async () => {
    const body = JSON.stringify({ login: 'ann', password: passwordOf('ann') });
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json', origin: 'https://evil.example' },
      { 'content-type': 'application/json', origin: 'null' },
      { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'application/json', 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await rest(server, 'POST', tokens, { body, headers });
      expect([403, 415]).toContain(answer.status);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    for (const method of ['GET', 'HEAD']) {
      const query = `${tokens}?login=ann&password=${encodeURIComponent(passwordOf('ann'))}`;
      expect((await rest(server, method, query)).status).toBe(405);
    }
  });

  it('says the same of people who are there and who are not, and takes as long', async () => {
    const times: Record<string, number[]> = { ann: [], nobody: [] };
    const answers = new Set<string>();
    // Four tries each, in turn: below where waiting begins.
    for (let round = 0; round < 4; round += 1) {
      for (const login of ['ann', 'nobody']) {
        const from = performance.now();
        const { status, text, headers } = await enter(login, `wrong ${round}`);
        times[login]?.push(performance.now() - from);
        const kept = [...headers.keys()].filter((name) => !/date|ratelimit/.test(name)).sort();
        answers.add(JSON.stringify([status, text, kept]));
      }
    }
    expect(answers.size).toBe(1);
    const typical = (list: number[] = []) => [...list].sort((a, b) => a - b)[1] ?? 0;
    const [known, unknown] = [typical(times.ann), typical(times.nobody)];
    // Without the work of a hash, an answer would come in a tenth of the time.
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(3);
  });

  it('is slowed down for who guesses, and never for the person guessed at', async () => {
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, i) => enter('cy', `guess ${i}`)));
    const statuses = guesses.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(10);
    for (const { status, headers } of guesses) {
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // Elsewhere the owner comes in: loopback has many addresses.
    const body = JSON.stringify({ login: 'cy', password: passwordOf('cy') });
    const request = `POST ${tokens} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;
    const { answer } = await bytes(server, `${request}connection: close\r\n\r\n${body}`, 3_000, '127.0.0.9');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('takes hostile logins and passwords for what they are: wrong ones', async () => {
    for (const login of [
      "' OR '1'='1",
      'ann\u0000',
      'ANN',
      'ann ',
      '__proto__',
      'constructor',
      '*',
      '%',
      '\u202eann',
    ]) {
      const { status } = await enter(login, passwordOf('bo'));
      expect([400, 401, 429], login).toContain(status);
    }
    for (const password of ['', passwordOf('bo').slice(0, -1), `${passwordOf('bo')}\u0000`, 'x'.repeat(1_025)]) {
      expect([400, 401, 429]).toContain((await enter('bo', password)).status);
    }
    // However long: hashing is bounded.
    const from = performance.now();
    await enter('bo', '\ufdfa'.repeat(1_024));
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe('a refresh cookie', () => {
  it('opens nothing but a new pair: no route, no socket', async () => {
    const answer = await enter('sue');
    const cookie = `foyer_refresh=${cookieOf(answer)}`;
    for (const path of ['/api/v1/me', '/api/v1/sessions', '/api/v1/accounts']) {
      expect((await rest(server, 'GET', path, { headers: { cookie } })).status).toBe(401);
      expect((await rest(server, 'GET', path, { token: cookieOf(answer) })).status).toBe(401);
    }
    for (const accessToken of ['', cookieOf(answer)]) {
      const opened = openDesk(server, 'sue', { accessToken, headers: { cookie, origin: server.url } });
      await expect(opened).rejects.toMatchObject({ code: 'ACCESS_NOT_SIGNED_IN' });
    }
  });

  it('that is made up, cut or of another form is refused without a trace of why', async () => {
    const real = cookieOf(await enter('sue'));
    const [name = '', secret = ''] = real.split('.');
    const answers = new Set<string>();
    for (const cookie of [
      'x',
      `${name}.`,
      `${name}.${'A'.repeat(43)}x`,
      `.${secret}`,
      `${'A'.repeat(22)}.${secret}`,
      `${real}; foyer_refresh=x; foyer_refresh=${'A'.repeat(3_000)}`.slice(real.length + 2),
      '%00',
      '__proto__',
    ]) {
      const headers = { cookie: `foyer_refresh=${cookie}` };
      const { status, text } = await rest(server, 'POST', `${tokens}/refresh`, { body: {}, headers });
      expect(status, cookie).toBe(401);
      answers.add(text);
    }
    expect(answers.size).toBe(1);
    // None of that ended the real one.
    const headers = { cookie: `foyer_refresh=${real}` };
    expect((await rest(server, 'POST', `${tokens}/refresh`, { body: {}, headers })).status).toBe(200);
  });
});

describe('administrators only', () => {
  it('means that nobody makes themselves one, by any field of any request they may make', async () => {
    const token = await signIn(server, 'ann');
    const { id } = (await rest(server, 'GET', '/api/v1/me', { token })).json;
    const attempts = await Promise.all([
      rest(server, 'PATCH', `/api/v1/accounts/${id}`, { token, body: { role: 'administrator' } }),
      rest(server, 'PUT', `/api/v1/accounts/${id}/password`, { token, body: { password: 'a lantern in a cupboard' } }),
      rest(server, 'PUT', '/api/v1/me/password', {
        token,
        body: { current: passwordOf('ann'), next: 'a lantern in a cupboard', role: 'administrator' },
      }),
      rest(server, 'PUT', '/api/v1/agents/me/state', { token, body: { state: 'idle', role: 'administrator' } }),
    ]);
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 400, 400]);
    expect((await rest(server, 'GET', '/api/v1/me', { token })).json.role).toBe('agent');
  });
});
