import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hour, minute, type SessionHouse, sessionHouse } from '../../test/support/session-house.ts';
import type { Session } from './session.ts';

const visitors = ['v1', 'v2', 'v3'] as const;
const agents = ['ann', 'bob'] as const;
const channels = ['web', 'line'] as const;

type Step =
  | { do: 'say'; who: number; channel: number; id: number; twin: boolean }
  | { do: 'write'; audience: 'all' | 'staff'; who: number; channel: number; id: number }
  | { do: 'assign'; who: number; channel: number; agent: number }
  | { do: 'close'; who: number; channel: number; twin: boolean }
  | { do: 'gone'; who: number; channel: number; twin: boolean }
  | { do: 'back'; who: number; channel: number; twin: boolean }
  | { do: 'pass'; ms: number };

const who = fc.nat(visitors.length - 1);
const channel = fc.nat(channels.length - 1);
const twin = fc.boolean();
const audience = fc.constantFrom('all', 'staff');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), who, channel, id: fc.nat(7), twin }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), audience, who, channel, id: fc.nat(7) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('assign' as const), who, channel, agent: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), who, channel, twin }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('gone', 'back'), who, channel, twin }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(minute, 2 * minute, 15 * minute, hour, 25 * hour, 49 * hour),
    }),
  },
);

/** What people were told, to be held against the store. */
interface Told {
  /** Sender and clientId → the activity it was answered with, and its session. */
  stored: Map<string, string>;
  sessions: Set<string>;
}

const conversationOf = (person: string) => `visitor:${person}`;

async function act(house: SessionHouse, other: SessionHouse, { stored, sessions }: Told, now: Step): Promise<void> {
  if (now.do === 'pass') return house.pass(now.ms);
  const person = visitors[now.who] ?? 'v1';
  const channelId = channels[now.channel] ?? 'web';
  const conversation = conversationOf(person);
  const at = 'twin' in now && now.twin ? other : house;
  const remember = (sender: string, clientId: string, id: string, session: string) => {
    const key = `${sender} ${clientId}`;
    expect(stored.get(key) ?? id).toBe(id);
    stored.set(key, id);
    sessions.add(session);
  };
  if (now.do === 'say') {
    const { id, conversation: place } = await at.say(`c${now.id}`, {
      channel: { id: channelId, type: channelId },
      conversations: [conversation],
      from: { id: person, role: 'user' },
      keyScope: conversation,
    });
    return remember(conversation, `c${now.id}`, id, place.id);
  }
  if (now.do === 'gone' || now.do === 'back') return at.sessions[now.do]('default', channelId, [conversation]);
  const session = await house.storage.sessions.openSession('default', channelId, conversation);
  if (session === undefined) return;
  if (now.do === 'close') {
    await at.sessions.close(session, { id: person, role: 'user' }, 'customer-left');
    return;
  }
  if (now.do === 'assign') return assign(house, session, agents[now.agent] ?? 'ann');
  const accountId = session.agentId ?? 'ann';
  const { audience } = now;
  const answered = await house.answer(session, `a${now.id}`, { accountId, audience }).catch((error: unknown) => {
    expect(error).toMatchObject({ code: expect.stringMatching(/^SESSION_(CLOSED|CHANGED|NOT_YOURS)$/) });
    return undefined;
  });
  if (answered !== undefined) remember(accountId, `a${now.id}`, answered.id, answered.conversation.id);
}

/** As routing assigns, with its conditions in the commit. */
async function assign(house: SessionHouse, session: Session, agentId: string): Promise<void> {
  await house.storage.unitOfWork.commit([
    {
      kind: 'update',
      record: 'session',
      where: { id: session.id },
      expect: { state: 'queued' },
      set: { state: 'active', agentId, assignedAt: house.clock.now() },
      refusal: 'SESSION_CHANGED',
    },
    {
      kind: 'update',
      record: 'agent',
      where: { id: agentId },
      expect: { load: { below: 2 } },
      set: { load: { add: 1 } },
      refusal: 'AGENT_FULL',
    },
  ]);
}

async function check(house: SessionHouse, { stored, sessions }: Told): Promise<void> {
  const all = (await house.storage.sessions.list('default', {}, { limit: 500 })).items;
  const byId = new Map(all.map((session) => [session.id, session]));
  for (const id of sessions) expect(byId.has(id)).toBe(true);

  const open = all.filter(({ state }) => state !== 'closed');
  expect(new Set(open.map((session) => `${session.channelId} ${session.conversation}`)).size).toBe(open.length);

  const found = new Map<string, string[]>();
  for (const session of all) {
    const log = await house.log(session.id);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, n) => n + 1));
    expect(log).toHaveLength(session.lastSeq);
    const customers = (await house.storage.sessions.activities('default', session.id, 'all', 0, 10_000)).items;
    expect(customers.map(({ prev }) => prev)).toEqual([
      ...[0, ...customers.map(({ activity }) => activity.seq)].slice(0, customers.length),
    ]);
    expect(session.lastPublicSeq).toBe(customers.at(-1)?.activity.seq ?? 0);
    for (const { id, clientId, from } of log) {
      if (clientId === undefined) continue;
      const key = `${from.role === 'user' ? session.conversation : from.id} ${clientId}`;
      found.set(key, [...(found.get(key) ?? []), id]);
    }
    const ended = log.findLastIndex(({ name }) => name === 'session:closed');
    const begun = log.findLastIndex(({ name }) => name === 'session:queued');
    expect(session.state === 'closed').toBe(ended > begun);
    expect(session.closedAt === null).toBe(session.state !== 'closed');
    expect(session.agentId === null).toBe(session.state !== 'active' && session.state !== 'parked');
  }
  expect(Object.fromEntries([...found].sort())).toEqual(
    Object.fromEntries([...stored].map(([key, id]) => [key, [id]] as const).sort()),
  );

  for (const agent of agents) {
    const active = open.filter((session) => session.state === 'active' && session.agentId === agent);
    expect(await house.load(agent)).toBe(active.length);
  }
  const timers = await house.timerIds();
  for (const { id, state } of all) {
    expect(timers.includes(`session:inactive/${id}`)).toBe(state !== 'closed');
    if (state === 'closed') expect(timers.filter((timer) => timer.endsWith(id))).toEqual([]);
  }
}

describe('whatever happens in whatever order, also at once and in two processes', () => {
  it('no session is lost, one at most is open, logs have no gap, and each message is stored once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 14 }), async (rounds) => {
        const house = await sessionHouse();
        try {
          for (const agent of agents) await house.addAgent(agent);
          const other = await house.twin();
          const told: Told = { stored: new Map(), sessions: new Set() };
          for (const round of rounds) await Promise.all(round.map((one) => act(house, other, told, one)));
          await house.pass(0);
          await check(house, told);
        } finally {
          await house.close();
        }
      }),
      { numRuns: Number(process.env.FOYER_FAST_CHECK_RUNS ?? 30) },
    );
  }, 60_000);
});
