import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, type Page, pause, type ServerUnderTest } from '../contracts/web-protocol/page.ts';
import { type AgentDesk, openDesk } from '../support/agent-desk.ts';
import { signIn, startServer, type TestServer } from '../support/server.ts';

describe('a desk', () => {
  let server: TestServer;
  let door: ServerUnderTest;
  const open: { close(): void }[] = [];
  const desk = async (login: string, options?: Parameters<typeof openDesk>[2]): Promise<AgentDesk> => {
    const opened = await openDesk(server, login, options);
    open.push(opened);
    return opened;
  };
  const page = async (options?: Parameters<typeof openPage>[1]): Promise<Page> => {
    const opened = await openPage(door, options);
    open.push(opened);
    return opened;
  };
  const idle = async (login: string) => {
    const opened = await desk(login);
    expect(await opened.ask('state:set', { state: 'idle' })).toEqual({ ok: true });
    return opened;
  };
  const resumed = async (at: AgentDesk, sessions: Record<string, number> = {}) => {
    const answer = await at.ask('desk:resume', { sessions });
    if (!answer.ok) throw new Error(answer.error.code);
    return answer;
  };

  beforeEach(async () => {
    server = await startServer({ realtime: { customerPatience: 300, deskPatience: 300 } });
    door = {
      url: server.url,
      channel: 'web',
      otherChannel: 'web',
      origin: 'http://localhost:5000',
      secret: '',
      answer: () => Promise.reject(new Error('not used')),
      note: () => Promise.reject(new Error('not used')),
    };
  });
  afterEach(async () => {
    for (const one of open.splice(0)) one.close();
    await server.remove();
  });

  it('is refused without a token, with a wrong one, a visitor’s one, and from a foreign site', async () => {
    const visitor = await page();
    for (const accessToken of ['', 'x', 'a.b.c', visitor.hello.visitor.token]) {
      await expect(openDesk(server, 'ann', { accessToken })).rejects.toMatchObject({ code: 'ACCESS_NOT_SIGNED_IN' });
    }
    for (const origin of ['https://evil.io', 'null', `${server.url}.evil.io`]) {
      await expect(openDesk(server, 'ann', { headers: { origin } })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    }
    await desk('ann', { headers: { origin: server.url } });
  });

  it('gets an offer with the customer’s message, accepts it, and talks', async () => {
    const ann = await idle('ann');
    const visitor = await page();
    const { session } = await visitor.say('my chair squeaks');
    const offer = await ann.fact('offer:made', ({ sessionId }) => sessionId === session.id);
    expect(offer).toMatchObject({
      kind: 'queue',
      queueId: 'support',
      session: {
        state: 'offered',
        unread: 1,
        preview: { text: 'my chair squeaks' },
        may: { accept: true, write: false },
      },
    });
    const accepted = await ann.ask('offer:accept', { session: session.id });
    expect(accepted).toMatchObject({ ok: true, session: { state: 'active', may: { write: true, close: true } } });
    expect(await ann.fact('offer:ended')).toMatchObject({ offer: offer.id, state: 'accepted' });
    await ann.ask('typing:send', { session: session.id, typing: true });
    expect(await visitor.fact('typing:changed')).toMatchObject({ typing: true, from: { name: 'Ann', role: 'agent' } });
    const clientId = randomUUID();
    const request = { session: session.id, clientId, text: 'which one is it?' };
    const first = await ann.ask('message:send', request);
    const again = await ann.ask('message:send', request);
    expect(first).toMatchObject({ ok: true, activity: { text: 'which one is it?', from: { name: 'Ann' } } });
    expect(again.ok && again.activity.id).toBe(first.ok && first.activity.id);
    await visitor.fact('activity:added', ({ activity }) => activity.clientId === clientId);
    await visitor.say('the red one');
    const told = await ann.activity(({ text }) => text === 'the red one');
    expect(told.prev).toBe(told.activity.seq - 1);
  });

  it('gets what many customers say at once in fewer frames than messages, every session in order', async () => {
    const ann = await idle('ann');
    const pages = await Promise.all([page(), page(), page(), page()]);
    const sessions = await Promise.all(pages.map(async (visitor) => (await visitor.say('hello')).session.id));
    for (const session of sessions) await ann.say(session, 'hello to you');
    const frames = () => ann.facts.filter(({ name }) => name === 'activities:added').length;
    const before = { frames: frames(), activities: ann.activities().length };
    const rounds = 10;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(pages.map((visitor) => visitor.say(`number ${round}`)));
    }
    await Promise.all(
      sessions.map((id) => ann.activity((one) => one.conversation.id === id && one.text === `number ${rounds - 1}`)),
    );
    const told = ann.activities().slice(before.activities);
    for (const id of sessions) {
      const texts = told.filter(({ activity }) => activity.conversation.id === id).map(({ activity }) => activity.text);
      expect(texts).toEqual(Array.from({ length: rounds }, (_, round) => `number ${round}`));
    }
    expect(frames() - before.frames).toBeLessThan(told.length / 2);
  });

  it('has two tabs alike: what one sends the other shows, and it alone', async () => {
    const ann = await idle('ann');
    const visitor = await page();
    const { session } = await visitor.say('hello');
    await ann.say(session.id, 'hello from one');
    const tab = await desk('ann', { accessToken: ann.accessToken });
    await ann.say(session.id, 'seen in the other');
    await tab.activity(({ text }) => text === 'seen in the other');
    await pause(50);
    expect(ann.activities().map(({ activity }) => activity.text)).not.toContain('seen in the other');
  });

  it('gets after an absence what it lacks, and the whole list, in one answer', async () => {
    const ann = await idle('ann');
    const [one, two] = [await page(), await page()];
    const { session } = await one.say('first');
    await ann.say(session.id, 'hello');
    const before = await resumed(ann);
    const upto = before.pages[session.id]?.upto ?? 0;
    ann.close();
    await one.say('while you were away');
    const later = await two.say('a second one');
    await pause(100);
    const back = await desk('ann', { resume: false });
    const after = await resumed(back, { [session.id]: upto });
    expect(after.snapshot.version).toBeGreaterThan(before.snapshot.version);
    expect(after.pages[session.id]?.items.map(({ activity }) => activity.text)).toEqual(['while you were away']);
    expect(after.snapshot.sessions.map(({ id }) => id)).toContain(session.id);
    expect(after.snapshot.me).toMatchObject({ name: 'Ann', role: 'agent', queues: ['support'] });
    const whole = await resumed(back);
    const offered = whole.snapshot.offers.find(({ sessionId }) => sessionId === later.session.id);
    expect(offered).toBeDefined();
  });

  it('learns what another agent does without asking', async () => {
    const [ann, bo, sue] = [await idle('ann'), await desk('bo'), await desk('sue')];
    const visitor = await page();
    const { session } = await visitor.say('for ann');
    expect(await sue.fact('session:changed', ({ id }) => id === session.id)).toMatchObject({ may: { write: false } });
    await ann.say(session.id, 'mine');
    expect(await sue.fact('session:removed')).toEqual({ session: session.id });
    await bo.fact('agent:changed', ({ name, load }) => name === 'Ann' && load === 1);
    await bo.ask('state:set', { state: 'idle' });
    const me = await resumed(bo);
    const target = me.snapshot.me.id;
    await ann.ask('session:transfer', { session: session.id, agent: target, note: 'knows chairs' });
    const offer = await bo.fact('offer:made', ({ kind }) => kind === 'transfer');
    expect(offer).toMatchObject({ sessionId: session.id, from: { name: 'Ann' }, note: 'knows chairs' });
    expect(await bo.ask('offer:accept', { session: session.id })).toMatchObject({ ok: true });
    expect(await ann.fact('session:removed')).toEqual({ session: session.id });
    const refused = await ann.ask('message:send', { session: session.id, clientId: 'late', text: 'too late' });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/ACCESS_DENIED|SESSION_NOT_YOURS/) },
    });
    await visitor.fact('session:changed', ({ agent }) => agent?.name === 'Bo');
  });

  it('never sees a session of another queue, on any request', async () => {
    const ann = await idle('ann');
    const cy = await idle('cy');
    const visitor = await page();
    const { session } = await visitor.say('for support only');
    await ann.say(session.id, 'hello');
    const attempts: [string, unknown][] = [
      ['activities:read', { session: session.id, after: 0 }],
      ['message:send', { session: session.id, clientId: 'x', text: 'x' }],
      ['message:send', { session: session.id, clientId: 'y', text: 'x', audience: 'staff' }],
      ['receipt:send', { session: session.id, read: 1 }],
      ['typing:send', { session: session.id, typing: true }],
      ['offer:accept', { session: session.id }],
      ['offer:decline', { session: session.id }],
      ['session:transfer', { session: session.id, queue: 'sales' }],
      ['session:close', { session: session.id, reason: 'spam' }],
    ];
    for (const [name, request] of attempts) {
      expect(await cy.askAnything(name, request), name).toMatchObject({
        ok: false,
        error: { code: 'SESSION_NOT_FOUND' },
      });
    }
    const answer = await resumed(cy, { [session.id]: 0 });
    expect(answer.pages).toEqual({});
    await visitor.say('more');
    await pause(200);
    expect(JSON.stringify(cy.facts)).not.toContain(session.id);
  });

  it('answers unknown, invalid and over-large requests as errors and goes on', async () => {
    const ann = await desk('ann');
    const invalid = { ok: false, error: { code: 'REQUEST_INVALID' } };
    for (const [name, ...args] of [
      ['nope', {}],
      ['toString', {}],
      ['desk:resume', null],
      ['desk:resume', { sessions: { x: 1 } }],
      ['state:set', { state: 'king' }],
      ['state:set', { state: 'idle', role: 'administrator' }],
      ['session:close', { session: 'ses_1', reason: 'resolved' }],
    ] as [string, ...unknown[]][]) {
      expect(await ann.askAnything(name, ...args), name).toMatchObject(invalid);
    }
    expect(await ann.askAnything('state:set', 'x'.repeat(150_000))).toMatchObject({
      error: { code: 'CHANNEL_EVENT_TOO_LARGE' },
    });
    expect(await ann.ask('state:set', { state: 'busy' })).toEqual({ ok: true });
  });

  it('tells a waiting customer their place as others leave the queue', async () => {
    const [first, second] = [await page(), await page()];
    const one = await first.say('first in line');
    const two = await second.say('second in line');
    expect(one.session.position).toBe(1);
    expect(two.session.position).toBe(2);
    await first.ask('session:close', { session: one.session.id });
    expect(await second.fact('session:changed', ({ position }) => position === 1)).toMatchObject({ state: 'queued' });
  });

  it('is told when the customer’s page goes and comes back, not when it changes', async () => {
    const ann = await idle('ann');
    const visitor = await page();
    const { session } = await visitor.say('hello');
    await ann.say(session.id, 'hello');
    visitor.close();
    const next = await page({ token: visitor.hello.visitor.token });
    await pause(500);
    expect(ann.facts.some(({ payload }) => (payload as { goneSince?: string }).goneSince !== undefined)).toBe(false);
    next.close();
    await ann.fact('session:changed', ({ goneSince }) => goneSince !== undefined);
    ann.facts.splice(0);
    await page({ token: visitor.hello.visitor.token });
    await ann.fact('session:changed', ({ id, goneSince }) => id === session.id && goneSince === undefined);
  });

  it('ends within five seconds of signing out', async () => {
    const response = await fetch(`${server.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'bo', password: 'correct horse battery bo' }),
    });
    const { accessToken } = (await response.json()) as { accessToken: string };
    const bo = await desk('bo', { accessToken });
    const other = await desk('bo', { accessToken: await signIn(server, 'bo') });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const started = performance.now();
    const ended = await fetch(`${server.url}/api/v1/tokens/current`, {
      method: 'DELETE',
      headers: { cookie, origin: server.url, authorization: `Bearer ${accessToken}` },
    });
    expect(ended.ok).toBe(true);
    await bo.fact('access:revoked');
    await bo.gone();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await other.ask('state:set', { state: 'busy' })).toEqual({ ok: true });
  });

  it('and its customers connect again to a restarted server and lack nothing', async () => {
    const ann = await idle('ann');
    const visitor = await page();
    const { session } = await visitor.say('before the restart');
    await ann.say(session.id, 'still here');
    const ended = visitor.fact('ended');
    const sent: Promise<unknown>[] = [];
    const texts: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const text = `while closing ${index}`;
      sent.push(
        visitor.say(text).then(
          () => texts.push(text),
          () => undefined,
        ),
      );
    }
    await server.restart();
    expect(await ended).toEqual({ reason: 'shutting-down' });
    await Promise.all(sent);
    door = { ...door, url: server.url };
    const back = await page({ token: visitor.hello.visitor.token, cursor: { [session.id]: 0 } });
    const stored = (back.hello.pages[session.id]?.items ?? []).map(({ activity }) => activity.text);
    for (const text of texts) expect(stored.filter((one) => one === text)).toHaveLength(1);
    const again = await desk('ann');
    const answer = await resumed(again, { [session.id]: 0 });
    expect(answer.snapshot.sessions).toMatchObject([{ id: session.id, state: 'active' }]);
  });
});
