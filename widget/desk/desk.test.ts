import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/fake-clock.ts';
import { type DeskLink, type DeskLinkEvents, DeskRequestError } from '../client/desk-link.ts';
import type { ActivityPage, DeskRequests, SessionView } from '../client/desk-protocol.ts';
import { createDesk } from './desk.ts';
import { message, page, sessionView, snapshot } from './desk-samples.ts';

const unreachable = () => new DeskRequestError('DESK_UNREACHABLE', 'away', true);

/** A server of one session that can be away, lose answers and refuse. */
function world(kept = new Map<string, string>()) {
  const clock = fakeClock();
  const asked: { name: string; request: unknown }[] = [];
  const stored: string[] = [];
  let events: DeskLinkEvents | undefined;
  let log: ActivityPage = page('ses_1', [1, 2]);
  let session: SessionView = sessionView({ id: 'ses_1', lastSeq: 2 });
  const server = {
    away: false,
    loseAnswers: 0,
    refuse: undefined as DeskRequestError | undefined,
    grow(seq: number) {
      log = page('ses_1', [...log.items.map(({ activity }) => activity.seq), seq]);
      session = { ...session, lastSeq: seq };
    },
  };
  const link: DeskLink = {
    start(given) {
      events = given;
    },
    stop() {
      events = undefined;
    },
    async request(name, request) {
      asked.push({ name, request });
      if (server.away) throw unreachable();
      const answer = (value: object) => value as never;
      if (name === 'desk:resume') {
        return answer({
          ok: true,
          snapshot: snapshot({ version: clock.now(), sessions: [session] }),
          pages: { ses_1: log },
        });
      }
      if (name === 'activities:read') return answer({ ok: true, ...log });
      if (name === 'message:send') {
        if (server.refuse) throw server.refuse;
        const sent = request as DeskRequests['message:send']['request'];
        if (!stored.includes(sent.clientId)) {
          stored.push(sent.clientId);
          server.grow(session.lastSeq + 1);
        }
        if (server.loseAnswers-- > 0) throw unreachable();
        const activity = { ...message('ses_1', session.lastSeq, sent.text), clientId: sent.clientId };
        return answer({ ok: true, activity, prev: session.lastSeq - 1 });
      }
      return answer({ ok: true });
    },
  };
  let ids = 0;
  /** When it asked whether it is still signed in. */
  const checks: number[] = [];
  const desk = createDesk({
    rest: async () => ({ items: [] }) as never,
    link,
    server: 'http://localhost',
    token: async () => 'token',
    memory: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    clock,
    newId: () => `id${++ids}`,
    account: 'acc_me',
    revoked: () => {},
    refused: () => {},
    check: async () => {
      checks.push(clock.now());
    },
  });
  const sends = () =>
    asked
      .filter(({ name }) => name === 'message:send')
      .map(({ request }) => (request as DeskRequests['message:send']['request']).text);
  return {
    desk,
    clock,
    server,
    asked,
    stored,
    sends,
    kept,
    checks,
    async open() {
      events?.opened();
      await clock.advance(0);
    },
    close: () => events?.closed(),
    fact: (...given: Parameters<DeskLinkEvents['fact']>) => events?.fact(...given),
  };
}

async function running(kept?: Map<string, string>) {
  const all = world(kept);
  all.desk.start();
  await all.open();
  return all;
}

describe('a desk', () => {
  it('asks for everything at each connection, from what it has', async () => {
    const { desk, asked, close, open } = await running();
    expect(desk.store.state.connection).toBe('online');
    close();
    expect(desk.store.state.connection).toBe('reconnecting');
    await open();
    const resumes = asked.filter(({ name }) => name === 'desk:resume').map(({ request }) => request);
    expect(resumes).toEqual([{ sessions: {} }, { sessions: { ses_1: 2 } }]);
  });

  it('asks every 2 s whether it is still signed in while it is not connected, and not otherwise', async () => {
    const { desk, clock, checks, open, close } = world();
    const since = (from: number) => checks.splice(0).map((at) => at - from);
    let from = clock.now();
    desk.start();
    await clock.advance(7_000);
    expect(since(from)).toEqual([2_000, 4_000, 6_000]);
    await open();
    await clock.advance(60_000);
    expect(since(from)).toEqual([]);
    from = clock.now();
    close();
    await clock.advance(5_000);
    expect(since(from)).toEqual([2_000, 4_000]);
    desk.stop();
    await clock.advance(60_000);
    expect(since(from)).toEqual([]);
  });

  it('tries again when the server does not answer the first question', async () => {
    const all = world();
    all.server.away = true;
    all.desk.start();
    await all.open();
    expect(all.desk.store.state.connection).toBe('connecting');
    all.server.away = false;
    await all.clock.advance(10_000);
    expect(all.desk.store.state.connection).toBe('online');
  });

  it('reads what is missing in a log, once', async () => {
    const { desk, server, asked, clock, fact } = await running();
    for (const seq of [3, 4]) server.grow(seq);
    fact({ name: 'activities:added', payload: { items: [{ activity: message('ses_1', 4), prev: 3 }] } });
    await clock.advance(1_000);
    expect(desk.store.state.logs.get('ses_1')?.upto).toBe(4);
    expect(asked.filter(({ name }) => name === 'activities:read')).toHaveLength(1);
  });
});

describe('messages of an agent', () => {
  it('go one after another, each once', async () => {
    const { desk, clock, sends, stored } = await running();
    for (const text of ['a', 'b', 'c']) desk.send('ses_1', { text, note: false });
    await clock.advance(0);
    expect(sends()).toEqual(['a', 'b', 'c']);
    expect(stored).toHaveLength(3);
    expect(desk.outbox.items).toEqual([]);
  });

  it('are sent again under the same id when an answer is lost', async () => {
    const { desk, server, clock, sends, stored } = await running();
    server.loseAnswers = 1;
    desk.send('ses_1', { text: 'a', note: false });
    desk.send('ses_1', { text: 'b', note: false });
    await clock.advance(20_000);
    expect(sends()).toEqual(['a', 'a', 'b']);
    expect(stored).toEqual(['id1', 'id2']);
  });

  it('wait for the connection, over a reload, and keep their order', async () => {
    const before = await running();
    before.close();
    for (const text of ['a', 'b']) before.desk.send('ses_1', { text, note: false });
    await before.clock.advance(60_000);
    expect(before.sends()).toEqual([]);
    const after = await running(before.kept);
    await after.clock.advance(0);
    expect(after.sends()).toEqual(['a', 'b']);
    expect(after.kept.size).toBe(0);
  });

  it('are another person’s on the same browser never', async () => {
    const before = await running();
    before.close();
    before.desk.send('ses_1', { text: 'mine', note: false });
    expect([...before.kept.keys()].every((key) => key.startsWith('foyer-desk:acc_me:'))).toBe(true);
  });

  it('that are refused say why and hold up nothing', async () => {
    const { desk, server, clock, sends } = await running();
    server.refuse = new DeskRequestError('SESSION_NOT_YOURS', 'Not yours.', false);
    desk.send('ses_1', { text: 'a', note: false });
    await clock.advance(0);
    expect(desk.outbox.items).toMatchObject([{ refused: 'Not yours.' }]);
    server.refuse = undefined;
    desk.send('ses_1', { text: 'b', note: false });
    await clock.advance(0);
    expect(desk.outbox.items).toHaveLength(1);
    desk.retry('id1');
    await clock.advance(0);
    expect(sends()).toEqual(['a', 'b', 'a']);
    expect(desk.outbox.items).toEqual([]);
  });
});

describe('a message that the channel refuses', () => {
  const refusal = new DeskRequestError('CHANNEL_REFUSES', 'window-closed', false, undefined, [
    { code: 'window-closed', blocks: true },
  ]);

  it('stands where it was written again, with what was chosen for it, and says why', async () => {
    const { desk, server, clock } = await running();
    server.refuse = refusal;
    const actions = [{ type: 'imBack' as const, title: 'Yes', value: 'Yes' }];
    desk.send('ses_1', { text: 'Still there?', actions, replyTo: 'ses_1.1', note: false });
    await clock.advance(0);
    expect(desk.outbox.items).toEqual([]);
    expect(desk.drafts.get('ses_1')).toEqual({
      text: 'Still there?',
      note: false,
      replies: ['Yes'],
      replyTo: 'ses_1.1',
    });
    expect(desk.refusal('ses_1')).toEqual([{ code: 'window-closed', blocks: true }]);
    server.refuse = undefined;
    desk.send('ses_1', { text: 'Still there?', note: false });
    expect(desk.refusal('ses_1')).toBeUndefined();
  });

  it('stays in sight as not sent when something else is being written, or it holds files', async () => {
    const { desk, server, clock } = await running();
    server.refuse = refusal;
    desk.send('ses_1', { text: 'first', note: false });
    desk.drafts.set('ses_1', { text: 'another', note: false });
    await clock.advance(0);
    expect(desk.drafts.get('ses_1').text).toBe('another');
    expect(desk.outbox.items[0]?.refused).toContain('the customer has to write first');
    desk.drafts.set('ses_1', { text: '', note: false });
    desk.send('ses_1', {
      attachments: [{ contentUrl: 'media:m', name: 'a.pdf', contentType: 'application/pdf' }],
      note: false,
    });
    await clock.advance(0);
    expect(desk.outbox.items).toHaveLength(2);
  });
});

describe('what the customer is told', () => {
  it('a watermark that did not arrive is said again after a reconnection', async () => {
    const { desk, server, asked, clock, close, open } = await running();
    server.away = true;
    desk.read('ses_1', 2);
    await clock.advance(0);
    close();
    server.away = false;
    await open();
    const receipts = asked.filter(({ name }) => name === 'receipt:send').map(({ request }) => request);
    expect(receipts).toEqual([
      { session: 'ses_1', delivered: 2, read: 2 },
      { session: 'ses_1', delivered: 2, read: 2 },
    ]);
  });

  it('typing is said at most every 3 s, and its end once', async () => {
    const { desk, asked, clock } = await running();
    for (const wait of [0, 1_000, 1_000, 1_500]) {
      await clock.advance(wait);
      desk.typing('ses_1', true);
    }
    desk.typing('ses_1', false);
    desk.typing('ses_1', false);
    const said = asked.filter(({ name }) => name === 'typing:send').map(({ request }) => request);
    expect(said).toEqual([
      { session: 'ses_1', typing: true },
      { session: 'ses_1', typing: true },
      { session: 'ses_1', typing: false },
    ]);
  });
});
