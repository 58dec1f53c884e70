import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeskFact } from '../client/desk-link.ts';
import type { Sequenced } from '../client/desk-protocol.ts';
import { agentView, message, offerView, page, sessionView, snapshot } from './desk-samples.ts';
import { createDeskStore, typingLasts, unreadOf } from './desk-store.ts';

const now = Date.parse('2026-11-21T09:00:00.000Z');

function open(sessions = [sessionView({ id: 'ses_1', lastSeq: 0 })], version = 1) {
  const store = createDeskStore();
  store.setConnection('online');
  store.applySnapshot(snapshot({ version, sessions }), {}, now);
  return store;
}

function added(...items: Sequenced[]): DeskFact {
  return { name: 'activities:added', payload: { items } };
}

describe('desk store: snapshots', () => {
  it('replaces everything by a later version', () => {
    const store = open([sessionView({ id: 'ses_1' }), sessionView({ id: 'ses_2' })]);
    store.applySnapshot(snapshot({ version: 2, sessions: [sessionView({ id: 'ses_2' })] }), {}, now);
    expect([...store.state.sessions.keys()]).toEqual(['ses_2']);
  });

  it('does not go back to an earlier version of the same connection', () => {
    const store = open([sessionView({ id: 'ses_1' })], 5);
    store.applySnapshot(snapshot({ version: 4, sessions: [] }), {}, now);
    expect([...store.state.sessions.keys()]).toEqual(['ses_1']);
  });

  it('believes a restarted server that counts from the beginning', () => {
    const store = open([sessionView({ id: 'ses_1' })], 5);
    store.setConnection('reconnecting');
    store.applySnapshot(snapshot({ version: 1, sessions: [] }), {}, now);
    expect(store.state.sessions.size).toBe(0);
  });

  it('keeps facts that arrive before the answer they are newer than', () => {
    const store = open();
    store.awaitSnapshot();
    store.applyFact({ name: 'offer:made', payload: offerView({ id: 'off_1', sessionId: 'ses_9' }) }, now);
    expect(store.state.offers).toHaveLength(0);
    store.applySnapshot(snapshot({ version: 2, offers: [] }), {}, now);
    expect(store.state.offers.map(({ id }) => id)).toEqual(['off_1']);
  });

  it("knows the server's clock", () => {
    const store = createDeskStore();
    store.applySnapshot(snapshot({ now: new Date(now + 90_000).toISOString() }), {}, now);
    expect(store.state.skew).toBe(90_000);
  });

  it('keeps a page that is the whole log, and leaves a newest part alone', () => {
    const store = createDeskStore();
    const sessions = [sessionView({ id: 'ses_1', lastSeq: 2 }), sessionView({ id: 'ses_2', lastSeq: 80 })];
    const newest = page('ses_2', [80]);
    const pages = {
      ses_1: page('ses_1', [1, 2]),
      ses_2: { ...newest, items: newest.items.map((item) => ({ ...item, prev: 79 })) },
    };
    store.applySnapshot(snapshot({ sessions }), pages, now);
    expect(store.cursors()).toEqual({ ses_1: 2 });
    store.openLog('ses_2');
    expect(store.gaps()).toEqual([{ session: 'ses_2', after: 0 }]);
  });

  it('forgets logs of sessions it may no longer see', () => {
    const store = open();
    store.openLog('ses_1');
    store.applySnapshot(snapshot({ version: 2, sessions: [] }), {}, now);
    expect(store.cursors()).toEqual({});
  });
});

describe('desk store: logs', () => {
  it('applies what follows, once', () => {
    const store = open();
    store.openLog('ses_1');
    for (const prev of [0, 0]) {
      store.applyFact(added({ activity: message('ses_1', 1), prev }), now);
    }
    expect(store.state.logs.get('ses_1')?.activities.map(({ seq }) => seq)).toEqual([1]);
  });

  it('takes activities of several sessions from one fact, each into its own log', () => {
    const store = open([sessionView({ id: 'ses_1', lastSeq: 0 }), sessionView({ id: 'ses_2', lastSeq: 4 })]);
    store.openLog('ses_1');
    store.openLog('ses_2');
    store.applyFact(
      added(
        { activity: message('ses_1', 1), prev: 0 },
        { activity: message('ses_2', 5, 'Anyone there?'), prev: 4 },
        { activity: message('ses_1', 2), prev: 1 },
      ),
      now,
    );
    expect(store.state.logs.get('ses_1')?.activities.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(store.gaps()).toEqual([{ session: 'ses_2', after: 0 }]);
    expect(store.state.sessions.get('ses_2')?.preview?.text).toBe('Anyone there?');
  });

  it('asks for what is missing and applies nothing out of order', () => {
    const store = open();
    store.openLog('ses_1');
    store.applyFact(added({ activity: message('ses_1', 3), prev: 2 }), now);
    expect(store.state.logs.get('ses_1')?.activities).toEqual([]);
    expect(store.gaps()).toEqual([{ session: 'ses_1', after: 0 }]);
    store.applyPage('ses_1', page('ses_1', [1, 2, 3]));
    expect(store.gaps()).toEqual([]);
    expect(store.state.logs.get('ses_1')?.activities.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('asks for what a newer session view says exists', () => {
    const store = open([sessionView({ id: 'ses_1', lastSeq: 7 })]);
    store.openLog('ses_1');
    expect(store.gaps()).toEqual([{ session: 'ses_1', after: 0 }]);
    store.applyPage('ses_1', page('ses_1', [1, 4], 7));
    expect(store.gaps()).toEqual([]);
  });

  it('moves watermarks forward only', () => {
    const store = open();
    store.openLog('ses_1');
    const participant = { id: 'vis_1', role: 'user' } as const;
    for (const read of [3, 1]) {
      store.applyFact(
        { name: 'receipt:advanced', payload: { sessionId: 'ses_1', participant, delivered: read, read } },
        now,
      );
    }
    expect(store.state.logs.get('ses_1')?.receipts.get('vis_1')?.read).toBe(3);
  });

  it('ends with the same log whatever the network did to the facts', () => {
    const length = 12;
    const all: Sequenced[] = Array.from({ length }, (_, index) => ({
      activity: message('ses_1', index + 1),
      prev: index,
    }));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('fact' as const), index: fc.nat(length - 1) }),
      fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ kind: fc.constant('snapshot' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = open([sessionView({ id: 'ses_1', lastSeq: 0 })]);
        store.openLog('ses_1');
        let version = 1;
        const readGap = (limit: number) => {
          for (const { session, after } of store.gaps()) {
            const items = all.slice(after, after + limit);
            store.applyPage(session, { items, upto: items.at(-1)?.activity.seq ?? after, receipts: [] });
          }
        };
        for (const each of steps) {
          const sequenced = each.kind === 'fact' ? all[each.index] : undefined;
          if (sequenced) store.applyFact(added(sequenced), now);
          if (each.kind === 'read') readGap(each.limit);
          if (each.kind === 'snapshot') {
            version += 1;
            store.awaitSnapshot();
            const sessions = [sessionView({ id: 'ses_1', lastSeq: length })];
            store.applySnapshot(snapshot({ version, sessions }), {}, now);
          }
          const seqs = store.state.logs.get('ses_1')?.activities.map(({ seq }) => seq) ?? [];
          expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
        }
        store.applySession(sessionView({ id: 'ses_1', lastSeq: length }));
        while (store.gaps().length > 0) readGap(3);
        expect(store.state.logs.get('ses_1')?.activities).toHaveLength(length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('desk store: the list', () => {
  it('shows a new message before the server sends the new view', () => {
    const store = open();
    store.applyFact(added({ activity: message('ses_1', 1, 'Hello'), prev: 0 }), now);
    const view = store.state.sessions.get('ses_1');
    expect(view).toMatchObject({ lastSeq: 1, unread: 1, preview: { text: 'Hello' } });
  });

  it('does not let an overtaken view undo a newer one', () => {
    const store = open([sessionView({ id: 'ses_1', lastSeq: 5, state: 'active' })]);
    store.applyFact(
      { name: 'session:changed', payload: sessionView({ id: 'ses_1', lastSeq: 4, state: 'offered' }) },
      now,
    );
    expect(store.state.sessions.get('ses_1')?.state).toBe('active');
  });

  it('counts as unread only messages of the customer behind the own watermark', () => {
    const store = open();
    store.openLog('ses_1');
    store.applyPage('ses_1', page('ses_1', [1, 2, 3]));
    store.applySession(sessionView({ id: 'ses_1', lastSeq: 3, unread: 3 }));
    const unread = () => unreadOf(store.state, sessionView({ id: 'ses_1', lastSeq: 3, unread: 3 }));
    expect(unread()).toBe(3);
    store.markRead('ses_1', 2);
    expect(unread()).toBe(1);
    store.markRead('ses_1', 3);
    expect(unread()).toBe(0);
  });

  it('drops a session that left, with its log', () => {
    const store = open();
    store.openLog('ses_1');
    store.applyFact({ name: 'session:removed', payload: { session: 'ses_1' } }, now);
    expect(store.state.sessions.size).toBe(0);
    expect(store.cursors()).toEqual({});
  });
});

describe('desk store: offers, agents, typing', () => {
  it('shows one offer per session and takes it away when it ends', () => {
    const store = open();
    store.applyFact({ name: 'offer:made', payload: offerView({ id: 'off_1', sessionId: 'ses_1' }) }, now);
    store.applyFact({ name: 'offer:made', payload: offerView({ id: 'off_2', sessionId: 'ses_1' }) }, now);
    expect(store.state.offers.map(({ id }) => id)).toEqual(['off_2']);
    store.applyFact({ name: 'offer:ended', payload: { offer: 'off_1', session: 'ses_1', state: 'missed' } }, now);
    expect(store.state.offers).toHaveLength(1);
    store.applyFact({ name: 'offer:ended', payload: { offer: 'off_2', session: 'ses_1', state: 'accepted' } }, now);
    expect(store.state.offers).toHaveLength(0);
  });

  it("follows this agent's own state, keeping the role", () => {
    const store = open();
    store.applyFact(
      { name: 'agent:changed', payload: agentView({ id: 'acc_me', state: 'away', reason: 'missed' }) },
      now,
    );
    expect(store.state.me).toMatchObject({ state: 'away', reason: 'missed', role: 'agent' });
  });

  it('stops believing that somebody types', () => {
    const store = open();
    const from = { id: 'vis_1', role: 'user' } as const;
    store.applyFact({ name: 'typing:changed', payload: { session: 'ses_1', from, typing: true } }, now);
    store.expireTyping(now + typingLasts - 1);
    expect(store.state.typing.size).toBe(1);
    store.expireTyping(now + typingLasts);
    expect(store.state.typing.size).toBe(0);
  });

  it('takes a message as the end of typing', () => {
    const store = open();
    const from = { id: 'vis_1', role: 'user' } as const;
    store.applyFact({ name: 'typing:changed', payload: { session: 'ses_1', from, typing: true } }, now);
    store.applyFact(added({ activity: message('ses_1', 1), prev: 0 }), now);
    expect(store.state.typing.size).toBe(0);
  });
});
