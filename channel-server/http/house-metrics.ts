import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../../adapters/contract/index.ts';
import { sessionEvents } from '../../adapters/contract/index.ts';
import type { AccountRepository } from '../access/ports.ts';
import { agentStates } from '../routing/agent.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { Signals, TimerRepository } from '../session/ports.ts';

export interface HouseMetricsDependencies {
  signals: Signals;
  accounts: Pick<AccountRepository, 'tenants'>;
  routing: Pick<RoutingRepository, 'queues' | 'waitingCounts' | 'agents'>;
  timers: Pick<TimerRepository, 'nextDue'>;
  clock: Clock;
}

/**
 * What an operator watches: work that waits, people who could do it, what was stored. Counted as plain numbers
 * while the house works; read from the store only when somebody asks. No label holds anything people typed.
 */
export function measureHouse(registry: Registry, dependencies: HouseMetricsDependencies): void {
  const { signals, accounts, routing, timers, clock } = dependencies;
  const registers = [registry];
  const messages = new Map<string, number>();
  const events = new Map<string, number>();
  signals.subscribe((signal) => {
    if (signal.kind !== 'activity') return;
    const { type, name, from } = signal.stored.activity;
    if (type === 'message') messages.set(from.role, (messages.get(from.role) ?? 0) + 1);
    else if (name !== undefined && Object.hasOwn(sessionEvents, name)) events.set(name, (events.get(name) ?? 0) + 1);
  });

  const counted = (name: string, help: string, label: string, counts: ReadonlyMap<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of counts) this.inc({ [label]: value }, count);
      },
    });
  counted('foyer_messages_stored_total', 'Messages stored, by who wrote them.', 'role', messages);
  counted('foyer_session_events_total', 'Facts of sessions and offers since start, by name.', 'name', events);

  new Gauge({
    name: 'foyer_queue_waiting',
    help: 'Sessions that wait, or ring at an agent.',
    labelNames: ['tenant', 'queue'],
    registers,
    async collect() {
      this.reset();
      for (const { id: tenant } of await accounts.tenants()) {
        const counts = await routing.waitingCounts(tenant);
        for (const { id: queue } of await routing.queues(tenant)) this.set({ tenant, queue }, counts[queue] ?? 0);
      }
    },
  });
  new Gauge({
    name: 'foyer_agents',
    help: 'Agents by state.',
    labelNames: ['tenant', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { id: tenant } of await accounts.tenants()) {
        const agents = await routing.agents(tenant);
        for (const state of agentStates) {
          this.set({ tenant, state }, agents.filter((agent) => agent.state === state).length);
        }
      }
    },
  });
  new Gauge({
    name: 'foyer_timers_overdue_seconds',
    help: 'How late the earliest timer is that nobody has taken. More than a minute: something is stuck.',
    registers,
    async collect() {
      const due = await timers.nextDue();
      this.set(due === undefined ? 0 : Math.max(0, clock.now() - due) / 1000);
    },
  });
}

/** Measures commits of the store; observed once a commit, however many writes share it. */
export function commitMeter(registry: Registry): (transactions: number, milliseconds: number) => void {
  const registers = [registry];
  const durations = new Histogram({
    name: 'foyer_commit_duration_seconds',
    help: 'Seconds a commit takes until it is durable.',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  });
  const sizes = new Histogram({
    name: 'foyer_commit_transactions',
    help: 'Writes that shared one commit.',
    buckets: [1, 2, 5, 10, 30, 100, 300, 1000],
    registers,
  });
  return (transactions, milliseconds) => {
    durations.observe(milliseconds / 1000);
    sizes.observe(transactions);
  };
}
