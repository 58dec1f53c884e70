import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Page } from '../contracts/web-protocol/page.ts';
import { bytes, doorOf, key, rest, uploadFile } from '../support/attack.ts';
import { httpHouse } from '../support/http-house.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const open: Page[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const page of open) page.close();
  await server.remove();
});

const page = async (options: Parameters<typeof openPage>[1] = {}) => {
  const opened = await openPage(doorOf(server), options);
  open.push(opened);
  return opened;
};
const addressOf = async (at: Page, id: string) => {
  const answer = await at.ask('media:resolve', { ids: [id] });
  if (!answer.ok) throw new Error(answer.error.code);
  return new URL(answer.media[0]?.url ?? '', server.url).href;
};

/** A visitor who sent a file. */
async function sent(content: BlobPart, name?: string) {
  const visitor = await page();
  const id = await uploadFile(server, visitor.hello.visitor.token, content, name);
  const answer = await visitor.ask('message:send', { clientId: key(), attachments: [{ contentUrl: `media:${id}` }] });
  if (!answer.ok) throw new Error(answer.error.code);
  return { visitor, id, session: answer.activity.conversation.id };
}

describe('an address of a file', () => {
  it('is dead at once when its visitor logs out, and so is the token that could renew it', async () => {
    const { visitor, id } = await sent('shared computer');
    const address = await addressOf(visitor, id);
    expect(await (await fetch(address)).text()).toBe('shared computer');
    const { token } = visitor.hello.visitor;
    await visitor.ask('visitor:logout', {});
    expect((await fetch(address)).status).toBe(404);
    expect((await rest(server, 'GET', `/api/v1/media/${id}`, { token })).status).toBe(401);
    await expect(uploadFile(server, token, 'more')).rejects.toThrow();
  });

  it('works for the person it was signed for and for nobody else', async () => {
    const { id } = await sent('for the agent');
    const sue = await signIn(server, 'sue');
    const { url } = (await rest(server, 'GET', `/api/v1/media/${id}`, { token: sue })).json;
    expect((await fetch(url)).status).toBe(200);
    // The agent of another queue has no address to begin with, and cannot use somebody else's as their own.
    const cy = await signIn(server, 'cy');
    expect((await rest(server, 'GET', `/api/v1/media/${id}`, { token: cy })).status).toBe(404);
    const { r } = Object.fromEntries(new URL(url).searchParams);
    const me = (await rest(server, 'GET', '/api/v1/me', { token: cy })).json;
    const forged = new URL(url);
    forged.searchParams.set('r', (r ?? '').replace(/acc_\w+/, me.id));
    expect(forged.href).not.toBe(url);
    expect((await fetch(forged)).status).toBe(404);
  });

  it('names the host its own asker named, never one that another asker named', async () => {
    const { id } = await sent('hosts');
    const token = await signIn(server, 'ada');
    const ask = async (host: string) => {
      const head = `GET /api/v1/media/${id} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n`;
      const { answer } = await bytes(server, `${head}connection: close\r\n\r\n`);
      return answer;
    };
    const poisoned = await ask('evil.example');
    expect(poisoned).toMatch(/cache-control: [^\r]*no-store/i);
    expect(poisoned).toContain('"url":"http://evil.example/media/');
    const own = await ask('chat.example:8080');
    expect(own).toContain('"url":"http://chat.example:8080/media/');
    expect(own).not.toContain('evil');
    for (const host of ['evil:99999', 'a b', 'x/y', 'me@evil.example', '[::1', '%00', '"><script>', '']) {
      expect(await ask(host), host).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(server.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('with a public address configured never names what a request names', async () => {
    const house = await httpHouse({ publicUrl: 'https://chat.example' });
    const token = await house.tokenOf('one-ada');
    const id = await uploadFile(house, token, 'x');
    const head = `GET /api/v1/media/${id} HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\n`;
    const { answer } = await bytes(house, `${head}authorization: Bearer ${token}\r\nconnection: close\r\n\r\n`);
    expect(answer).toContain('"url":"https://chat.example/media/');
    expect(answer).not.toContain('evil');
    await house.stop();
  });
});

describe('pages of other sites', () => {
  it('can read that they ask too much, and when to try again; their preflights are never held back', async () => {
    const house = await httpHouse({ limits: { requestsPerMinute: 4 } });
    const origin = 'https://shop.example';
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await rest(house, 'POST', '/api/v1/media', { headers: { origin } }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429, 429]);
    const preflight = await rest(house, 'OPTIONS', '/api/v1/media/med_1', {
      headers: { origin, 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.status).toBe(204);
    answers.push(preflight, await rest(house, 'GET', '/media/med_1', { headers: { origin } }));
    expect(answers.at(-1)?.status).toBe(429);
    for (const { status, headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      if (status !== 429) continue;
      expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await house.stop();
  });
});

describe('guesses', () => {
  it('at media ids, with any token or address, all get one answer and are throttled', async () => {
    const house = await httpHouse({ limits: { requestsPerMinute: 60 } });
    const token = await house.visitorToken('one', 'vis_1');
    const bodies = new Set<string>();
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      const id = `med_${i.toString(16).padStart(32, '0')}`;
      const guess =
        i % 2 === 0
          ? await rest(house, 'GET', `/api/v1/media/${id}`, { token })
          : await rest(house, 'GET', `/media/${id}?r=visitor:vis_1&e=99999999999&s=${'A'.repeat(43)}`);
      statuses.push(guess.status);
      bodies.add(`${i % 2} ${guess.text}`);
    }
    expect(new Set(statuses)).toEqual(new Set([404]));
    expect(bodies.size).toBe(2);
    for (let i = 0; i < 30; i++) statuses.push((await rest(house, 'GET', `/media/med_${i}`)).status);
    expect(statuses.at(-1)).toBe(429);
    await house.stop();
  });
});

describe('what is uploaded', () => {
  it.each([
    ['page.png', '<!doctype html><script>alert(1)</script>'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['feed.xml', '<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></x>'],
    ['paper.png', '%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj'],
  ])('%s is never shown inside our pages, whatever it claims to be', async (name, content) => {
    const { visitor, id } = await sent(content, name);
    const response = await fetch(await addressOf(visitor, id));
    const { headers } = response;
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('content-type')).not.toMatch(/html|svg|xml|javascript/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toBe(content);
  });

  it('as an archive stays as it is: nothing is unpacked', async () => {
    // 42 bytes that claim to hold 4 GB.
    const zip = Buffer.alloc(42);
    zip.write('PK\u0003\u0004', 'latin1');
    zip.writeUInt32LE(0xffffffff, 22);
    const { visitor, id } = await sent(zip, 'bomb.zip');
    const response = await fetch(await addressOf(visitor, id));
    expect(Buffer.from(await response.arrayBuffer()).equals(zip)).toBe(true);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  });
});
