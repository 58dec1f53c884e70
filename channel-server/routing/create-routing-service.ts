import { FoyerError } from '../errors.ts';
import type { Signal } from '../session/ports.ts';
import { createSerial } from '../session/serial.ts';
import { accept } from './accept.ts';
import { assignWaiting, createAssigner } from './assign.ts';
import type { RoutingContext, RoutingDependencies } from './context.ts';
import { beginWrapUp, setState, wrapUpOver } from './duty.ts';
import { passOn, ringOut, withdrawDead } from './offers.ts';
import { createPositions } from './positions.ts';
import { connected, graceOver, lost, presumeLost } from './presence.ts';
import { queueDefaults } from './queue.ts';
import { createResting } from './resting.ts';
import type { RoutingService } from './routing-service.ts';
import { createAgentSlots } from './slots.ts';
import { transfer } from './transfer.ts';

/** All waiting sessions are looked at this often, whatever signals were lost. In ms. */
const sweepEvery = 10_000;
/** Changes of sessions wake routing this much later: they seldom make work. In ms. */
const sessionDelay = 200;

/**
 * Routing for every tenant of this process. Registers its timers with the runner at once; looks for work from
 * {@link RoutingService.start} on.
 */
export function createRoutingService(dependencies: RoutingDependencies): RoutingService {
  const { clock, log, routing, sessions, signals, timers } = dependencies;
  const resting = createResting();
  const context: RoutingContext = { ...dependencies, slots: createAgentSlots(dependencies), rest: resting.rest };
  const positions = createPositions(context);
  const assigner = createAssigner(dependencies, (tenantId, stopped) =>
    assignWaiting(context, resting, tenantId, stopped),
  );
  /** What changes an agent's state is done in the order it came. */
  const inTurn = createSerial();
  const ofAgent = (tenantId: string, agentId: string) => `${tenantId}/${agentId}`;
  let unsubscribe: (() => void) | undefined;
  let cancelSweep: (() => void) | undefined;
  const background = new Set<Promise<void>>();

  timers.handle({
    'offer:ring': (timer) => ringOut(context, timer),
    'agent:grace': (timer) => inTurn.run(ofAgent(timer.tenantId, timer.subject), () => graceOver(context, timer)),
    'agent:wrap-up': (timer) => inTurn.run(ofAgent(timer.tenantId, timer.subject), () => wrapUpOver(context, timer)),
  });

  function inBackground(what: string, run: () => Promise<void>): void {
    const work = run()
      .catch((error: unknown) => log.error({ error }, `${what} failed`))
      .finally(() => background.delete(work));
    background.add(work);
  }

  function receive(signal: Signal): void {
    switch (signal.kind) {
      case 'queue':
        positions.changed(signal.tenantId, signal.queueId);
        assigner.wake(signal.tenantId);
        return;
      case 'agent':
      case 'configuration':
        assigner.wake(signal.tenantId);
        return;
      case 'session':
        assigner.wakeAt(signal.tenantId, clock.now() + sessionDelay);
        return;
      case 'activity':
        if (signal.stored.activity.name === 'session:closed') {
          inBackground('what follows closing', () => closed(signal));
        }
    }
  }

  /** An offer that began to ring while its session was closing rings for nothing. */
  async function closed(signal: Extract<Signal, { kind: 'activity' }>): Promise<void> {
    const { tenantId, activity } = signal.stored;
    const offer = await routing.ringingOffer(activity.conversation.id);
    const session = offer && (await sessions.session(tenantId, offer.sessionId));
    if (offer !== undefined && session?.state === 'closed') await withdrawDead(context, session, offer);
    await beginWrapUp(context, signal.stored);
  }

  async function sweep(): Promise<void> {
    for (const tenantId of await routing.tenantsWithWaiting()) assigner.wake(tenantId);
  }

  function sweepLater(): void {
    cancelSweep = clock.after(sweepEvery, () => {
      inBackground('looking for waiting sessions', sweep);
      sweepLater();
    });
  }

  return {
    async start() {
      await presumeLost(context);
      unsubscribe = signals.subscribe(receive);
      await sweep();
      sweepLater();
    },
    async stop() {
      unsubscribe?.();
      cancelSweep?.();
      await assigner.stop();
      await Promise.all(background);
    },
    accept: (agentId, session) => accept(context, agentId, session),
    async decline(agentId, session, reason) {
      const offer = await routing.ringingOffer(session.id);
      if (offer !== undefined && offer.tenantId === session.tenantId && offer.agentId === agentId) {
        const queue = await routing.queue(offer.tenantId, offer.queueId);
        // Before the commit: its wake-up must already know.
        context.rest(session.id, agentId, clock.now() + (queue?.ringTime ?? queueDefaults.ringTime));
        if (await passOn(context, offer, { state: 'declined', reason: reason ?? null })) return;
      }
      throw new FoyerError('ROUTING_NO_OFFER', 'This session does not ring here.');
    },
    transfer: (by, session, target) => transfer(context, by, session, target),
    setState: (tenantId, agentId, state, reason) =>
      inTurn.run(ofAgent(tenantId, agentId), () => setState(context, tenantId, agentId, state, reason)),
    connected: (tenantId, agentId) =>
      inTurn.run(ofAgent(tenantId, agentId), () => connected(context, tenantId, agentId)),
    lost: (tenantId, agentId) => inTurn.run(ofAgent(tenantId, agentId), () => lost(context, tenantId, agentId)),
    position: (session) => positions.position(session),
  };
}
