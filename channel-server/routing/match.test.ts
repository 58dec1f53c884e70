import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, compareWaiting, type Match, match, type Waiting, waitsSince } from './match.ts';
import { type Queue, queueDefaults } from './queue.ts';

const now = 1_000_000;

const queue = (facts: Partial<Queue> = {}): Queue => ({
  id: 'support',
  tenantId: 'acme',
  name: 'Support',
  ...queueDefaults,
  declared: false,
  ...facts,
});
const agent = (id: string, facts: Partial<Candidate> = {}): Candidate => ({
  id,
  name: id,
  state: 'idle',
  stateSince: 0,
  capacity: 4,
  load: 0,
  loadSince: 0,
  skills: {},
  queueIds: ['support'],
  lostSince: null,
  ...facts,
});
const waiting = (facts: Partial<Waiting> = {}): Waiting => ({
  id: 'ses_1',
  queueId: 'support',
  preferredAgentId: null,
  priority: 0,
  queuedAt: now - 5_000,
  waitsSince: now - 5_000,
  passedOver: new Set(),
  resting: new Set(),
  ...facts,
});
const chosen = (decision: Match) => decision.agent?.id ?? null;
const why = (decision: Match, id: string) => decision.skipped.find(({ agentId }) => agentId === id)?.why;

describe('a session choosing an agent', () => {
  const table: [
    title: string,
    agents: Candidate[],
    session: Partial<Waiting>,
    settings: Partial<Queue>,
    agentId: string | null,
    because: string[],
    skipped: Record<string, string>,
  ][] = [
    ['takes the only free one', [agent('a')], {}, {}, 'a', ['only-free-agent'], {}],
    [
      'takes the least loaded by share of capacity, not by count',
      [agent('a', { load: 1, capacity: 2 }), agent('b', { load: 2, capacity: 8 })],
      {},
      {},
      'b',
      ['least-loaded'],
      { a: 'more-loaded' },
    ],
    [
      'takes the longest idle among equally loaded',
      [agent('a', { loadSince: 500 }), agent('b', { loadSince: 400 }), agent('c', { loadSince: 450 })],
      {},
      {},
      'b',
      ['longest-idle'],
      { a: 'idle-less-long', c: 'idle-less-long' },
    ],
    [
      'counts idle time from coming back, not from the last slot',
      [agent('a', { loadSince: 1, stateSince: 900 }), agent('b', { loadSince: 500, stateSince: 2 })],
      {},
      {},
      'b',
      ['longest-idle'],
      { a: 'idle-less-long' },
    ],
    [
      'needs every skill at its level, though others are less loaded',
      [
        agent('a', { skills: { billing: 2 } }),
        agent('b', { skills: { billing: 3, french: 1 }, load: 3 }),
        agent('c', { skills: { billing: 5 } }),
      ],
      {},
      { skills: { billing: 3, french: 1 } },
      'b',
      ['only-free-agent'],
      { a: 'lacks-skill', c: 'lacks-skill' },
    ],
    [
      'takes the last agent before a less loaded one',
      [agent('a', { load: 3 }), agent('b')],
      { preferredAgentId: 'a' },
      {},
      'a',
      ['last-agent'],
      { b: 'not-last-agent' },
    ],
    [
      'does not take a last agent who lacks the skill',
      [agent('a'), agent('b', { skills: { billing: 1 } })],
      { preferredAgentId: 'a' },
      { skills: { billing: 1 } },
      'b',
      ['only-free-agent'],
      { a: 'lacks-skill' },
    ],
    [
      'goes on when the last agent is full and no exclusive wait is set',
      [agent('a', { load: 4 }), agent('b')],
      { preferredAgentId: 'a' },
      {},
      'b',
      ['only-free-agent'],
      { a: 'full' },
    ],
    [
      'waits for the last agent while the queue says so',
      [agent('a', { load: 4 }), agent('b')],
      { preferredAgentId: 'a' },
      { lastAgentWait: 6_000 },
      null,
      ['waiting-for-last-agent'],
      { a: 'full' },
    ],
    [
      'waits no longer than the queue says',
      [agent('a', { load: 4 }), agent('b')],
      { preferredAgentId: 'a' },
      { lastAgentWait: 5_000 },
      'b',
      ['only-free-agent'],
      { a: 'full' },
    ],
    [
      'does not wait for a last agent who went home',
      [agent('a', { state: 'offline' }), agent('b')],
      { preferredAgentId: 'a' },
      { lastAgentWait: 60_000 },
      'b',
      ['only-free-agent'],
      { a: 'offline' },
    ],
    [
      'does not wait for a last agent who said no',
      [agent('a'), agent('b')],
      { preferredAgentId: 'a', passedOver: new Set(['a']) },
      { lastAgentWait: 60_000 },
      'b',
      ['only-free-agent'],
      { a: 'passed-over' },
    ],
    [
      'skips whoever is not there for new work',
      [
        agent('a', { state: 'busy' }),
        agent('b', { state: 'away' }),
        agent('c', { state: 'wrap-up' }),
        agent('d', { state: 'offline' }),
        agent('e', { lostSince: 5 }),
        agent('f', { load: 4 }),
        agent('g', { load: 5 }),
      ],
      {},
      {},
      null,
      ['no-agent-free'],
      { a: 'busy', b: 'away', c: 'wrap-up', d: 'offline', e: 'lost', f: 'full', g: 'full' },
    ],
    [
      'asks others first when one was passed over',
      [agent('a'), agent('b', { load: 3 })],
      { passedOver: new Set(['a']) },
      {},
      'b',
      ['only-free-agent'],
      { a: 'passed-over' },
    ],
    [
      'starts a second round when everybody free was asked',
      [agent('a', { load: 1 }), agent('b'), agent('c', { state: 'away' })],
      { passedOver: new Set(['a', 'b', 'c']) },
      {},
      'b',
      ['least-loaded', 'asked-again'],
      { a: 'more-loaded', c: 'away' },
    ],
    [
      'leaves alone who declined a moment ago',
      [agent('a')],
      { passedOver: new Set(['a']), resting: new Set(['a']) },
      {},
      null,
      ['everybody-declined'],
      { a: 'resting' },
    ],
    [
      'says when nobody serves the queue',
      [agent('a', { queueIds: ['sales'] })],
      {},
      {},
      null,
      ['no-agent-in-queue'],
      {},
    ],
    [
      'says when nobody has the skills',
      [agent('a')],
      {},
      { skills: { billing: 1 } },
      null,
      ['no-agent-with-skills'],
      { a: 'lacks-skill' },
    ],
  ];
  it.each(table)('%s', (_title, agents, session, settings, agentId, because, skipped) => {
    const decision = match({ session: waiting(session), queue: queue(settings), agents, now });
    expect(chosen(decision)).toBe(agentId);
    expect(decision.because).toEqual(because);
    expect(Object.fromEntries(decision.skipped.map(({ agentId: id, why: reason }) => [id, reason]))).toEqual(skipped);
  });

  it('names the skill that is lacking', () => {
    const decision = match({ session: waiting(), queue: queue({ skills: { latin: 2 } }), agents: [agent('a')], now });
    expect(decision.skipped).toEqual([{ agentId: 'a', why: 'lacks-skill', skill: 'latin' }]);
  });

  it('says when waiting for the last agent ends', () => {
    const decision = match({
      session: waiting({ preferredAgentId: 'a' }),
      queue: queue({ lastAgentWait: 8_000 }),
      agents: [agent('a', { state: 'busy' }), agent('b')],
      now,
    });
    expect(decision).toMatchObject({ agent: null, askAgainAt: now + 3_000 });
  });

  it('decides nothing for a queue that is gone', () => {
    expect(match({ session: waiting(), queue: undefined, agents: [agent('a')], now }).because).toEqual([
      'queue-unknown',
    ]);
  });

  it('keeps a bounded list of those skipped', () => {
    const many = Array.from({ length: 500 }, (_, n) => agent(`a${n}`, { load: 1 }));
    const decision = match({ session: waiting(), queue: queue(), agents: [...many, agent('z')], now });
    expect(chosen(decision)).toBe('z');
    expect(decision.skipped).toHaveLength(20);
  });

  it('never chooses who may not take it, and somebody whenever there is one', () => {
    const candidates = fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 9 }).map(String),
        state: fc.constantFrom('idle' as const, 'idle' as const, 'busy' as const, 'offline' as const),
        capacity: fc.integer({ min: 1, max: 3 }),
        load: fc.integer({ min: 0, max: 3 }),
        loadSince: fc.integer({ min: 0, max: 5 }),
        level: fc.integer({ min: 0, max: 3 }),
        lostSince: fc.constantFrom(null, null, 3),
      }),
      { maxLength: 8 },
    );
    const asked = fc.uniqueArray(fc.integer({ min: 0, max: 9 }).map(String), { maxLength: 5 });
    fc.assert(
      fc.property(candidates, asked, fc.integer({ min: 0, max: 9 }).map(String), (given, passed, preferredAgentId) => {
        const agents = [...new Map(given.map((one) => [one.id, one])).values()].map(({ level, ...facts }) =>
          agent(facts.id, { ...facts, skills: { billing: level } }),
        );
        const session = waiting({ passedOver: new Set(passed), preferredAgentId });
        const decision = match({ session, queue: queue({ skills: { billing: 2 } }), agents, now });
        const able = agents.filter(
          ({ state, load, capacity, lostSince, skills }) =>
            state === 'idle' && load < capacity && lostSince === null && (skills.billing ?? 0) >= 2,
        );
        expect(decision.agent === null).toBe(able.length === 0);
        if (decision.agent === null) return;
        expect(able).toContain(decision.agent);
        expect(why(decision, decision.agent.id)).toBeUndefined();
        if (able.some(({ id }) => !passed.includes(id))) expect(passed).not.toContain(decision.agent.id);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a free agent choosing a session', () => {
  it('takes the higher priority first, then whoever queued first, then the older', () => {
    const sessions = [
      { id: 'd', priority: 0, queuedAt: 10 },
      { id: 'c', priority: 0, queuedAt: 5 },
      { id: 'b', priority: 0, queuedAt: 5 },
      { id: 'a', priority: 2, queuedAt: 90 },
    ];
    expect(sessions.sort(compareWaiting).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('counts waiting from the latest of queueing, assignment and the unanswered message', () => {
    expect(waitsSince({ queuedAt: 5, assignedAt: null, waitingSince: null })).toBe(5);
    expect(waitsSince({ queuedAt: 5, assignedAt: 9, waitingSince: 7 })).toBe(9);
    expect(waitsSince({ queuedAt: 5, assignedAt: 9, waitingSince: 12 })).toBe(12);
  });
});
