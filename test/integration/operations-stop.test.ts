import { randomBytes, randomUUID } from 'node:crypto';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Activity } from '../../adapters/contract/index.ts';
import { openPage, pause } from '../contracts/web-protocol/page.ts';
import { openDesk } from '../support/agent-desk.ts';
import { addressOfFile, type OperatedCompany, operatedCompany, sendFile } from '../support/operated-company.ts';
import { operate } from '../support/operator.ts';
import { agentDesk, until, visitorPage } from '../support/people.ts';
import { passwordOf, signIn, smallCompany } from '../support/server.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

/** Below this a container engine's ten seconds are kept. */
const drainTime = 10_000;

let company: OperatedCompany;
beforeEach(async () => {
  company = await operatedCompany(smallCompany);
});
afterEach(() => company.remove());

const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

async function readLog(url: string, token: string, session: string): Promise<Activity[]> {
  const log: Activity[] = [];
  for (;;) {
    const after = log.at(-1)?.seq ?? 0;
    const answer = await fetch(`${url}/api/v1/sessions/${session}/activities?after=${after}`, {
      headers: headersOf(token),
    });
    const { items } = (await answer.json()) as { items: Activity[] };
    if (items.length === 0) return log;
    // Addresses of files are made for each answer.
    const lasting = ({ attachments, ...activity }: Activity): Activity => ({
      ...activity,
      ...(attachments === undefined
        ? {}
        : { attachments: attachments.map(({ contentUrl: _, ...one }) => one as (typeof attachments)[number]) }),
    });
    log.push(...items.map(lasting));
  }
}

const begin = (address: string): Promise<{ request: ClientRequest; answer: IncomingMessage }> =>
  new Promise((done, fail) => {
    const request = get(address, (answer) => done({ request, answer }));
    request.once('error', fail);
  });

describe('a server that is told to stop', () => {
  it('answers what is under way, tells its visitors, is not ready meanwhile, and ends with 0', async () => {
    await company.start();
    const page = await openPage(company.door);
    const first = await page.say('the first');
    const desk = await openDesk({ url: company.url }, 'ann');
    const told = page.fact('ended');
    const gone = [page.gone(), desk.gone()];
    const asked = Array.from({ length: 40 }, () => randomUUID());
    const acknowledged: string[] = [];
    for (const clientId of asked) {
      page.ask('message:send', { clientId, text: clientId }).then(
        (answer) => answer.ok && acknowledged.push(clientId),
        () => undefined,
      );
    }
    const statuses: (number | 'refused')[] = [];
    const polling = (async () => {
      while (statuses.at(-1) !== 'refused') {
        const status = await fetch(`${company.url}/readyz`, { headers: { connection: 'close' } }).then(
          (answer) => answer.status,
          () => 'refused' as const,
        );
        statuses.push(status);
      }
    })();
    const { how, took } = await company.stop();
    expect(how).toBe(0);
    expect(took).toBeLessThan(3_000);
    expect(await told).toEqual({ reason: 'shutting-down' });
    await Promise.all([...gone, polling]);
    expect(statuses).toContain(503);
    expect(statuses.slice(statuses.indexOf(503)).filter((status) => status === 200)).toEqual([]);
    page.close();
    desk.close();

    await company.start();
    const token = await signIn({ url: company.url }, 'ada');
    const log = await readLog(company.url, token, first.session.id);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const stored = log.filter(({ type, text }) => type === 'message' && text !== 'the first').map(({ text }) => text);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored, 'what was stored was acknowledged, and nothing else').toEqual(acknowledged);
    expect((await company.stop('SIGINT')).how).toBe(0);
  });

  it('lets a download end that can, and cuts one that cannot, within its time', async () => {
    await company.start();
    const page = await openPage(company.door);
    const { session } = await page.say('please send the catalogue');
    page.close();
    const token = await signIn({ url: company.url }, 'ada');
    const bytes = randomBytes(30_000_000);
    const { id } = await sendFile(company.url, token, session.id, { bytes });
    const address = await addressOfFile(company.url, token, id);

    const { answer } = await begin(address);
    const parts: Buffer[] = [];
    const whole = (async () => {
      for await (const part of answer) {
        parts.push(part as Buffer);
        if (parts.length % 40 === 0) await pause(50);
      }
    })();
    await until('the download has begun', () => parts.length > 2);
    const ending = company.stop();
    await whole;
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(await ending).toMatchObject({ how: 0 });

    await company.start();
    const again = await addressOfFile(company.url, await signIn({ url: company.url }, 'ada'), id);
    const stuck = await begin(again);
    stuck.answer.pause();
    stuck.answer.once('error', () => undefined);
    stuck.request.on('error', () => undefined);
    await pause(200);
    const { how, took } = await company.stop();
    expect(how).toBe(0);
    expect(took).toBeLessThan(drainTime);
    stuck.request.destroy();
  });

  it('does not wait for idle connections, half a request, or a second signal', async () => {
    await company.start();
    const idle = connect(company.port, '127.0.0.1');
    const kept = connect(company.port, '127.0.0.1');
    const half = connect(company.port, '127.0.0.1');
    for (const socket of [idle, kept, half]) socket.on('error', () => undefined);
    kept.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((done) => kept.once('data', done));
    half.write('GET /healthz HTTP/1.1\r\nHost:');
    await pause(100);
    const { child } = company.server;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGTERM'), 20);
    setTimeout(() => child.kill('SIGINT'), 60);
    const { how, took } = await company.stop();
    expect(how).toBe(0);
    expect(took).toBeLessThan(drainTime);
    for (const socket of [idle, kept, half]) socket.destroy();
  });

  it('ends in order also when told while it starts', async () => {
    const server = operate({ FOYER_DATA_DIR: `${company.folder}/early` });
    await until('it speaks', () => server.stdout !== '');
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.stderr).not.toContain('Foyer cannot');
  });
});

describe('a second start', () => {
  it('finds sessions, files and sign-ins as they were', async () => {
    await company.start();
    const page = await openPage(company.door);
    const { session } = await page.say('kept over a restart');
    const { token: visitorToken, id: visitorId } = page.hello.visitor;
    page.close();
    const signedIn = await fetch(`${company.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'ada', password: passwordOf('ada') }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { accessToken } = (await signedIn.json()) as { accessToken: string };
    const { id, bytes } = await sendFile(company.url, accessToken, session.id);
    const before = await readLog(company.url, accessToken, session.id);
    await company.stop();

    await company.start();
    expect(await readLog(company.url, accessToken, session.id), 'the access token goes on').toEqual(before);
    const refreshed = await fetch(`${company.url}/api/v1/tokens/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: '{}',
    });
    expect(refreshed.status).toBe(200);
    const file = await fetch(await addressOfFile(company.url, accessToken, id));
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
    const back = await openPage(company.door, { token: visitorToken });
    expect(back.hello.visitor).toMatchObject({ id: visitorId, fresh: false });
    expect(back.hello.pages[session.id]?.items[0]?.activity.text).toBe('kept over a restart');
    back.close();
    await company.stop();
  });
});

describe('ten restarts while people write', () => {
  it('lose nothing, double nothing and leave no gap', async () => {
    await company.start();
    const line = await tcpProxy({ host: '127.0.0.1', port: company.port }, { ownOrigin: true });
    const url = `http://127.0.0.1:${line.port}`;
    const desk = await agentDesk(url, 'ann', passwordOf('ann'));
    const pages = Array.from({ length: 3 }, () => visitorPage(url));
    try {
      desk.subscribe(() => {
        for (const { sessionId } of desk.store.state.offers) void desk.accept(sessionId).catch(() => undefined);
      });
      const sent: string[][] = pages.map(() => []);
      let writing = true;
      const writers = pages.map(async (page, index) => {
        while (writing) {
          const text = `visitor ${index} message ${sent[index]?.length}`;
          sent[index]?.push(text);
          page.send(text);
          await pause(40 + Math.random() * 60);
        }
      });
      for (let restart = 0; restart < 10; restart += 1) {
        await pause(300 + Math.random() * 300);
        const { how } = await company.stop();
        expect(how).toBe(0);
        await company.start();
        line.target = { host: '127.0.0.1', port: company.port };
      }
      writing = false;
      await Promise.all(writers);
      await until('every outbox is empty', () => pages.every((page) => page.outbox.list().length === 0), 60_000);
      const token = await signIn({ url }, 'ada');
      for (const [index, page] of pages.entries()) {
        const [session, ...more] = page.sessions.sessions;
        expect(more).toEqual([]);
        const log = await readLog(url, token, session?.id ?? '');
        expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
        expect(
          log
            .filter(({ from }) => from.role === 'user')
            .map(({ text }) => text)
            .filter(Boolean),
        ).toEqual(sent[index]);
      }
    } finally {
      for (const page of pages) page.stop();
      desk.stop();
      await line.close();
    }
    expect((await company.stop()).how).toBe(0);
  }, 180_000);
});
