import type { Clock, Log, Receipt } from '../../adapters/contract/index.ts';
import type { VisitorTokens } from '../access/access-service.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import { deliveryView } from '../channels/delivery-view.ts';
import type { DeliveryRepository } from '../channels/ports.ts';
import type { MediaCache, ReaderKey } from '../media/media-cache.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import type { SessionRepository, Signal } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import { type Coalescer, createCoalescer } from './coalesce.ts';
import type { CustomerGateway } from './customer-gateway.ts';
import { type CustomerSessions, customerView } from './customer-sessions.ts';
import type { DeskGateway } from './desk-gateway.ts';
import { type DeskList, supervises } from './desk-list.ts';
import type { DeskViews } from './desk-views.ts';

export interface TellingDependencies {
  customers: CustomerGateway;
  desks: DeskGateway;
  list: DeskList;
  views: DeskViews;
  customerSessions: CustomerSessions;
  sessions: Pick<SessionRepository, 'session'>;
  deliveries: Pick<DeliveryRepository, 'delivery'>;
  channels: Pick<ChannelService, 'sends'>;
  routing: Pick<RoutingRepository, 'offer' | 'ringingOffer' | 'agent' | 'queue' | 'waitingCounts'>;
  routingService: Pick<RoutingService, 'position'>;
  visitorTokens: VisitorTokens;
  mediaCache: Pick<MediaCache, 'addresses'>;
  clock: Clock;
  log: Log;
}

/** Turns signals into facts for the people connected to this node. */
export interface Telling {
  receive(signal: Signal): void;
  stop(): void;
}

/** How long wake-ups of one thing are gathered, in ms. */
const delays = { session: 15, offer: 0, agent: 60, queue: 250, configuration: 300, delivery: 10, reach: 20 };

interface Keyed {
  tenantId: string;
  id: string;
}

export function createTelling(dependencies: TellingDependencies): Telling {
  const { customers, desks, list, views, customerSessions, sessions, routing, mediaCache, clock, log } = dependencies;

  const gather = (delay: number, work: (key: Keyed) => Promise<void>): Coalescer<Keyed> =>
    createCoalescer<Keyed>({ clock, log, delay, work: (_key, facts) => work(facts) });

  const customerPeers = (session: Pick<Session, 'channelId' | 'conversation'>) =>
    customers.peers(session.channelId, session.conversation);

  const changedSession = async ({ tenantId, id }: Keyed) => {
    const session = await sessions.session(tenantId, id);
    if (session === undefined) return;
    const peers = customerPeers(session);
    if (peers.length > 0) {
      const entry = await customerSessions.remember(session);
      customers.tell(peers, { kind: 'session', session: customerView(entry) });
    }
    await tellDesks(session);
  };

  const tellDesks = async (session: Session) => {
    const waits = session.state === 'queued' || session.state === 'offered';
    const colleagues = desks.colleagues(session.tenantId);
    if (colleagues.length === 0) return;
    const ringingAt =
      session.state === 'closed' || session.state === 'queued'
        ? undefined
        : (await routing.ringingOffer(session.id))?.agentId;
    const readers = new Set(desks.readersOf(session.id));
    for (const accountId of [session.agentId, ringingAt]) {
      if (accountId === null || accountId === undefined) continue;
      for (const peer of desks.peersOf(session.tenantId, accountId)) readers.add(peer);
    }
    if (waits) for (const peer of colleagues) if (supervises(peer.principal, session.queueId)) readers.add(peer);
    if (readers.size === 0) return;
    const shared = await views.shared(session);
    for (const peer of readers) {
      if (list.belongs(peer.principal, session, ringingAt)) {
        desks.join(peer, session.id);
        peer.send('session:changed', await views.session(shared, peer.principal));
      } else if (peer.sessions.has(session.id)) {
        desks.leave(peer, session.id);
        peer.send('session:removed', { session: session.id });
      }
    }
  };

  const changedOffer = async ({ tenantId, id }: Keyed) => {
    const offer = await routing.offer(tenantId, id);
    if (offer === undefined) return;
    const peers = desks.peersOf(tenantId, offer.agentId);
    if (peers.length === 0) return;
    if (offer.state !== 'ringing') {
      desks.tell(peers, 'offer:ended', { offer: offer.id, session: offer.sessionId, state: offer.state });
      return;
    }
    const session = await sessions.session(tenantId, offer.sessionId);
    const first = peers[0];
    if (session === undefined || first === undefined) return;
    for (const peer of peers) desks.join(peer, session.id);
    desks.tell(peers, 'offer:made', await views.offer(offer, session, first.principal));
  };

  const changedAgent = async ({ tenantId, id }: Keyed) => {
    const agent = await routing.agent(tenantId, id);
    if (agent === undefined) return;
    const colleagues = desks.colleagues(tenantId).filter(({ principal }) => {
      const shares = agent.queueIds.some((queueId) => principal.queueIds.includes(queueId));
      return principal.accountId === id || principal.role === 'administrator' || shares;
    });
    if (colleagues.length > 0) desks.tell(colleagues, 'agent:changed', await views.agent(agent));
  };

  const changedQueue = async ({ tenantId, id }: Keyed) => {
    await tellPositions(tenantId, id);
    const colleagues = desks.colleagues(tenantId);
    if (colleagues.length === 0) return;
    const [queue, counts] = await Promise.all([routing.queue(tenantId, id), routing.waitingCounts(tenantId)]);
    if (queue !== undefined) desks.tell(colleagues, 'queue:changed', views.queue(queue, counts[id] ?? 0));
  };

  /** Places in the queue move for those who wait behind; only a place that changed is told. */
  const tellPositions = async (tenantId: string, queueId: string) => {
    for (const entry of customerSessions.waiting(tenantId, queueId)) {
      const peers = customerPeers(entry.session);
      if (peers.length === 0) continue;
      const position = await dependencies.routingService.position(entry.session);
      if (position === undefined || position === entry.position) continue;
      entry.position = position;
      // Taken out of the queue meanwhile, it has been told already.
      if (customerSessions.peek(entry.session.id) !== entry) continue;
      customers.tell(peers, { kind: 'session', session: customerView(entry) });
    }
  };

  const changedConfiguration = async ({ tenantId }: Keyed) => {
    customers.endStopped();
    await desks.refresh(tenantId);
    const colleagues = desks.colleagues(tenantId);
    if (colleagues.length > 0) desks.tell(colleagues, 'channels:changed', { channels: views.channels(tenantId) });
  };

  const changedDelivery = async ({ tenantId, id }: Keyed) => {
    const delivery = await dependencies.deliveries.delivery(tenantId, id);
    // Of a message sent again only the newest try is told.
    if (delivery === undefined || delivery.replacedBy !== null) return;
    const { sessionId: session } = delivery;
    desks.tell(desks.readersOf(session), 'delivery:changed', { session, delivery: deliveryView(delivery) });
    // Sending uses the window's messages up, and is how a platform says that nothing arrives any more.
    dirty.reach.wake(session, { tenantId, id: session });
  };

  const changedReach = async ({ tenantId, id }: Keyed) => {
    const readers = desks.readersOf(id);
    const session = readers.length === 0 ? undefined : await sessions.session(tenantId, id);
    const reach = session === undefined ? undefined : await views.reach(session);
    if (reach !== undefined) desks.tell(readers, 'reach:changed', { session: id, reach });
  };

  const dirty = {
    deliveries: gather(delays.delivery, changedDelivery),
    reach: gather(delays.reach, changedReach),
    sessions: gather(delays.session, changedSession),
    offers: gather(delays.offer, changedOffer),
    agents: gather(delays.agent, changedAgent),
    queues: gather(delays.queue, changedQueue),
    configurations: gather(delays.configuration, changedConfiguration),
  };

  const receipt = async (tenantId: string, told: Receipt) => {
    desks.tell(desks.readersOf(told.sessionId), 'receipt:advanced', told);
    const entry = customerSessions.peek(told.sessionId) ?? (await customerSessions.get(tenantId, told.sessionId));
    if (entry !== undefined) customers.tell(customerPeers(entry.session), { kind: 'receipt', receipt: told });
  };

  const typing = async (signal: Extract<Signal, { kind: 'typing' }>) => {
    const { tenantId, sessionId, from, connectionId } = signal;
    desks.tell(
      desks.readersOf(sessionId),
      'typing:changed',
      { session: sessionId, from, typing: signal.typing },
      connectionId,
    );
    if (from.role === 'user') return;
    const entry = customerSessions.peek(sessionId) ?? (await customerSessions.get(tenantId, sessionId));
    if (entry === undefined) return;
    customers.tell(customerPeers(entry.session), { kind: 'typing', sessionId, from, typing: signal.typing });
  };

  /** Addresses are signed for one reader each. */
  const media = async (tenantId: string, sessionId: string, mediaId: string) => {
    const address = async (reader: ReaderKey) => {
      const [found] = await mediaCache.addresses(tenantId, reader, [mediaId]);
      if (found === undefined || found.sessionId !== sessionId) return undefined;
      const { sessionId: _session, uploader: _uploader, audience, ...plain } = found;
      return audience === 'staff' && reader.startsWith('visitor:') ? undefined : plain;
    };
    for (const peer of desks.readersOf(sessionId)) {
      const found = await address(`account:${peer.principal.accountId}`);
      if (found !== undefined) peer.send('media:changed', { session: sessionId, media: found });
    }
    const entry = await customerSessions.get(tenantId, sessionId);
    for (const peer of entry === undefined ? [] : customerPeers(entry.session)) {
      const visitor = peer.connection?.visitor;
      const found = visitor === undefined ? undefined : await address(`visitor:${visitor.id}`);
      if (found !== undefined) customers.tell([peer], { kind: 'media', sessionId, address: found });
    }
  };

  const background = (work: Promise<void>) => {
    work.catch((error: unknown) => log.warn({ err: error }, 'telling connected people failed'));
  };

  return {
    receive(signal) {
      switch (signal.kind) {
        case 'activity': {
          const { stored, conversation, channelId, connectionId } = signal;
          const { activity } = stored;
          customerSessions.note(stored);
          const { id } = activity.conversation;
          const readers = desks.readersOf(id);
          if (readers.length > 0) desks.tellActivity(readers, { activity, prev: activity.seq - 1 }, connectionId);
          // What a customer of a platform does opens its window, or closes the conversation.
          if (readers.length > 0 && activity.from.role === 'user' && dependencies.channels.sends(activity.channelId)) {
            dirty.reach.wake(id, { tenantId: stored.tenantId, id });
          }
          const peers = customers.peers(channelId, conversation);
          if (peers.length === 0) return;
          for (const peer of peers) peer.engaged = true;
          if (activity.audience !== 'all') return;
          customers.tell(
            peers,
            { kind: 'activity', sequenced: { activity, prev: stored.previousPublic } },
            connectionId,
          );
          return;
        }
        case 'session':
          customerSessions.forget(signal.sessionId);
          dirty.sessions.wake(signal.sessionId, { tenantId: signal.tenantId, id: signal.sessionId });
          return;
        case 'receipt':
          return background(receipt(signal.tenantId, signal.receipt));
        case 'typing':
          return background(typing(signal));
        case 'queue':
          return dirty.queues.wake(`${signal.tenantId}/${signal.queueId}`, {
            tenantId: signal.tenantId,
            id: signal.queueId,
          });
        case 'agent':
          return dirty.agents.wake(signal.accountId, { tenantId: signal.tenantId, id: signal.accountId });
        case 'offer':
          dirty.offers.wake(signal.offerId, { tenantId: signal.tenantId, id: signal.offerId });
          dirty.sessions.wake(signal.sessionId, { tenantId: signal.tenantId, id: signal.sessionId });
          return;
        case 'delivery':
          if (desks.readersOf(signal.sessionId).length === 0) return;
          return dirty.deliveries.wake(signal.deliveryId, { tenantId: signal.tenantId, id: signal.deliveryId });
        case 'media':
          if (signal.sessionId !== null) background(media(signal.tenantId, signal.sessionId, signal.mediaId));
          return;
        case 'configuration':
          return dirty.configurations.wake(signal.tenantId, { tenantId: signal.tenantId, id: '' });
        case 'revoked':
          if (signal.principal.kind === 'visitor') customers.endVisitor(signal.principal.id);
          else desks.endAccount(signal.tenantId, signal.principal.id, 'signed-out');
      }
    },
    stop() {
      for (const coalescer of Object.values(dirty)) coalescer.stop();
    },
  };
}
