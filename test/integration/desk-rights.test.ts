import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestName } from '../../adapters/web/protocol.ts';
import { requestSchemas } from '../../adapters/web/schema.ts';
import { createAccessTokens } from '../../channel-server/access/access-tokens.ts';
import { createVisitorTokens } from '../../channel-server/access/visitor-tokens.ts';
import type { DeclaredInput } from '../../channel-server/config/declared-file.ts';
import type { DeskRequests } from '../../channel-server/protocol/desk.ts';
import { deskSchemas } from '../../channel-server/realtime/desk-schema.ts';
import { systemClock } from '../../channel-server/runtime.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { openPage, type Page, pause, type ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { sendFile } from '../support/operated-company.ts';
import { passwordOf, signIn, smallCompany, startServer, type TestServer } from '../support/server.ts';
import { silentLog } from '../support/silent-log.ts';

const secret = 'the secret of this installation of the tests';
const two = {
  tenants: [...smallCompany.tenants, { id: 'other', name: 'Other Ltd' }],
  queues: [...smallCompany.queues, { tenant: 'other', id: 'theirs', name: 'Theirs' }],
  accounts: [
    ...smallCompany.accounts,
    { tenant: 'other', login: 'oda', name: 'Oda', role: 'agent', password: passwordOf('oda'), queues: ['theirs'] },
    { tenant: 'other', login: 'otto', name: 'Otto', role: 'administrator', password: passwordOf('otto') },
  ],
  channels: [
    ...smallCompany.channels,
    { id: 'web-sales', type: 'web', name: 'Sales', queue: 'sales', settings: { anyLoopbackOrigin: true } },
    {
      tenant: 'other',
      id: 'their-web',
      type: 'web',
      name: 'Theirs',
      queue: 'theirs',
      settings: { anyLoopbackOrigin: true },
    },
  ],
} satisfies DeclaredInput;

/** A conversation of one customer with one agent, with a file in it. */
interface Conversation {
  page: Page;
  desk: AgentDesk;
  session: string;
  media: string;
  /** Reads everything of its tenant. */
  administrator: string;
}

let server: TestServer;
/** What Ann has; what her colleague of another queue has; what another company has. */
let mine: Conversation;
let colleagues: Conversation;
let theirs: Conversation;
/** Another visitor of Ann's channel, waiting. */
let neighbour: Page;
let near: string;
const open: { close(): void }[] = [];

const door = (channel: string): ServerUnderTest => {
  const unused = () => Promise.reject(new Error('not used'));
  return {
    url: server.url,
    channel,
    otherChannel: channel,
    origin: 'http://localhost:5000',
    secret: '',
    answer: unused,
    note: unused,
  };
};
const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

async function converse(login: string, channel: string, administrator: string): Promise<Conversation> {
  const desk = await openDesk(server, login);
  await desk.ask('state:set', { state: 'idle' });
  const page = await openPage(door(channel));
  open.push(desk, page);
  const { session } = await page.say(`hello ${login}`);
  await desk.say(session.id, 'good day');
  const token = await signIn(server, administrator);
  const { id: media } = await sendFile(server.url, token, session.id);
  return { page, desk, session: session.id, media, administrator: token };
}

beforeAll(async () => {
  server = await startServer({ declared: two, env: { FOYER_SECRET_KEY: secret } });
  mine = await converse('ann', 'web', 'ada');
  colleagues = await converse('cy', 'web-sales', 'ada');
  theirs = await converse('oda', 'their-web', 'otto');
  neighbour = await openPage(door('web'));
  open.push(neighbour);
  near = (await neighbour.say('I am next door')).session.id;
  await pause(500);
});
afterAll(async () => {
  for (const one of open) one.close();
  await server.remove();
});

const noSession = `ses_${'0'.repeat(32)}`;
const noMedia = `med_${'0'.repeat(32)}`;
/** What is no id at all. */
const garbage: unknown[] = [
  '',
  'x',
  '../..',
  '__proto__',
  'constructor',
  `ses_${'A'.repeat(32)}`,
  `${noSession} `,
  `ses_${'0'.repeat(10_000)}`,
  '\u0000',
  "' or 1=1 --",
  0,
  -1,
  null,
  true,
  [],
  {},
  [noSession],
];

type DeskAttempts = { [Name in keyof DeskRequests]: (session: never) => Record<string, unknown>[] };
/** Every request of a desk that names a session; a new one is an error of types here until it is written down. */
const deskAttempts: DeskAttempts = {
  'desk:resume': () => [],
  'activities:read': (session) => [{ session, after: 0 }],
  'message:send': (session) => [
    { session, clientId: randomUUID(), text: 'x' },
    { session, clientId: randomUUID(), text: 'x', audience: 'staff' },
    { session, clientId: randomUUID(), attachments: [{ contentUrl: `media:${mine.media}` }] },
  ],
  'receipt:send': (session) => [{ session, delivered: 1, read: 1 }],
  'typing:send': (session) => [{ session, typing: true }],
  'state:set': () => [],
  'offer:accept': (session) => [{ session }],
  'offer:decline': (session) => [{ session }],
  'session:transfer': (session) => [
    { session, queue: 'support' },
    { session, agent: 'acc_x' },
  ],
  'session:close': (session) => [{ session, reason: 'spam' }],
  'media:resolve': () => [],
};
type CustomerAttempts = { [Name in RequestName]: (session: never) => Record<string, unknown>[] };
const customerAttempts: CustomerAttempts = {
  'message:send': () => [],
  'activities:read': (session) => [{ session, after: 0 }],
  'session:resume': (session) => [{ cursor: { [session]: 0 } }],
  'receipt:send': (session) => [{ session, delivered: 1, read: 1 }],
  'typing:send': (session) => [{ session, typing: true }],
  'page:send': () => [],
  'identity:send': () => [],
  'identity:describe': () => [],
  'visitor:logout': () => [],
  'session:close': (session) => [{ session }],
  'session:rate': (session) => [{ session, score: 1 }],
  'media:resolve': () => [],
};

/** Everything the store tells about a conversation to who may know all of it. */
async function whole({ session, administrator }: Conversation): Promise<unknown> {
  const read = async (path: string) => {
    const answer = await fetch(`${server.url}/api/v1/sessions/${session}${path}`, {
      headers: headersOf(administrator),
    });
    expect(answer.status).toBe(200);
    return JSON.parse((await answer.text()).replaceAll(/\?r=[^"]*/g, '')) as unknown;
  };
  return [await read(''), await read('/activities?after=0')];
}

/** Run attempts; then nothing may have changed, and nobody else may have been told anything. */
async function harmless(attempts: () => Promise<void>): Promise<void> {
  const others = [colleagues, theirs];
  await pause(100);
  const before = await Promise.all(others.map(whole));
  const heard = others.map(({ page, desk }) => [page.facts.length, desk.facts.length]);
  await attempts();
  await pause(300);
  expect(await Promise.all(others.map(whole))).toEqual(before);
  expect(others.map(({ page, desk }) => [page.facts.length, desk.facts.length])).toEqual(heard);
}

describe('an agent', () => {
  it('has a line here for every request of the desk', () => {
    expect(Object.keys(deskAttempts).sort()).toEqual(Object.keys(deskSchemas).sort());
  });

  it.each(Object.keys(deskAttempts) as (keyof DeskRequests)[])(
    'gets the same answer to %s for a session out of reach as for none',
    async (name) => {
      await harmless(async () => {
        for (const session of [noSession, colleagues.session, theirs.session]) {
          for (const request of deskAttempts[name](session as never)) {
            expect(await mine.desk.askAnything(name, request), JSON.stringify(request)).toEqual({
              ok: false,
              error: { code: 'SESSION_NOT_FOUND', message: 'There is no such session.', retryable: false },
            });
          }
        }
        for (const session of garbage) {
          for (const request of deskAttempts[name](session as never)) {
            const answer = await mine.desk.askAnything(name, request);
            expect(answer, JSON.stringify(request).slice(0, 100)).toMatchObject({
              ok: false,
              error: { code: 'REQUEST_INVALID' },
            });
          }
        }
      });
    },
  );

  it('is given nothing of sessions out of reach when resuming', async () => {
    await harmless(async () => {
      const sessions = { [noSession]: 0, [colleagues.session]: 0, [theirs.session]: 0, [mine.session]: 0 };
      const answer = await mine.desk.ask('desk:resume', { sessions });
      if (!answer.ok) throw new Error(answer.error.code);
      // The neighbour rings at this desk.
      expect(Object.keys(answer.pages).sort()).toEqual([mine.session, near].sort());
      const text = JSON.stringify(answer);
      for (const hidden of [colleagues.session, theirs.session, 'theirs', 'Oda', 'Otto'])
        expect(text).not.toContain(hidden);
      for (const session of garbage) {
        // JSON's "__proto__" is no entry once it is checked.
        if (typeof session !== 'string' || session === '__proto__') continue;
        const refused = await mine.desk.askAnything('desk:resume', {
          sessions: JSON.parse(`{${JSON.stringify(session)}: 0}`),
        });
        expect(refused, session.slice(0, 50)).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
      }
    });
  });

  it('can neither see nor send files out of reach', async () => {
    await harmless(async () => {
      for (const id of [noMedia, colleagues.media, theirs.media]) {
        expect(await mine.desk.ask('media:resolve', { ids: [id] })).toEqual({
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.', retryable: false },
        });
        const sent = await mine.desk.ask('message:send', {
          session: mine.session,
          clientId: randomUUID(),
          attachments: [{ contentUrl: `media:${id}` }],
        });
        expect(sent).toMatchObject({
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.' },
        });
      }
      const some = await mine.desk.ask('media:resolve', { ids: [noMedia, theirs.media, mine.media, colleagues.media] });
      expect(some).toMatchObject({ ok: true, media: [{ id: mine.media }] });
      for (const id of garbage) {
        expect(await mine.desk.askAnything('media:resolve', { ids: [id] })).toMatchObject({
          ok: false,
          error: { code: 'REQUEST_INVALID' },
        });
      }
    });
  });

  it('can transfer to nobody and nowhere of another company', async () => {
    const other = await fetch(`${server.url}/api/v1/agents`, { headers: headersOf(theirs.administrator) });
    const { items } = (await other.json()) as { items: { id: string; name: string }[] };
    const oda = items.find(({ name }) => name === 'Oda')?.id ?? '';
    expect(oda).toMatch(/^acc_/);
    await harmless(async () => {
      const before = await whole(mine);
      const answers = async (target: Record<string, unknown>) => {
        const answer = await mine.desk.askAnything('session:transfer', { session: mine.session, ...target });
        expect(answer.ok).toBe(false);
        return answer.error;
      };
      expect(await answers({ queue: 'theirs' })).toEqual(await answers({ queue: 'no-such-queue' }));
      expect(await answers({ queue: 'theirs' })).toMatchObject({ code: 'ROUTING_QUEUE_NOT_FOUND' });
      expect(await answers({ agent: oda })).toEqual(await answers({ agent: `acc_${'0'.repeat(32)}` }));
      expect(await answers({ agent: oda })).toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
      for (const name of ['__proto__', 'constructor', '../x', "' or 1=1 --"]) {
        expect(await answers({ queue: name })).toMatchObject({ code: 'ROUTING_QUEUE_NOT_FOUND' });
        expect(await answers({ agent: name })).toMatchObject({ code: 'ROUTING_AGENT_NOT_FOUND' });
      }
      expect(await whole(mine)).toEqual(before);
    });
  });
});

describe('a customer', () => {
  it('has a line here for every request of the protocol', () => {
    expect(Object.keys(customerAttempts).sort()).toEqual(Object.keys(requestSchemas).sort());
  });

  it.each(Object.keys(customerAttempts) as RequestName[])(
    'gets the same answer to %s for another’s session as for none',
    async (name) => {
      const heard = neighbour.facts.length;
      await harmless(async () => {
        for (const session of [noSession, near, colleagues.session, theirs.session]) {
          for (const request of customerAttempts[name](session as never)) {
            expect(await mine.page.askAnything(name, request), JSON.stringify(request)).toEqual({
              ok: false,
              error: { code: 'SESSION_NOT_FOUND', message: 'There is no such session.', retryable: false },
            });
          }
        }
        for (const session of garbage) {
          // A cursor's keys are texts.
          if (name === 'session:resume' && (typeof session !== 'string' || session === '__proto__')) continue;
          for (const request of customerAttempts[name](session as never)) {
            expect(await mine.page.askAnything(name, request), JSON.stringify(request).slice(0, 100)).toMatchObject({
              ok: false,
              error: { code: 'CHANNEL_EVENT_INVALID' },
            });
          }
        }
      });
      expect(neighbour.facts.length, 'the neighbour heard nothing of it').toBe(heard);
    },
  );

  it('can neither see nor send the files of others, nor read their sessions when connecting', async () => {
    await harmless(async () => {
      for (const id of [noMedia, mine.media, colleagues.media, theirs.media]) {
        const refusal = {
          ok: false,
          error: { code: 'MEDIA_NOT_FOUND', message: 'There is no such media.', retryable: false },
        };
        expect(await mine.page.ask('media:resolve', { ids: [id] })).toEqual(refusal);
        const sent = await mine.page.ask('message:send', {
          clientId: randomUUID(),
          attachments: [{ contentUrl: `media:${id}` }],
        });
        expect(sent).toEqual(refusal);
      }
      const cursor = { [theirs.session]: 0, [colleagues.session]: 0, [noSession]: 0 };
      const again = await openPage(door('web'), { token: mine.page.hello.visitor.token, cursor });
      open.push(again);
      expect(Object.keys(again.hello.pages)).toEqual([mine.session]);
      expect(again.hello.sessions.map(({ id }) => id)).toEqual([mine.session]);
      again.close();
    });
  });
});

describe('a token', () => {
  const clockAt = (at: number) => ({ ...systemClock, now: () => at });
  const claims = async () => {
    const me = await fetch(`${server.url}/api/v1/me`, { headers: headersOf(mine.desk.accessToken) });
    const { id: accountId } = (await me.json()) as { id: string };
    const [, payload = ''] = mine.desk.accessToken.split('.');
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string };
    return { accountId, tenantId: 'default', signIn: sid };
  };

  it('of the right account opens a desk only when this installation made it, for this, and lately', async () => {
    const now = Date.now();
    const known = await claims();
    const made = (key: string, at: number) =>
      createAccessTokens(Buffer.from(key), clockAt(at)).make({ ...known, madeAt: at });
    await (await openDesk(server, 'ann', { accessToken: await made(secret, now) })).close();
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${mine.desk.accessToken.split('.')[1]}.`;
    const otherTenant = await createAccessTokens(Buffer.from(secret), clockAt(now)).make({
      ...known,
      tenantId: 'other',
      madeAt: now,
    });
    const refused: Record<string, string> = {
      none: '',
      garbage: 'x.y.z',
      expired: await made(secret, now - 301_000),
      'of another installation': await made('the secret of a wholly other installation', now),
      unsigned,
      'of a visitor': mine.page.hello.visitor.token,
      'signed with the bare secret': await new SignJWT({ ten: 'default', sid: known.signIn, ms: now })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(known.accountId)
        .setIssuer('foyer')
        .setAudience('staff')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(Buffer.from(secret)),
      'for another tenant': otherTenant,
    };
    for (const [what, accessToken] of Object.entries(refused)) {
      await expect(openDesk(server, 'ann', { accessToken }), what).rejects.toMatchObject({
        code: 'ACCESS_NOT_SIGNED_IN',
      });
      const answer = await fetch(`${server.url}/api/v1/sessions`, { headers: headersOf(accessToken) });
      expect(answer.status, what).toBe(401);
    }
  });

  it('of a visitor opens a page only when this installation made it, for this channel, and of a visitor', async () => {
    const { id } = mine.page.hello.visitor;
    const visitor = { id, tenantId: 'default', channelId: 'web' };
    const tokens = (key: string, at = Date.now()) =>
      createVisitorTokens({
        accounts: { visitorRevoked: async () => false },
        unitOfWork: { commit: async () => ({ outcome: 'applied', appended: [] }) },
        signals: createSignalBus(silentLog()),
        clock: clockAt(at),
        secret: Buffer.from(key),
      });
    const good = await openPage(door('web'), { token: await tokens(secret).issue(visitor) });
    expect(good.hello.visitor).toMatchObject({ id, fresh: false });
    good.close();
    const refused: Record<string, string> = {
      garbage: 'x.y.z',
      expired: await tokens(secret, Date.now() - 500 * 24 * 3_600_000).issue(visitor),
      'of another installation': await tokens('the secret of a wholly other installation').issue(visitor),
      'of staff': mine.desk.accessToken,
      'of another channel': await tokens(secret).issue({ ...visitor, channelId: 'web-sales' }),
      'of another tenant': await tokens(secret).issue({ ...visitor, tenantId: 'other' }),
    };
    for (const [what, token] of Object.entries(refused)) {
      await expect(openPage(door('web'), { token }), what).rejects.toMatchObject({ code: 'CHANNEL_TOKEN_INVALID' });
    }
  });
});
