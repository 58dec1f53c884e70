import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change, CommitResult } from '../../../channel-server/session/changes.ts';
import type { Session } from '../../../channel-server/session/session.ts';
import { anAgent, append, apply, aSession, insert, message, noon, staffNote, unique } from './samples.ts';
import type { StoreKind, TestStore } from './stores.ts';

/** What a list may do, as far as the model knows it. Sessions and keys are named by small numbers. */
type Move =
  | { move: 'say'; session: number; staff: boolean; key: number | null; onlyOpen: boolean }
  | { move: 'close'; session: number; must: boolean }
  | { move: 'open'; session: number }
  | { move: 'take'; below: number }
  | { move: 'read'; session: number; seq: number };

interface Model {
  sessions: Map<number, { state: string; log: { text: string; staff: boolean; prev: number }[]; read: number }>;
  keys: Map<number, { session: number; seq: number }>;
  load: number;
}

type Expected =
  | { outcome: 'applied'; seqs: number[] }
  | { outcome: 'refused'; refusal: string }
  | { outcome: 'repeated'; at: string };

const session = fc.integer({ min: 0, max: 2 });
const someMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      move: fc.constant('say' as const),
      session,
      staff: fc.boolean(),
      key: fc.option(fc.integer({ min: 0, max: 5 })),
      onlyOpen: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('close' as const), session, must: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('open' as const), session }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('take' as const), below: fc.integer({ min: 0, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ move: fc.constant('read' as const), session, seq: fc.integer({ min: 0, max: 9 }) }),
  },
);
/** A list names each key once; naming it twice is the caller's mistake. */
const someList = fc.array(someMove, { minLength: 1, maxLength: 5 }).map((moves) => {
  const named = new Set<number>();
  return moves.filter((move) => {
    if (move.move !== 'say' || move.key === null) return true;
    if (named.has(move.key)) return false;
    named.add(move.key);
    return true;
  });
});

/** Random lists against a model that holds everything in maps: the same answers, the same state. */
export function modelSuite(kind: StoreKind): void {
  describe('random lists', () => {
    let store: TestStore;
    beforeAll(async () => {
      store = await kind.open();
    });
    afterAll(() => store.remove());

    it('end as a simple model says, whether committed one by one or all at once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(someList, { maxLength: 12 }), fc.boolean(), async (lists, atOnce) => {
          const world = { tenantId: unique('tenant'), scope: unique('scope'), agent: unique('acc') };
          await apply(store, insert('agent', anAgent({ id: world.agent, tenantId: world.tenantId })));
          const model: Model = { sessions: new Map(), keys: new Map(), load: 0 };
          // PostgreSQL promises no order among lists of one moment; the embedded store keeps it.
          const together = atOnce && kind.name === 'embedded';
          const commits = lists.map(
            (moves) => () => store.unitOfWork.commit(moves.map((move, n) => change(world, move, n))),
          );
          const results = together ? await Promise.all(commits.map((commit) => commit())) : [];
          if (!together) for (const commit of commits) results.push(await commit());
          for (const [n, moves] of lists.entries()) expect(told(world, results[n])).toEqual(predict(model, moves));
          await compare(store, world, model);
        }),
        { numRuns: 60, seed: 20261121 },
      );
    });
  });
}

interface World {
  tenantId: string;
  scope: string;
  agent: string;
}

const idOf = (world: World, n: number) => `ses_${world.tenantId}_${n}`;

function change(world: World, move: Move, n: number): Change {
  const { tenantId } = world;
  switch (move.move) {
    case 'open': {
      const id = idOf(world, move.session);
      return insert('session', aSession({ id, tenantId, channelId: tenantId }), { refusal: 'THERE' });
    }
    case 'say': {
      const text = `${n}`;
      const draft = move.staff ? staffNote(text) : message(text);
      const target = { id: idOf(world, move.session), tenantId } as Session;
      return append(target, move.key === null ? draft : { ...draft, clientId: `key ${move.key}` }, {
        keyScope: world.scope,
        ...(move.onlyOpen ? { states: ['active'] } : {}),
      });
    }
    case 'close':
      return {
        kind: 'update',
        record: 'session',
        where: { id: idOf(world, move.session), tenantId },
        expect: { state: 'active' },
        set: { state: 'closed' },
        ...(move.must ? { refusal: 'NOT_OPEN' } : {}),
      };
    case 'take':
      return {
        kind: 'update',
        record: 'agent',
        where: { id: world.agent, tenantId },
        expect: { load: { below: move.below } },
        set: { load: { add: 1 } },
        refusal: 'FULL',
      };
    case 'read':
      return {
        kind: 'receipt',
        tenantId,
        sessionId: idOf(world, move.session),
        participantId: 'acc_reader',
        role: 'agent',
        read: move.seq,
        at: noon,
      };
  }
}

function told(world: World, result: CommitResult | undefined): Expected | undefined {
  if (result === undefined || result.outcome === 'refused') return result;
  if (result.outcome === 'applied')
    return { outcome: 'applied', seqs: result.appended.map(({ activity }) => activity.seq) };
  return { outcome: 'repeated', at: result.stored.activity.id.replace(`ses_${world.tenantId}_`, '') };
}

function predict(model: Model, moves: readonly Move[]): Expected {
  for (const move of moves) {
    const first = move.move === 'say' && move.key !== null ? model.keys.get(move.key) : undefined;
    if (first !== undefined) return { outcome: 'repeated', at: `${first.session}.${first.seq}` };
  }
  const next = structuredClone(model);
  const seqs: number[] = [];
  for (const [n, move] of moves.entries()) {
    const refusal = step(next, move, n, seqs);
    if (refusal !== undefined) return { outcome: 'refused', refusal };
  }
  Object.assign(model, next);
  return { outcome: 'applied', seqs };
}

function step(model: Model, move: Move, n: number, seqs: number[]): string | undefined {
  if (move.move === 'take') {
    if (model.load >= move.below) return 'FULL';
    model.load += 1;
    return undefined;
  }
  const found = model.sessions.get(move.session);
  switch (move.move) {
    case 'open':
      if (found !== undefined) return 'THERE';
      model.sessions.set(move.session, { state: 'active', log: [], read: 0 });
      return undefined;
    case 'close':
      if (found?.state !== 'active') return move.must ? 'NOT_OPEN' : undefined;
      found.state = 'closed';
      return undefined;
    case 'read':
      if (found !== undefined) found.read = Math.max(found.read, Math.min(move.seq, found.log.length));
      return undefined;
    case 'say': {
      if (found === undefined) return 'SESSION_NOT_FOUND';
      if (move.onlyOpen && found.state !== 'active') return 'SESSION_CLOSED';
      found.log.push({ text: `${n}`, staff: move.staff, prev: found.log.findLastIndex(({ staff }) => !staff) + 1 });
      if (move.key !== null) model.keys.set(move.key, { session: move.session, seq: found.log.length });
      seqs.push(found.log.length);
      return undefined;
    }
  }
}

async function compare(store: TestStore, world: World, model: Model): Promise<void> {
  expect((await store.routing.agent(world.tenantId, world.agent))?.load).toBe(model.load);
  for (const [n, expected] of model.sessions) {
    const id = idOf(world, n);
    const { log } = expected;
    const session = await store.sessions.session(world.tenantId, id);
    const lastPublicSeq = log.findLastIndex(({ staff }) => !staff) + 1;
    expect(session).toMatchObject({ state: expected.state, lastSeq: log.length, lastPublicSeq });
    const staff = await store.sessions.activities(world.tenantId, id, 'staff', 0, 100);
    expect(staff.items.map(({ activity }) => activity.text)).toEqual(log.map(({ text }) => text));
    expect(staff.items.map(({ prev }) => prev)).toEqual(log.map((_, index) => index));
    expect(staff.receipts[0]?.read ?? 0).toBe(expected.read);
    const all = await store.sessions.activities(world.tenantId, id, 'all', 0, 100);
    const seen = log.flatMap(({ staff: hidden, prev }, index) => (hidden ? [] : [[index + 1, prev]]));
    expect(all.items.map(({ activity, prev }) => [activity.seq, prev])).toEqual(seen);
    expect(all.upto).toBe(log.length);
  }
  for (const [key, { session, seq }] of model.keys) {
    const stored = await store.sessions.activityByKey(world.scope, `key ${key}`);
    expect(stored?.activity.id).toBe(`${idOf(world, session)}.${seq}`);
  }
}
