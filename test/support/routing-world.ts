import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../channel-server/routing/agent.ts';
import { type DeclaredQueue, ensureAgents, ensureQueues } from '../../channel-server/routing/agents.ts';
import { createRoutingService } from '../../channel-server/routing/create-routing-service.ts';
import type { RoutingService } from '../../channel-server/routing/routing-service.ts';
import { createAgentSlots } from '../../channel-server/routing/slots.ts';
import type { Change } from '../../channel-server/session/changes.ts';
import type { AgentSlots, Signal, Signals } from '../../channel-server/session/ports.ts';
import type { Session } from '../../channel-server/session/session.ts';
import { createSignalBus } from '../../channel-server/session/signal-bus.ts';
import { createTimerRunner, type TimerRunner } from '../../channel-server/session/timer-runner.ts';
import { openStorage, type Storage } from '../../channel-server/storage/open-storage.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeIds } from './fake-ids.ts';
import { silentLog } from './silent-log.ts';

export const tenantId = 'acme';

interface Process {
  dead: boolean;
  pending: number;
}

const never = new Promise<never>(() => {});

/** Routing on a real store, with time that moves only when told. Sessions are put there by hand. */
export async function routingWorld(options: { defaultCapacity?: number } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'foyer-routing-'));
  const clock = fakeClock();
  const ids = fakeIds();
  const log = silentLog();
  const seen: Signal[] = [];
  let process: Process;
  let storage: Storage;
  let signals: Signals;
  let timers: TimerRunner;
  let service: RoutingService;
  let slots: AgentSlots;

  /**
   * Counts calls under way, so that a test can wait until nothing moves. In a process that died no call ever comes
   * back, whatever the store made of it.
   */
  function counted<T extends object>(part: T, process: Process): T {
    return new Proxy(part, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (process.dead) return never;
          const result: unknown = value.apply(target, args);
          if (!(result instanceof Promise)) return result;
          process.pending += 1;
          const back = <R>(answer: () => R) => {
            process.pending -= 1;
            return process.dead ? never : answer();
          };
          return result.then(
            (given) => back(() => given),
            (error: unknown) => back(() => Promise.reject(error)),
          );
        };
      },
    });
  }

  async function open(): Promise<void> {
    const opened = await openStorage({ dataDir, clock, log });
    const alive: Process = { dead: false, pending: 0 };
    process = alive;
    storage = {
      ...opened,
      unitOfWork: counted(opened.unitOfWork, alive),
      sessions: counted(opened.sessions, alive),
      timers: counted(opened.timers, alive),
      routing: counted(opened.routing, alive),
    };
    signals = createSignalBus(log);
    signals.subscribe((signal) => void seen.push(signal));
    timers = createTimerRunner({ timers: storage.timers, clock, log });
    const capacity = options.defaultCapacity ?? 5;
    service = createRoutingService({
      unitOfWork: storage.unitOfWork,
      routing: storage.routing,
      sessions: storage.sessions,
      signals,
      timers,
      clock,
      ids,
      log,
      defaultCapacity: () => capacity,
    });
    slots = createAgentSlots({ routing: storage.routing, defaultCapacity: () => capacity });
    await service.start();
    await timers.start();
  }

  /** Until nothing has moved for a while. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 6; ) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      quiet = process.pending === 0 ? quiet + 1 : 0;
    }
  }

  async function shut(): Promise<void> {
    await service.stop();
    await timers.stop();
    await storage.close();
  }

  const tell = (session: Pick<Session, 'queueId'>) =>
    signals.publish({ kind: 'queue', tenantId, queueId: session.queueId });

  const world = {
    clock,
    log,
    seen,
    get storage() {
      return storage;
    },
    get signals() {
      return signals;
    },
    get service() {
      return service;
    },
    get slots() {
      return slots;
    },
    settle,
    /** Time passes, in steps of at most a second, and everything due happens. */
    async pass(ms: number, step = 1_000): Promise<void> {
      for (let left = ms; left > 0; left -= step) {
        await clock.advance(Math.min(step, left));
        await settle();
      }
    },
    /** Stop and start again on the same store, as a new process would: memory is lost. */
    async restart(): Promise<void> {
      await shut();
      await open();
      await settle();
    },
    /** What kill -9 leaves behind: nothing under way goes on, and a new process opens the store. */
    async crash(): Promise<void> {
      process.dead = true;
      await storage.close();
      await open();
      await settle();
    },
    async end(): Promise<void> {
      await shut();
      await rm(dataDir, { recursive: true, force: true });
    },
    async queue(id: string, facts: Partial<DeclaredQueue> = {}): Promise<void> {
      await ensureQueues({ ...storage, signals, clock }, [{ id, tenantId, name: `Queue ${id}`, ...facts }]);
    },
    /** An agent with a desk who is idle, unless `state` says otherwise. */
    async agent(
      id: string,
      facts: Partial<Pick<Agent, 'skills' | 'capacity' | 'queueIds' | 'state'>> & { tenantId?: string } = {},
    ): Promise<void> {
      const { state = 'idle', ...declared } = facts;
      const of = declared.tenantId ?? tenantId;
      await ensureAgents({ ...storage, signals, clock }, [
        {
          id,
          tenantId: of,
          name: id[0]?.toUpperCase() + id.slice(1),
          skills: {},
          capacity: 1,
          queueIds: ['support'],
          ...declared,
        },
      ]);
      await service.connected(of, id);
      if (state !== 'offline') await service.setState(of, id, state, null);
      await settle();
    },
    /** A session that waits. `queuedAt` is now, unless told. */
    async session(facts: Partial<Session> = {}): Promise<Session> {
      const session = waitingSession(ids.next('ses'), clock.now(), facts);
      await commit([{ kind: 'insert', record: 'session', values: session }]);
      tell(session);
      await settle();
      return session;
    },
    async commit(changes: readonly Change[]): Promise<void> {
      await commit(changes);
    },
    /** Close a session as the session folder does. */
    async close(session: Session): Promise<void> {
      const now = await world.read(session);
      const at = clock.now();
      const result = await storage.unitOfWork.commit([
        ...(await slots.withdraw(now, at, 'closed')),
        {
          kind: 'update',
          record: 'session',
          where: { id: now.id },
          expect: { state: now.state, agentId: now.agentId },
          set: {
            state: 'closed',
            agentId: null,
            preferredAgentId: now.agentId ?? now.preferredAgentId,
            closedAt: at,
            closeReason: 'resolved',
          },
          refusal: 'SESSION_CHANGED',
        },
        ...(now.state === 'active' && now.agentId !== null ? slots.free(tenantId, now.agentId, at) : []),
        ...(now.agentId === null
          ? []
          : [
              {
                kind: 'update',
                record: 'participant',
                where: { sessionId: now.id, accountId: now.agentId, role: 'agent' },
                set: { leftAt: at },
              } as const,
            ]),
        {
          kind: 'append',
          tenantId,
          sessionId: now.id,
          at,
          activity: { type: 'event', name: 'session:closed', from: { id: 'system', role: 'system' }, audience: 'all' },
        },
      ]);
      if (result.outcome !== 'applied') throw new Error(`closing was ${result.outcome}`);
      for (const stored of result.appended) {
        signals.publish({ kind: 'activity', stored, conversation: now.conversation, channelId: now.channelId });
      }
      tell(now);
      if (now.agentId !== null) signals.publish({ kind: 'agent', tenantId, accountId: now.agentId });
      await settle();
    },
    async read(session: Pick<Session, 'id'>): Promise<Session> {
      const found = await storage.sessions.session(tenantId, session.id);
      if (found === undefined) throw new Error('no such session');
      return found;
    },
    async agentNow(id: string): Promise<Agent> {
      const found = await storage.routing.agent(tenantId, id);
      if (found === undefined) throw new Error('no such agent');
      return found;
    },
    /** Whom a session rings at, if anybody. */
    async ringsAt(session: Pick<Session, 'id'>): Promise<string | undefined> {
      return (await storage.routing.ringingOffer(session.id))?.agentId;
    },
    /** Names of the events in a session's log; messages as `message`. */
    async logOf(session: Pick<Session, 'id'>): Promise<string[]> {
      const { items } = await storage.sessions.activities(tenantId, session.id, 'staff', 0, 500);
      return items.map(({ activity }) => activity.name ?? activity.type);
    },
    /** The newest event of a name, with its value. */
    async lastEvent(session: Pick<Session, 'id'>, name: string): Promise<Record<string, unknown>> {
      const { items } = await storage.sessions.activities(tenantId, session.id, 'staff', 0, 500);
      const found = items.filter(({ activity }) => activity.name === name).at(-1);
      if (found === undefined) throw new Error(`no ${name} in the log`);
      return found.activity.value as Record<string, unknown>;
    },
  };

  async function commit(changes: readonly Change[]): Promise<void> {
    const result = await storage.unitOfWork.commit(changes);
    if (result.outcome !== 'applied') throw new Error(`commit was ${JSON.stringify(result)}`);
  }

  await open();
  await world.queue('support');
  return world;
}

export type RoutingWorld = Awaited<ReturnType<typeof routingWorld>>;

/** A session in state `queued`. */
export function waitingSession(id: string, at: number, facts: Partial<Session> = {}): Session {
  return {
    id,
    tenantId,
    channelId: 'shop',
    channelType: 'web',
    identityId: 'idn_1',
    conversation: `visitor:${id}`,
    queueId: 'support',
    agentId: null,
    preferredAgentId: null,
    media: ['chat'],
    priority: 0,
    subject: null,
    locale: null,
    page: null,
    state: 'queued',
    lastSeq: 0,
    lastPublicSeq: 0,
    lastCustomerAt: at,
    lastAgentAt: null,
    waitingSince: at,
    goneSince: null,
    createdAt: at,
    queuedAt: at,
    assignedAt: null,
    parkedAt: null,
    closedAt: null,
    closeReason: null,
    closedBy: null,
    ...facts,
  };
}
