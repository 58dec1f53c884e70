import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpAnswer, type HttpHouse, httpHouse, password } from '../../test/support/http-house.ts';

let house: HttpHouse;
beforeAll(async () => {
  house = await httpHouse();
});
afterAll(() => house.stop());

const cookieOf = (answer: HttpAnswer) => /^foyer_refresh=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
const signIn = (login: string, given = password, headers = {}) =>
  house.request('POST', '/api/v1/tokens', { body: { login, password: given }, headers });
const refresh = (cookie: string | undefined, headers: Record<string, string> = {}) =>
  house.request('POST', '/api/v1/tokens/refresh', {
    body: {},
    headers: { ...(cookie === undefined ? {} : { cookie: `foyer_refresh=${cookie}` }), ...headers },
  });
const me = async (token: string) => (await house.request('GET', '/api/v1/me', { token })).status;

describe('tokens', () => {
  it('come with a cookie that no script, no other site and no other address gets', async () => {
    const answer = await signIn('one-ann');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      expiresIn: 300,
      mustChange: false,
      account: { login: 'one-ann', role: 'agent' },
    });
    expect(answer.headers.get('set-cookie')).toMatch(/Path=\/api\/v1\/tokens; HttpOnly; SameSite=Strict/);
    expect(answer.text).not.toContain(cookieOf(answer) ?? 'no cookie');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { json } = await house.request('GET', '/api/v1/me', { token: answer.json.accessToken });
    expect(json).toMatchObject({ login: 'one-ann', queues: ['support'], mustChange: false, tenant: { id: 'one' } });
  });

  it('are renewed by the cookie, also by two tabs at once', async () => {
    const cookie = cookieOf(await signIn('one-ann'));
    const tabs = await Promise.all([refresh(cookie), refresh(cookie)]);
    for (const tab of tabs) expect(await me(tab.json.accessToken)).toBe(200);
    expect((await refresh(cookieOf(tabs[1]))).status).toBe(200);
    expect((await refresh(undefined)).status).toBe(401);
    const forged = await refresh('forged');
    expect(forged.status).toBe(401);
    expect(cookieOf(forged)).toBe('');
  });

  it('are not given to the pages of other sites', async () => {
    const cookie = cookieOf(await signIn('one-ann'));
    const { host } = new URL(house.url);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${host}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await refresh(cookie, headers)).status, JSON.stringify(headers)).toBe(403);
      expect((await signIn('one-ann', password, headers)).status).toBe(403);
    }
    expect((await refresh(cookie, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const plain = await house.request('POST', '/api/v1/tokens/refresh', {
      body: '{}',
      headers: { cookie: `foyer_refresh=${cookie}`, 'content-type': 'text/plain' },
    });
    expect(plain.status).toBe(415);
  });

  it('die with signing out, by cookie or by token', async () => {
    const one = await signIn('one-ann');
    const two = await signIn('one-ann');
    const out = await house.request('DELETE', '/api/v1/tokens/current', {
      headers: { cookie: `foyer_refresh=${cookieOf(one)}` },
    });
    expect(out.status).toBe(204);
    expect(await me(one.json.accessToken)).toBe(401);
    expect((await refresh(cookieOf(one))).status).toBe(401);
    expect(await me(two.json.accessToken)).toBe(200);
    await house.request('DELETE', '/api/v1/tokens/current', { token: two.json.accessToken });
    expect(await me(two.json.accessToken)).toBe(401);
    expect((await house.request('DELETE', '/api/v1/tokens/current')).status).toBe(204);
  });

  it('are refused alike for wrong passwords and unknown people, and soon throttled', async () => {
    const wrong = await signIn('two-bo', 'wrong');
    const unknown = await signIn('two-nobody', 'wrong');
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    let throttled: HttpAnswer | undefined;
    for (let i = 0; i < 20 && throttled === undefined; i++) {
      const answer = await signIn('two-bo', `wrong ${i}`);
      if (answer.status === 429) throttled = answer;
    }
    expect(throttled?.json.code).toBe('ACCESS_THROTTLED');
    expect(Number(throttled?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn('two-sue')).status).toBe(200);
  });
});

describe('accounts', () => {
  it('made by an administrator change their password first, and can be disabled at once', async () => {
    const admin = (await signIn('one-ada')).json.accessToken;
    const wanted = {
      login: 'one-eve',
      name: 'Eve',
      role: 'agent',
      password: 'brass keys in a drawer',
      queues: ['support'],
      skills: { billing: 3 },
      capacity: 2,
    };
    const made = await house.request('POST', '/api/v1/accounts', { token: admin, body: wanted });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ login: 'one-eve', mustChange: true, skills: { billing: 3 }, capacity: 2 });
    expect(made.text).not.toMatch(/argon2|brass keys/);
    expect((await house.request('POST', '/api/v1/accounts', { token: admin, body: wanted })).status).toBe(409);
    const weak = { ...wanted, login: 'one-weak', password: 'passwordpassword' };
    expect((await house.request('POST', '/api/v1/accounts', { token: admin, body: weak })).json.code).toBe(
      'ACCESS_PASSWORD_WEAK',
    );

    const first = await signIn('one-eve', wanted.password);
    expect(first.json.mustChange).toBe(true);
    for (const path of ['/api/v1/me', '/api/v1/sessions', '/api/v1/queues']) {
      const refused = await house.request('GET', path, { token: first.json.accessToken });
      expect([refused.status, refused.json.code]).toEqual([403, 'ACCESS_PASSWORD_MUST_CHANGE']);
    }
    const change = { current: wanted.password, next: 'ferry across the fjord' };
    const changed = await house.request('PUT', '/api/v1/me/password', { token: first.json.accessToken, body: change });
    expect(changed.status).toBe(200);
    const token = changed.json.accessToken;
    expect(await me(token)).toBe(200);
    expect(await me(first.json.accessToken)).toBe(401);

    const agents = await house.request('GET', '/api/v1/agents', { token });
    expect(agents.json.items.find((one: { id: string }) => one.id === made.json.id)).toMatchObject({ capacity: 2 });
    const at = `/api/v1/accounts/${made.json.id}`;
    const renamed = await house.request('PATCH', at, { token: admin, body: { name: 'Eva', capacity: 4 } });
    expect(renamed.json).toMatchObject({ name: 'Eva', capacity: 4, skills: { billing: 3 } });
    expect(await me(token)).toBe(200);
    expect((await house.request('DELETE', at, { token: admin })).status).toBe(204);
    expect(await me(token)).toBe(401);
    expect((await signIn('one-eve', change.next)).status).toBe(401);
  });

  it('lose their tokens when demoted', async () => {
    const admin = (await signIn('two-ada')).json.accessToken;
    const body = { login: 'two-max', name: 'Max', role: 'administrator', password: 'owls over the harbour' };
    const made = await house.request('POST', '/api/v1/accounts', { token: admin, body });
    const first = await signIn('two-max', body.password);
    const change = { current: body.password, next: 'ferry across the fjord' };
    const { json } = await house.request('PUT', '/api/v1/me/password', { token: first.json.accessToken, body: change });
    expect((await house.request('GET', '/api/v1/accounts', { token: json.accessToken })).status).toBe(200);
    await house.request('PATCH', `/api/v1/accounts/${made.json.id}`, { token: admin, body: { role: 'agent' } });
    expect((await house.request('GET', '/api/v1/accounts', { token: json.accessToken })).status).toBe(401);
    const lonely = await house.request('PATCH', '/api/v1/accounts/acc_two_ada', {
      token: admin,
      body: { disabled: true },
    });
    expect([lonely.status, lonely.json.code]).toEqual([409, 'REQUEST_CONFLICT']);
  });
});
