import type { Session } from '../session/session.ts';
import type { RoutingContext, RoutingDependencies } from './context.ts';
import { type Floor, readFloor } from './floor.ts';
import { askedSince, compareWaiting, match, waitsSince } from './match.ts';
import { makeOffer, type OfferPlan, withdrawStaleTransfer } from './offers.ts';
import type { Resting } from './resting.ts';

/** How many sessions are looked at, and offered, together. */
const batch = 64;
/** How many are looked at when nobody of a batch can be served though agents are free. */
const widest = 16_384;
/** After this many rounds in which every offer was refused by the rows, a run rests. */
const fruitlessRounds = 4;
/** How long it rests, in ms. */
const pause = 250;

/** What a run found out. */
export interface RunResult {
  /** When there may be work by time alone, ms since the epoch. */
  askAgainAt?: number;
}

/**
 * Give a tenant's waiting sessions to its free agents: best sessions first, as many as there are slots. Decisions are
 * taken in memory, the offers of a batch are stored side by side, and each checks its conditions again in its commit.
 */
export async function assignWaiting(
  context: RoutingContext,
  resting: Resting,
  tenantId: string,
  stopped: () => boolean,
): Promise<RunResult> {
  if ((await context.routing.waiting(tenantId, 'all', 1)).length === 0) return {};
  let floor = await readFloor(context, tenantId);
  let limit = batch;
  let fruitless = 0;
  while (!stopped()) {
    const open = floor.openQueues();
    if (open.length === 0) return {};
    const waiting = await context.routing.waiting(tenantId, open, limit);
    const plan = await planOffers(context, resting, floor, waiting.sort(compareWaiting));
    if (plan.offers.length === 0) {
      if (waiting.length < limit || limit >= widest) {
        return plan.askAgainAt === undefined ? {} : { askAgainAt: plan.askAgainAt };
      }
      limit *= 4;
      continue;
    }
    limit = batch;
    const refusals = await Promise.all(plan.offers.map((offer) => makeOffer(context, offer)));
    const refused = plan.offers.filter((_offer, index) => refusals[index] !== undefined);
    if (refused.length === 0) continue;
    await Promise.all(refused.map(({ session }) => withdrawStaleTransfer(context, session.id)));
    fruitless = refused.length === plan.offers.length ? fruitless + 1 : 0;
    if (fruitless >= fruitlessRounds) {
      context.log.warn({ tenantId, refusals: refusals.slice(0, 3) }, 'offers kept being refused: trying again soon');
      return { askAgainAt: context.clock.now() + pause };
    }
    floor = await readFloor(context, tenantId);
  }
  return {};
}

async function planOffers(
  context: RoutingContext,
  resting: Resting,
  floor: Floor,
  waiting: readonly Session[],
): Promise<{ offers: OfferPlan[]; askAgainAt?: number }> {
  const offers: OfferPlan[] = [];
  let askAgainAt = Number.POSITIVE_INFINITY;
  for (const session of waiting) {
    if (offers.length >= batch) break;
    const queue = floor.queue(session.queueId);
    if (queue === undefined) continue;
    const now = context.clock.now();
    const rests = resting.of(session.id, now);
    const decision = match({
      session: {
        ...session,
        waitsSince: waitsSince(session),
        passedOver: new Set(await context.routing.passedOver(session.id, askedSince(session))),
        resting: rests.agents,
      },
      queue,
      agents: floor.serving(queue.id),
      now,
    });
    if (decision.agent === null) {
      askAgainAt = Math.min(askAgainAt, decision.askAgainAt ?? askAgainAt, rests.until ?? askAgainAt);
      continue;
    }
    const { agent, because, skipped } = decision;
    floor.take(agent.id, now);
    const { id, name, capacity } = agent;
    offers.push({ session, agent: { id, name, tenantId: session.tenantId }, capacity, queue, because, skipped });
  }
  return Number.isFinite(askAgainAt) ? { offers, askAgainAt } : { offers };
}

/** Runs {@link assignWaiting} for tenants that were woken: one run at a time for each, any number of wakes become one. */
export interface Assigner {
  wake(tenantId: string): void;
  /** Wake soon, not at once: many such wakes become one. */
  wakeAt(tenantId: string, at: number): void;
  stop(): Promise<void>;
}

export function createAssigner(
  dependencies: Pick<RoutingDependencies, 'clock' | 'log'>,
  run: (tenantId: string, stopped: () => boolean) => Promise<RunResult>,
): Assigner {
  const { clock, log } = dependencies;
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  const alarms = new Map<string, { at: number; cancel: () => void }>();
  let stopped = false;

  function wakeAt(tenantId: string, at: number): void {
    const set = alarms.get(tenantId);
    if (stopped || (set !== undefined && set.at <= at)) return;
    set?.cancel();
    const cancel = clock.after(at - clock.now(), () => {
      alarms.delete(tenantId);
      wake(tenantId);
    });
    alarms.set(tenantId, { at, cancel });
  }

  async function work(tenantId: string, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      try {
        const { askAgainAt } = await run(tenantId, () => stopped);
        if (askAgainAt !== undefined) wakeAt(tenantId, askAgainAt);
      } catch (error) {
        log.error({ tenantId, error }, 'assigning failed: the next sweep tries again');
      }
    } while (state.again && !stopped);
    running.delete(tenantId);
  }

  function wake(tenantId: string): void {
    if (stopped) return;
    const state = running.get(tenantId);
    if (state !== undefined) {
      state.again = true;
      return;
    }
    const started = { again: false, done: Promise.resolve() };
    running.set(tenantId, started);
    // A turn later: many signals of one commit become one run.
    started.done = Promise.resolve().then(() => work(tenantId, started));
  }

  return {
    wake,
    wakeAt,
    async stop() {
      stopped = true;
      for (const { cancel } of alarms.values()) cancel();
      alarms.clear();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
