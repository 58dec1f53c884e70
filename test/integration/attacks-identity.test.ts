import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Page } from '../contracts/web-protocol/page.ts';
import { doorOf } from '../support/attack.ts';
import { smallCompany, startServer, type TestServer } from '../support/server.ts';

const secrets = { one: 'the secret of the first company, long', two: 'the secret of the second company, long' };
const web = (id: string, tenant: string, queue: string, hs256Secret: string) => ({
  id,
  tenant,
  type: 'web',
  name: id,
  queue,
  settings: { anyLoopbackOrigin: true, identity: { hs256Secret } },
});

let server: TestServer;
const open: Page[] = [];
beforeAll(async () => {
  server = await startServer({
    declared: {
      ...smallCompany,
      tenants: [...smallCompany.tenants, { id: 'second', name: 'Second Ltd' }],
      queues: [...smallCompany.queues, { id: 'hall', name: 'Hall', tenant: 'second' }],
      channels: [web('web', 'default', 'support', secrets.one), web('second-web', 'second', 'hall', secrets.two)],
    },
  });
});
afterEach(() => {
  for (const page of open.splice(0)) page.close();
});
afterAll(() => server.remove());

const page = async (options: Parameters<typeof openPage>[1] = {}) => {
  const opened = await openPage(doorOf(server), options);
  open.push(opened);
  return opened;
};
const sign = (claims: Record<string, unknown>, secret = secrets.one) =>
  new SignJWT({ exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
const sessionsOf = ({ hello }: Page) => hello.sessions.map(({ id }) => id);

describe('a visitor', () => {
  it('is who the server says: ids, sessions and rights that a page chooses are refused', async () => {
    const victim = await page();
    const { session } = await victim.say('mine');
    const { id } = victim.hello.visitor;
    const base = { version: 1, channel: 'web' };
    for (const chosen of [
      { visitor: { id } },
      { visitorId: id },
      { session: session.id },
      { tenantId: 'default' },
      { role: 'agent' },
      { subject: 'ada' },
      { token: { $gt: '' } },
      { token: [victim.hello.visitor.token] },
      { identity: { sub: 'ada' } },
      { channel: ['web'] },
      { channel: '__proto__' },
      { version: 2 },
    ]) {
      await expect(page({ auth: { ...base, ...chosen } }), JSON.stringify(chosen)).rejects.toMatchObject({
        code: expect.stringMatching(/^CHANNEL_/),
      });
    }
    const stranger = await page({ cursor: { [session.id]: 0 } });
    expect(sessionsOf(stranger)).toEqual([]);
    expect(JSON.stringify([stranger.hello, stranger.facts])).not.toContain(session.id);
  });

  it('of one company is nobody at another, with the same token, the same name, or a signature of either', async () => {
    const here = await page({ identity: await sign({ sub: 'ada', email: 'ada@shop.example' }) });
    const { session } = await here.say('for the first company');
    const second = { channel: 'second-web' };
    const { token } = here.hello.visitor;
    await expect(page({ ...second, token })).rejects.toMatchObject({ code: 'CHANNEL_TOKEN_INVALID' });
    for (const identity of [await sign({ sub: 'ada' }), await sign({ sub: 'ada', aud: 'second-web' })]) {
      await expect(page({ ...second, identity })).rejects.toMatchObject({ code: 'CHANNEL_IDENTITY_INVALID' });
    }
    const namesake = await page({ ...second, identity: await sign({ sub: 'ada' }, secrets.two) });
    expect(sessionsOf(namesake)).toEqual([]);
    const read = await namesake.ask('activities:read', { session: session.id, after: 0 });
    expect(read).toMatchObject({ ok: false, error: { code: 'SESSION_NOT_FOUND' } });
  });
});

describe('a signed name', () => {
  it('is that name exactly: none that looks, sorts or is spelt alike', async () => {
    const owner = await page({ identity: await sign({ sub: 'José' }) });
    await owner.say('private');
    const visitorId = owner.hello.visitor.id;
    for (const sub of [
      'Jose\u0301',
      'josé',
      'JOSÉ',
      'José ',
      ' José',
      'José\u200b',
      'José%',
      'José\\',
      'Jos_',
      'subject:José',
      `visitor:${visitorId}`,
      visitorId,
      '*',
    ]) {
      const other = await page({ identity: await sign({ sub }) });
      expect(sessionsOf(other), sub).toEqual([]);
    }
    expect(sessionsOf(await page({ identity: await sign({ sub: 'José' }) }))).toHaveLength(1);
  });

  it('brings only known facts along: no rights, no prototypes', async () => {
    const claims = JSON.parse(
      '{"sub":"eve","role":"administrator","tenantId":"second","__proto__":{"admin":true},"constructor":"x"}',
    );
    const eve = await page({ identity: await sign(claims) });
    expect(eve.hello.visitor).toMatchObject({ subject: 'eve' });
    expect(sessionsOf(eve)).toEqual([]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('what browsers run', () => {
  it('listens to no other window, talks to none, and never makes code or markup from text', async () => {
    const root = resolve(import.meta.dirname, '../../widget');
    const files = (await readdir(root, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
    expect(files.length).toBeGreaterThan(50);
    const forbidden =
      /postMessage|addEventListener\(\s*['"`]message|onmessage|innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafeHTML|unsafeStatic|\beval\(|new Function|srcdoc|document\.cookie|setTimeout\(\s*['"`]/;
    for (const name of files) {
      const hit = forbidden.exec(await readFile(join(root, name), 'utf8'));
      // Tabs of one origin tell each other by storage and BroadcastChannel, which no other site reaches.
      expect(hit?.[0], name).toBeUndefined();
    }
  });
});
