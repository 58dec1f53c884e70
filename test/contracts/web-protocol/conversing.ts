import { describe, expect, it } from 'vitest';
import type { Sequenced } from '../../../adapters/contract/index.ts';
import { openPage, type Page, pause, type ServerUnderTest } from './page.ts';

/** Messages, their order, and coming back. */
export function conversingBehaves(server: () => ServerUnderTest): void {
  const read = async (page: Page, session: string, after = 0) => {
    const answer = await page.ask('activities:read', { session, after });
    if (!answer.ok) throw new Error(answer.error.code);
    return answer;
  };
  const textsOf = (items: readonly Sequenced[]) =>
    items.filter(({ activity }) => activity.type === 'message').map(({ activity }) => activity.text);
  /** Applies `prev` as the protocol says; answers the seq reached. */
  const follow = (items: readonly Sequenced[], from = 0) =>
    items.reduce((at, { activity, prev }) => {
      expect(prev).toBe(at);
      expect(activity.seq).toBeGreaterThan(at);
      return activity.seq;
    }, from);

  describe('a message', () => {
    it('starts a session and is answered as stored, with what the server says of it', async () => {
      const page = await openPage(server());
      const sent = await page.say('hello', 'first-1');
      expect(sent).toMatchObject({
        prev: 0,
        activity: {
          type: 'message',
          text: 'hello',
          seq: 1,
          clientId: 'first-1',
          audience: 'all',
          channel: server().channel,
          channelId: 'web',
          from: { id: page.hello.visitor.id, role: 'user' },
          conversation: { id: sent.session.id },
        },
      });
      expect(Date.parse(sent.activity.timestamp)).not.toBeNaN();
      page.close();
    });

    it('says what its session is when it began it or is a repeat, and not when it only went on in it', async () => {
      const page = await openPage(server());
      const first = await page.ask('message:send', { clientId: 'a-1', text: 'hello' });
      const second = await page.ask('message:send', { clientId: 'a-2', text: 'are you there?' });
      const again = await page.ask('message:send', { clientId: 'a-2', text: 'are you there?' });
      expect(first).toMatchObject({ ok: true, session: { id: expect.stringMatching(/^ses_/) } });
      expect(second).toMatchObject({ ok: true, activity: { text: 'are you there?' } });
      expect(second).not.toHaveProperty('session');
      expect(again).toMatchObject({ ok: true, session: { id: expect.stringMatching(/^ses_/) } });
      page.close();
    });

    it('is stored once, however often it is sent', async () => {
      const page = await openPage(server());
      const answers = await Promise.all([
        page.say('once', 'same'),
        page.say('twice', 'same'),
        page.say('thrice', 'same'),
      ]);
      const again = await openPage(server(), { token: page.hello.visitor.token });
      answers.push(await again.say('after reconnecting', 'same'));
      expect(new Set(answers.map(({ activity }) => activity.id)).size).toBe(1);
      const [answer] = answers;
      const log = await read(page, answer?.session.id ?? '');
      expect(textsOf(log.items)).toEqual(['once']);
      page.close();
      again.close();
    });

    it('of another visitor with the same clientId is another message', async () => {
      const [one, two] = await Promise.all([openPage(server()), openPage(server())]);
      const [a, b] = await Promise.all([one.say('mine', 'shared-id'), two.say('yours', 'shared-id')]);
      expect(a.activity.text).toBe('mine');
      expect(b.activity.text).toBe('yours');
      expect(a.session.id).not.toBe(b.session.id);
      one.close();
      two.close();
    });

    it('keeps its place when many are sent without waiting', async () => {
      const page = await openPage(server());
      const first = await page.say('m0');
      const texts = Array.from({ length: 40 }, (_, index) => `m${index + 1}`);
      await Promise.all(texts.map((text) => page.say(text)));
      const log = await read(page, first.session.id);
      expect(textsOf(log.items)).toEqual(['m0', ...texts]);
      follow(log.items);
      page.close();
    });

    it('reaches the visitor’s other tabs but not the tab that sent it', async () => {
      const page = await openPage(server());
      const tab = await openPage(server(), { token: page.hello.visitor.token });
      await page.say('to all tabs', 'echo-1');
      const echo = await tab.fact('activity:added', ({ activity }) => activity.clientId === 'echo-1');
      expect(echo.activity.text).toBe('to all tabs');
      await pause(100);
      const own = page.facts.filter(
        ({ name, payload }) => name === 'activity:added' && (payload as Sequenced).activity.clientId === 'echo-1',
      );
      expect(own).toEqual([]);
      page.close();
      tab.close();
    });

    it('is answered before any fact it caused', async () => {
      const page = await openPage(server());
      const before = page.facts.length;
      const seen = await new Promise((resolve) => {
        const message = { clientId: 'order', text: 'first' };
        page.socket.emit('message:send', message, () => resolve(page.facts.length));
      });
      expect(seen).toBe(before);
      page.close();
    });
  });

  describe('an agent’s answer', () => {
    it('arrives with the agent’s name, typing and ticks aside, and never a note', async () => {
      const page = await openPage(server());
      const { session } = await page.say('is anybody there?');
      await server().answer(session.id, 'yes, I am');
      const told = await page.fact('activity:added', ({ activity }) => activity.text === 'yes, I am');
      expect(told.activity.from).toMatchObject({ role: 'agent', name: expect.any(String) });
      const changed = await page.fact('session:changed', ({ agent }) => agent !== undefined);
      expect(changed).toMatchObject({ id: session.id, state: 'active' });
      await server().note(session.id, 'a difficult one');
      await server().answer(session.id, 'how can I help?');
      await page.fact('activity:added', ({ activity }) => activity.text === 'how can I help?');
      const log = await read(page, session.id);
      expect(textsOf(log.items)).toEqual(['is anybody there?', 'yes, I am', 'how can I help?']);
      expect(JSON.stringify([log, page.facts])).not.toContain('a difficult one');
      expect(log.items.every(({ activity }) => activity.audience === 'all')).toBe(true);
      // Notes take numbers that this reader never sees; `prev` bridges them.
      follow(log.items);
      page.close();
    });

    it('comes by facts whose prev joins them without a gap', async () => {
      const page = await openPage(server());
      const { session, activity } = await page.say('count with me');
      for (const text of ['one', 'two', 'three']) await server().answer(session.id, text);
      await page.fact('activity:added', (fact) => fact.activity.text === 'three');
      const told = page.facts
        .filter(({ name }) => name === 'activity:added')
        .map(({ payload }) => payload as Sequenced);
      follow(told, activity.seq);
      page.close();
    });

    it('advances the agent’s and the customer’s watermarks, never backwards', async () => {
      const page = await openPage(server());
      const { session } = await page.say('ticks, please');
      await server().answer(session.id, 'here');
      const answer = await page.fact('activity:added', ({ activity }) => activity.text === 'here');
      const { seq } = answer.activity;
      const tab = await openPage(server(), { token: page.hello.visitor.token });
      expect(await page.ask('receipt:send', { session: session.id, delivered: seq, read: seq })).toEqual({ ok: true });
      await tab.fact('receipt:advanced', ({ participant, read: upTo }) => participant.role === 'user' && upTo === seq);
      await page.ask('receipt:send', { session: session.id, read: 1 });
      await page.ask('receipt:send', { session: session.id, read: 1_000_000 });
      const { receipts } = await read(page, session.id);
      const mine = receipts.find(({ participant }) => participant.id === page.hello.visitor.id);
      expect(mine?.read).toBeGreaterThanOrEqual(seq);
      expect(mine?.read).toBeLessThan(1_000_000);
      page.close();
      tab.close();
    });
  });

  describe('coming back', () => {
    it('gets exactly what the cursor lacks', async () => {
      const page = await openPage(server());
      const { session } = await page.say('before');
      await server().answer(session.id, 'seen');
      await page.fact('activity:added', ({ activity }) => activity.text === 'seen');
      const had = await read(page, session.id);
      page.close();
      await server().answer(session.id, 'missed one');
      await server().answer(session.id, 'missed two');
      const back = await openPage(server(), { token: page.hello.visitor.token, cursor: { [session.id]: had.upto } });
      const lacking = back.hello.pages[session.id];
      expect(textsOf(lacking?.items ?? [])).toEqual(['missed one', 'missed two']);
      expect(follow(lacking?.items ?? [], had.items.at(-1)?.activity.seq ?? 0)).toBeLessThanOrEqual(lacking?.upto ?? 0);
      const same = await back.ask('session:resume', { cursor: { [session.id]: lacking?.upto ?? 0 } });
      expect(same.ok && same.pages[session.id]?.items).toEqual([]);
      back.close();
    });

    it('with nothing kept gets the newest session whole enough to begin with', async () => {
      const page = await openPage(server());
      const { session } = await page.say('hello again');
      const back = await openPage(server(), { token: page.hello.visitor.token });
      expect(back.hello.sessions).toMatchObject([{ id: session.id }]);
      expect(textsOf(back.hello.pages[session.id]?.items ?? [])).toEqual(['hello again']);
      page.close();
      back.close();
    });

    it('is not stopped by a cursor of somebody else’s session, and gets nothing of it', async () => {
      const other = await openPage(server());
      const { session } = await other.say('not yours');
      const page = await openPage(server(), { cursor: { [session.id]: 0, [`ses_${'0'.repeat(32)}`]: 3 } });
      expect(page.hello.pages).toEqual({});
      const back = await openPage(server(), { token: page.hello.visitor.token, cursor: { [session.id]: 0 } });
      expect(back.hello).toMatchObject({ pages: {}, sessions: [] });
      for (const one of [other, page, back]) one.close();
    });

    it('reads a long log page by page', async () => {
      const page = await openPage(server());
      const first = await page.say('t0');
      for (let batch = 0; batch < 3; batch += 1) {
        await Promise.all(Array.from({ length: 10 }, (_, index) => page.say(`t${batch * 10 + index + 1}`)));
      }
      const texts: (string | undefined)[] = [];
      let after = 0;
      for (let turn = 0; turn < 20; turn += 1) {
        const answer = await page.ask('activities:read', { session: first.session.id, after, limit: 7 });
        if (!answer.ok) throw new Error(answer.error.code);
        expect(answer.items.length).toBeLessThanOrEqual(7);
        texts.push(...textsOf(answer.items));
        if (answer.upto === after) break;
        after = answer.upto;
      }
      expect(texts).toEqual(Array.from({ length: 31 }, (_, index) => `t${index}`));
      page.close();
    });
  });

  describe('ending', () => {
    it('closes the session for everybody, rates it, and goes on in the same one soon after', async () => {
      const page = await openPage(server());
      const { session } = await page.say('thank you, bye');
      const closed = await page.ask('session:close', { session: session.id });
      expect(closed).toMatchObject({
        ok: true,
        session: { id: session.id, state: 'closed', closeReason: 'customer-left' },
      });
      expect(await page.ask('session:rate', { session: session.id, score: 5, comment: 'quick' })).toEqual({ ok: true });
      const more = await page.say('one more thing');
      expect(more.session.id).toBe(session.id);
      expect(more.session.state).not.toBe('closed');
      page.close();
    });
  });
}
