import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, type Page, type ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { passwordOf, signIn, startServer, type TestServer } from '../support/server.ts';

/** Within this a right that was taken away is gone everywhere, ms. */
const soon = 5_000;
const first = 'given by the administrator';
const own = 'chosen by dora herself alone';

let server: TestServer;
let admin: string;
const open: { close(): void }[] = [];

beforeEach(async () => {
  server = await startServer();
  admin = await signIn(server, 'ada');
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await server.remove();
});

const ask = (
  method: string,
  path: string,
  token: string | undefined,
  body?: unknown,
  headers: Record<string, string> = {},
) =>
  fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

interface SignedIn {
  token: string;
  cookie: string;
  desk: AgentDesk;
}
async function signedIn(login: string, password: string): Promise<SignedIn> {
  const answer = await ask('POST', '/tokens', undefined, { login, password });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const desk = await openDesk(server, login, { accessToken });
  open.push(desk);
  return { token: accessToken, cookie, desk };
}

/** An account made in the console, with a password of its owner's. */
async function makeDora(): Promise<string> {
  const made = await ask('POST', '/accounts', admin, {
    login: 'dora',
    name: 'Dora',
    role: 'supervisor',
    password: first,
    queues: ['support'],
  });
  expect(made.status, await made.clone().text()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const token = await signIn(server, 'dora', first);
  expect((await ask('GET', '/sessions', token)).status, 'another person set the password').toBe(403);
  await expect(openDesk(server, 'dora', { accessToken: token })).rejects.toMatchObject({
    code: 'ACCESS_PASSWORD_MUST_CHANGE',
  });
  expect((await ask('PUT', '/me/password', token, { current: first, next: own })).status).toBe(200);
  expect((await ask('GET', '/sessions', token)).status, 'the token from before').toBe(401);
  return id;
}

/** HTTP refuses at once, desks end soon, and no way leads back with what was. */
async function dead({ token, cookie, desk }: SignedIn, from: number): Promise<void> {
  expect((await ask('GET', '/sessions', token)).status).toBe(401);
  expect((await ask('POST', '/tokens/refresh', undefined, {}, { cookie })).status).toBe(401);
  await desk.gone();
  expect(performance.now() - from).toBeLessThan(soon);
  expect(desk.facts.at(-1)).toMatchObject({ name: 'access:revoked' });
  await expect(openDesk(server, 'dora', { accessToken: token })).rejects.toMatchObject({
    code: 'ACCESS_NOT_SIGNED_IN',
  });
}

describe('a member of staff', () => {
  it('who is disabled is out at once, on every browser, and cannot come back', async () => {
    const id = await makeDora();
    const here = await signedIn('dora', own);
    const there = await signedIn('dora', own);
    const from = performance.now();
    expect((await ask('PATCH', `/accounts/${id}`, admin, { disabled: true })).status).toBe(200);
    await dead(here, from);
    await dead(there, from);
    expect((await ask('POST', '/tokens', undefined, { login: 'dora', password: own })).status).toBe(401);
    expect((await ask('PATCH', `/accounts/${id}`, admin, { disabled: false })).status).toBe(200);
    expect((await ask('GET', '/sessions', here.token)).status, 'an old token stays dead').toBe(401);
    await signIn(server, 'dora', own);
  });

  it('who is demoted keeps nothing of the higher role', async () => {
    const id = await makeDora();
    const here = await signedIn('dora', own);
    const from = performance.now();
    expect((await ask('PATCH', `/accounts/${id}`, admin, { role: 'agent' })).status).toBe(200);
    await dead(here, from);
    const again = await ask('GET', '/me', await signIn(server, 'dora', own));
    expect(await again.json()).toMatchObject({ role: 'agent' });
  });

  it('who changes the password stays in with the new pair alone', async () => {
    await makeDora();
    const here = await signedIn('dora', own);
    const there = await signedIn('dora', own);
    const from = performance.now();
    const changed = await ask('PUT', '/me/password', here.token, { current: own, next: 'another one of dora alone' });
    const { accessToken } = (await changed.json()) as { accessToken: string };
    await dead(here, from);
    await dead(there, from);
    expect((await ask('GET', '/sessions', accessToken)).status).toBe(200);
    open.push(await openDesk(server, 'dora', { accessToken }));
  });

  it('whose password another person sets is out, and must choose one', async () => {
    const id = await makeDora();
    const here = await signedIn('dora', own);
    const from = performance.now();
    const set = await ask('PUT', `/accounts/${id}/password`, admin, { password: 'set again by the administrator' });
    expect(set.ok).toBe(true);
    await dead(here, from);
    const token = await signIn(server, 'dora', 'set again by the administrator');
    expect((await ask('GET', '/sessions', token)).status).toBe(403);
  });

  it('who signs out is out on that browser, and on no other', async () => {
    await makeDora();
    const here = await signedIn('dora', own);
    const there = await signedIn('dora', own);
    const from = performance.now();
    expect(
      (await ask('DELETE', '/tokens/current', here.token, undefined, { cookie: here.cookie, origin: server.url })).ok,
    ).toBe(true);
    await dead(here, from);
    expect((await ask('GET', '/sessions', there.token)).status).toBe(200);
    expect(await there.desk.ask('desk:resume', { sessions: {} })).toMatchObject({ ok: true });
  });

  it('of the declared file is out when the file says otherwise at the next start', async () => {
    const token = await signIn(server, 'ann');
    expect((await ask('GET', '/sessions', token)).status).toBe(200);
    await server.restart();
    expect((await ask('GET', '/sessions', token)).status, 'nothing changed').toBe(200);
    const refused = await ask('PATCH', `/accounts/${await idOf('ann')}`, await signIn(server, 'ada'), {
      disabled: true,
    });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'CONFIG_DECLARED' });
    expect(passwordOf('ann')).not.toBe('');
  });
});

async function idOf(login: string): Promise<string> {
  const answer = await ask('GET', '/accounts', await signIn(server, 'ada'));
  const { items } = (await answer.json()) as { items: { id: string; login: string }[] };
  return items.find((one) => one.login === login)?.id ?? '';
}

describe('a visitor who signs out', () => {
  it('leaves every tab, and neither token nor media address leads back', async () => {
    const unused = () => Promise.reject(new Error('not used'));
    const door: ServerUnderTest = {
      url: server.url,
      channel: 'web',
      otherChannel: 'web',
      origin: 'http://localhost:5000',
      secret: '',
      answer: unused,
      note: unused,
    };
    const tab = async (token?: string): Promise<Page> => {
      const page = await openPage(door, token === undefined ? {} : { token });
      open.push(page);
      return page;
    };
    const one = await tab();
    const { session } = await one.say('hello');
    const { token } = one.hello.visitor;
    const other = await tab(token);
    const stranger = await tab();
    await stranger.say('I stay');

    expect(await one.ask('visitor:logout', {})).toEqual({ ok: true });
    expect(await other.fact('ended')).toEqual({ reason: 'logged-out' });
    await Promise.all([one.gone(), other.gone()]);
    for (const old of [token, other.hello.visitor.token]) {
      await expect(tab(old)).rejects.toMatchObject({ code: 'CHANNEL_TOKEN_INVALID' });
      expect((await ask('POST', '/media', old)).status).toBe(401);
    }
    const fresh = await tab();
    expect(fresh.hello.visitor).toMatchObject({ fresh: true });
    expect(fresh.hello.sessions).toEqual([]);
    expect(await fresh.ask('activities:read', { session: session.id, after: 0 })).toMatchObject({
      ok: false,
      error: { code: 'SESSION_NOT_FOUND' },
    });
    expect((await stranger.say('I am still here')).ok).toBe(true);

    await server.restart();
    await expect(openPage({ ...door, url: server.url }, { token })).rejects.toMatchObject({
      code: 'CHANNEL_TOKEN_INVALID',
    });
  });
});
