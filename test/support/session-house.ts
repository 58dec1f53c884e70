import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Activity } from '../../adapters/contract/index.ts';
import type { Agent } from '../../channel-server/routing/agent.ts';
import { createAgentSlots } from '../../channel-server/routing/slots.ts';
import { createSessionService, type RunningSessions } from '../../channel-server/session/create-session-service.ts';
import type { SessionLifecycle, Signal } from '../../channel-server/session/ports.ts';
import type { Session } from '../../channel-server/session/session.ts';
import type { CustomerMessage, StaffMessage } from '../../channel-server/session/session-service.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { createTimerRunner, type TimerRunner } from '../../channel-server/session/timer-runner.ts';
import { openStorage, type Storage } from '../../channel-server/storage/open-storage.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { fakeIds } from './fake-ids.ts';
import { silentLog } from './silent-log.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** As the web channel has it, shortened where tests wait. */
export const webLifecycle: SessionLifecycle = {
  presence: 'live',
  queueId: 'support',
  parkAfter: null,
  closeAfter: hour,
  reopenWithin: 30 * minute,
  abandonAfter: 2 * minute,
};
export const messagingLifecycle: SessionLifecycle = {
  presence: 'none',
  queueId: 'support',
  parkAfter: 15 * minute,
  closeAfter: 48 * hour,
  reopenWithin: 24 * hour,
  abandonAfter: null,
};

/** Sessions on a real embedded store, with a clock that moves only when told. */
export interface SessionHouse {
  clock: FakeClock;
  storage: Storage;
  sessions: RunningSessions;
  runner: TimerRunner;
  signals: Signal[];
  /** Rules by channel id; tests may change them. */
  lifecycles: Map<string, SessionLifecycle>;
  /** Move time, then let everything that fell due come to its end. */
  pass(ms: number): Promise<void>;
  /** A visitor's message on channel `web`. */
  message(clientId: string, more?: Partial<CustomerMessage>): CustomerMessage;
  /** Sends it. */
  say(clientId: string, more?: Partial<CustomerMessage>): Promise<Activity>;
  answer(session: Session, clientId: string, more?: Partial<StaffMessage>): Promise<Activity>;
  session(id: string): Promise<Session>;
  log(id: string): Promise<Activity[]>;
  /** `type` or event name of each activity. */
  story(id: string): Promise<string[]>;
  addAgent(id: string, more?: Partial<Agent>): Promise<void>;
  load(agentId: string): Promise<number>;
  /** As routing assigns: the session is active with this agent, who has a slot less. */
  assign(sessionId: string, agentId: string): Promise<Session>;
  timerIds(): Promise<string[]>;
  /** Right after the service next reads a session, and before it goes on, `run` happens. */
  between(run: () => Promise<unknown>): void;
  /** How many commits and reads of sessions and customers there were since. */
  counted(): () => { commits: number; reads: number };
  /** A second service on the same store, as another process has it: it shares no memory. */
  twin(): Promise<SessionHouse>;
  /** Close everything and open it again on the same folder, as after a restart. */
  restart(): Promise<SessionHouse>;
  close(): Promise<void>;
}

export async function sessionHouse(): Promise<SessionHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-session-'));
  const lifecycles = new Map([
    ['web', webLifecycle],
    ['line', messagingLifecycle],
  ]);
  return open(folder, fakeClock(), fakeIds(), lifecycles);
}

async function open(
  folder: string,
  clock: FakeClock,
  ids: ReturnType<typeof fakeIds>,
  lifecycles: Map<string, SessionLifecycle>,
): Promise<SessionHouse> {
  const log = silentLog();
  const storage = await openStorage({ dataDir: folder, clock, log });
  return furnish(folder, storage, clock, ids, lifecycles, log);
}

async function furnish(
  folder: string,
  storage: Storage,
  clock: FakeClock,
  ids: ReturnType<typeof fakeIds>,
  lifecycles: Map<string, SessionLifecycle>,
  log: ReturnType<typeof silentLog>,
): Promise<SessionHouse> {
  const { unitOfWork, routing } = storage;
  const count = { commits: 0, reads: 0 };
  let interruption: (() => Promise<unknown>) | undefined;
  const bus = createSignalBus(log);
  const signals: Signal[] = [];
  bus.subscribe((signal) => void signals.push(signal));
  // Hardly ever swept: what fires in time was woken for.
  const runner = createTimerRunner({ timers: storage.timers, clock, log, sweep: 1_000 * hour });
  const sessions = createSessionService({
    unitOfWork: counting(unitOfWork, () => count.commits++),
    sessions: {
      ...counting(storage.sessions, () => count.reads++),
      async session(tenantId, id) {
        count.reads += 1;
        const found = await storage.sessions.session(tenantId, id);
        const run = interruption;
        interruption = undefined;
        await run?.();
        return found;
      },
    },
    customers: counting(storage.customers, () => count.reads++),
    channels: { lifecycle: (id) => lifecycles.get(id), textLimit: () => ({ max: 10_000, unit: 'utf16' }) },
    slots: createAgentSlots({ routing, defaultCapacity: () => 5 }),
    signals: bus,
    timers: runner,
    clock,
    ids,
    log,
  });
  runner.handle(sessions.timers);
  await runner.start();

  const quiet = async () => {
    for (let turn = 0; turn < 40; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const stop = async () => {
    await runner.stop();
    await storage.close();
  };
  const house: SessionHouse = {
    clock,
    storage,
    sessions,
    runner,
    signals,
    lifecycles,
    async pass(ms) {
      await quiet();
      await clock.advance(ms);
      await quiet();
    },
    message: (clientId, more = {}) => ({
      tenantId: 'default',
      channel: { id: 'web', type: 'web' },
      conversations: ['visitor:v1'],
      from: { id: 'v1', role: 'user' },
      keyScope: 'visitor:v1',
      clientId,
      content: { text: clientId },
      ...more,
    }),
    say: async (clientId, more) => (await sessions.receive(house.message(clientId, more))).stored.activity,
    async answer(session, clientId, more = {}) {
      const accountId = more.accountId ?? session.agentId ?? 'nobody';
      const from = { id: accountId, name: 'Ann', role: 'agent' } as const;
      const message: StaffMessage = {
        session,
        from,
        accountId,
        clientId,
        audience: 'all',
        content: { text: clientId },
      };
      return (await sessions.send({ ...message, ...more })).stored.activity;
    },
    async session(id) {
      const found = await storage.sessions.session('default', id);
      if (found === undefined) throw new Error(`There is no session ${id}.`);
      return found;
    },
    async log(id) {
      const { items } = await storage.sessions.activities('default', id, 'staff', 0, 10_000);
      return items.map(({ activity }) => activity);
    },
    story: async (id) => (await house.log(id)).map(({ type, name }) => name ?? type),
    async addAgent(id, more = {}) {
      const values: Agent = {
        id,
        tenantId: 'default',
        name: id,
        state: 'idle',
        reason: null,
        stateSince: clock.now(),
        capacity: 2,
        load: 0,
        loadSince: clock.now(),
        skills: {},
        queueIds: ['support'],
        lostSince: null,
        ...more,
      };
      await unitOfWork.commit([{ kind: 'insert', record: 'agent', values }]);
    },
    async load(agentId) {
      const agent = await routing.agent('default', agentId);
      if (agent === undefined) throw new Error(`There is no agent ${agentId}.`);
      return agent.load;
    },
    async assign(sessionId, agentId) {
      const at = clock.now();
      await unitOfWork.commit([
        {
          kind: 'update',
          record: 'session',
          where: { id: sessionId },
          set: { state: 'active', agentId, assignedAt: at },
        },
        {
          kind: 'insert',
          record: 'participant',
          values: { sessionId, accountId: agentId, role: 'agent', joinedAt: at, leftAt: null },
          ignore: true,
        },
        { kind: 'update', record: 'agent', where: { id: agentId }, set: { load: { add: 1 } } },
      ]);
      return house.session(sessionId);
    },
    async timerIds() {
      // Claimed for no time at all: looking changes nothing.
      const far = clock.now() + 365 * 24 * hour;
      return (await storage.timers.claimDue(far, 1_000, clock.now() - far)).map(({ id }) => id).sort();
    },
    between(run) {
      interruption = run;
    },
    counted() {
      Object.assign(count, { commits: 0, reads: 0 });
      return () => ({ ...count });
    },
    twin: () => furnish(folder, storage, clock, ids, lifecycles, log),
    async restart() {
      await stop();
      return open(folder, clock, ids, lifecycles);
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return house;
}

/** The same functions, telling of each call. */
function counting<T extends object>(inner: T, called: () => void): T {
  const told = Object.entries(inner).map(([name, member]) => [
    name,
    (...args: unknown[]) => {
      called();
      return (member as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(told) as T;
}
