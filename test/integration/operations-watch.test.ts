import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, openRaw, pause } from '../contracts/web-protocol/page.ts';
import { openDesk } from '../support/agent-desk.ts';
import { addressOfFile, type OperatedCompany, operatedCompany, sendFile } from '../support/operated-company.ts';
import { passwordOf, signIn, smallCompany } from '../support/server.ts';

let company: OperatedCompany;
const open: { close(): void }[] = [];
beforeEach(async () => {
  company = await operatedCompany(smallCompany);
});
afterEach(async () => {
  for (const one of open.splice(0)) one.close();
  await company.remove();
});

/** The values of a metrics page, by name and labels. */
async function metrics(): Promise<Map<string, number>> {
  const page = await (await fetch(`${company.url}/metrics`)).text();
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('who watches a server', () => {
  it('sees on its metrics what waits, who works, what was stored and how long it took', async () => {
    await company.start();
    const page = await openPage(company.door);
    open.push(page);
    const { session } = await page.say('hello');
    await page.say('is anybody there?');
    const waiting = await metrics();
    expect(waiting.get('foyer_queue_waiting{tenant="default",queue="support"}')).toBe(1);
    expect(waiting.get('foyer_queue_waiting{tenant="default",queue="sales"}')).toBe(0);
    expect(waiting.get('foyer_agents{tenant="default",state="idle"}')).toBe(0);
    expect(waiting.get('foyer_connections{kind="customer"}')).toBe(1);

    const desk = await openDesk({ url: company.url }, 'ann');
    open.push(desk);
    await desk.ask('state:set', { state: 'idle' });
    await desk.say(session.id, 'here I am');
    await desk.askAnything('no:such', {});
    const working = await metrics();
    expect(Object.fromEntries(working)).toMatchObject({
      'foyer_connections{kind="desk"}': 1,
      'foyer_queue_waiting{tenant="default",queue="support"}': 0,
      'foyer_agents{tenant="default",state="idle"}': 1,
      'foyer_messages_stored_total{role="user"}': 2,
      'foyer_messages_stored_total{role="agent"}': 1,
      'foyer_session_events_total{name="offer:made"}': 1,
      'foyer_session_events_total{name="offer:accepted"}': 1,
      'foyer_socket_events_total{outcome="refused"}': 1,
      foyer_timers_overdue_seconds: 0,
    });
    expect(working.get('foyer_commit_duration_seconds_count')).toBeGreaterThan(4);
    expect(working.get('foyer_commit_transactions_sum')).toBeGreaterThan(4);
    expect(
      working.get('foyer_http_request_duration_seconds_count{method="POST",route="/api/v1/tokens",status="200"}'),
    ).toBe(1);
    expect(working.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    const routes = [...working.keys()].filter((name) => name.includes('route='));
    await fetch(`${company.url}/an/invented/address-${Math.random()}`);
    await fetch(`${company.url}/another/one-${Math.random()}`);
    const after = [...(await metrics()).keys()].filter((name) => name.includes('route='));
    expect(after.length - routes.length, 'invented addresses share one route').toBeLessThan(25);
  });

  it('learns from health and readiness, and reads JSON on stderr and words on stdout', async () => {
    await company.start({ FOYER_LOG_LEVEL: 'debug' });
    expect(await (await fetch(`${company.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${company.url}/readyz`)).json()).toEqual({ status: 'ready' });
    await fetch(`${company.url}/api/v1/sessions`);
    expect((await company.stop()).how).toBe(0);
    const lines = company.server.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ method: 'GET', path: '/api/v1/sessions', status: 401, msg: 'request' }),
    );
    expect(company.server.stdout).toBe(
      `Foyer is starting …\nFoyer is ready.\n  Desk     ${company.url}/desk\n  Console  ${company.url}/console\n`,
    );
  });

  it('never reads there what people wrote, who they are, or what lets anybody in', async () => {
    await company.start({ FOYER_LOG_LEVEL: 'debug' });
    const canary = `canary${randomBytes(8).toString('hex')}`;
    const page = await openPage(company.door);
    open.push(page);
    const { session } = await page.say(`${canary} text of a customer`);
    await page.ask('identity:describe', {
      name: `${canary} name`,
      email: `${canary}@example.com`,
      phone: `+${canary}`,
    });
    await page.ask('page:send', { url: `https://shop.example/?token=${canary}`, title: `${canary} title` });
    await page.ask('typing:send', { session: session.id, typing: true });
    const desk = await openDesk({ url: company.url }, 'ann');
    open.push(desk);
    await desk.ask('state:set', { state: 'idle', reason: `${canary} reason` });
    await desk.say(session.id, `${canary} text of an agent`);
    await desk.say(session.id, `${canary} note`, 'staff');
    const token = await signIn({ url: company.url }, 'ada');
    const { id } = await sendFile(company.url, token, session.id, { name: `${canary}.bin` });
    const address = await addressOfFile(company.url, token, id);
    expect((await fetch(address)).status).toBe(200);
    const signature = new URL(address).searchParams.get('s') ?? '';
    expect((await fetch(address.replace(signature, canary))).status).toBeGreaterThanOrEqual(400);

    // What is wrong is described without its values, too.
    const post = (path: string, body: string, headers: Record<string, string> = {}) =>
      fetch(company.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    const said: string[] = [];
    for (const answer of [
      await post('/api/v1/tokens', JSON.stringify({ login: canary, password: canary })),
      await post('/api/v1/tokens', `{"login": "${canary}`),
      await post('/api/v1/tokens', JSON.stringify({ login: 'ada', password: [canary], more: canary })),
      await post('/api/v1/tokens/refresh', '{}', { cookie: `foyer_refresh=${canary}` }),
      await post(`/api/v1/sessions/${session.id}/activities`, JSON.stringify({ text: 3, note: canary }), {
        authorization: `Bearer ${token}`,
      }),
      await fetch(`${company.url}/api/v1/sessions?state=${canary}`, { headers: { authorization: `Bearer ${canary}` } }),
      await fetch(`${company.url}/api/v1/sessions?customer=${canary}&access_token=${canary}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    ]) {
      said.push(await answer.text());
    }
    said.push(JSON.stringify(await page.askAnything('message:send', { clientId: 'bad id', text: { canary } })));
    said.push(JSON.stringify(await page.askAnything(canary, { text: canary })));
    said.push(JSON.stringify(await desk.askAnything('message:send', { session: canary, text: canary })));
    said.push(
      JSON.stringify(await desk.askAnything('session:transfer', { session: session.id, queue: canary, note: canary })),
    );
    await expect(openPage(company.door, { token: canary })).rejects.toThrow();
    await expect(openDesk({ url: company.url }, 'ann', { accessToken: canary })).rejects.toThrow();
    const raw = await openRaw(company.door);
    raw.send(`40/customer,{"version":1,"channel":"${canary}"`);
    raw.send(`42["${canary}"]`);
    await pause(200);
    raw.close();

    said.push(await (await fetch(`${company.url}/metrics`)).text());
    await page.ask('visitor:logout', {});
    await pause(300);
    expect((await company.stop()).how).toBe(0);
    const { stdout, stderr } = company.server;
    expect(stderr.split('\n').length, 'something was logged').toBeGreaterThan(10);
    const secrets = [
      canary,
      signature,
      token,
      desk.accessToken,
      page.hello.visitor.token,
      passwordOf('ann'),
      passwordOf('ada'),
    ];
    for (const secret of secrets) {
      for (const line of `${stdout}${stderr}`.split('\n')) expect(line).not.toContain(secret);
    }
    for (const text of said) expect(text).not.toContain(canary);
  });
});
