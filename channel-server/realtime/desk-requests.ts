import type { ActivityContent, ActivityPage, Attachment, Audience, Clock } from '../../adapters/contract/index.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { SessionAccess } from '../access/session-access.ts';
import type { WithDeliveries } from '../channels/delivery-view.ts';
import { attachmentsOf, linkedWith } from '../channels/message-schema.ts';
import { FoyerError, notFound } from '../errors.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { DeskRequests, DeskSnapshot } from '../protocol/desk.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { RoutingService } from '../routing/routing-service.ts';
import type { SessionRepository, StoredActivity } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import type { SessionService, StaffMessage } from '../session/session-service.ts';
import type { DeskGateway } from './desk-gateway.ts';
import { createDeskList, supervises } from './desk-list.ts';
import type { DeskPeer } from './desk-peer.ts';
import { type DeskRequest, type DeskRequestName, decodeDesk, isDeskRequest } from './desk-schema.ts';
import type { DeskViews } from './desk-views.ts';

export interface DeskRequestsDependencies {
  desks: Pick<DeskGateway, 'join' | 'leave' | 'peersOf'>;
  views: DeskViews;
  withDeliveries: WithDeliveries;
  sessions: SessionRepository;
  routing: RoutingRepository;
  accounts: Pick<AccountRepository, 'account'>;
  sessionService: SessionService;
  routingService: RoutingService;
  sessionAccess: SessionAccess;
  mediaCache: Pick<MediaCache, 'link' | 'addresses'>;
  clock: Clock;
}

const pageSize = 200;

type Answers = {
  [Name in DeskRequestName]: (peer: DeskPeer, request: DeskRequest<Name>) => Promise<DeskRequests[Name]['answer']>;
};

const done = { ok: true } as const;

/** Answers one request of a desk; each checks the right to its session itself. */
export function createDeskRequests(dependencies: DeskRequestsDependencies) {
  const { desks, views, sessions, routing, sessionService, routingService, sessionAccess, mediaCache, clock } =
    dependencies;
  const { withDeliveries } = dependencies;
  const list = createDeskList({ sessions, routing, clock });
  let version = clock.now();

  const speaker = ({ principal }: DeskPeer) => ({
    id: principal.accountId,
    name: principal.name,
    role: 'agent' as const,
  });

  const snapshot = async (
    peer: DeskPeer,
    shown: readonly Session[],
  ): Promise<[DeskSnapshot, Map<string, ActivityPage>]> => {
    const { principal } = peer;
    const { tenantId, accountId } = principal;
    version = Math.max(version + 1, clock.now());
    const mine = version;
    const [queues, counts, agents, offers, shared] = await Promise.all([
      routing.queues(tenantId),
      routing.waitingCounts(tenantId),
      routing.agents(tenantId),
      routing.ringingOffersOf(tenantId, accountId),
      Promise.all(shown.map((session) => views.shared(session))),
    ]);
    const me = agents.find(({ id }) => id === accountId);
    const colleagues = agents.filter(
      ({ id, queueIds }) =>
        id !== accountId &&
        (principal.role === 'administrator' || queueIds.some((queueId) => principal.queueIds.includes(queueId))),
    );
    const ringing = await Promise.all(
      offers.map(async (offer) => {
        const session = await sessions.session(tenantId, offer.sessionId);
        return session === undefined ? undefined : views.offer(offer, session, principal);
      }),
    );
    const meView = me === undefined ? await nobody(peer) : await views.agent(me);
    return [
      {
        version: mine,
        now: new Date(clock.now()).toISOString(),
        me: { ...meView, role: principal.role },
        queues: queues.map((queue) => views.queue(queue, counts[queue.id] ?? 0)),
        agents: await Promise.all(colleagues.map((agent) => views.agent(agent))),
        offers: ringing.filter((offer) => offer !== undefined),
        sessions: await Promise.all(shared.map((one) => views.session(one, principal))),
        channels: views.channels(tenantId),
      },
      new Map(shared.map(({ session, newest }) => [session.id, newest])),
    ];
  };

  /** An account that serves no queue. */
  const nobody = async ({ principal, connectedAt }: DeskPeer) => ({
    id: principal.accountId,
    name: principal.name,
    state: 'offline' as const,
    reason: null,
    since: new Date(connectedAt).toISOString(),
    load: 0,
    capacity: 0,
    queues: [],
    lost: false,
  });

  const viewFor = async (peer: DeskPeer, session: Session) =>
    views.session(await views.shared(session), peer.principal);

  const answers: Answers = {
    async 'desk:resume'(peer, request) {
      const { tenantId } = peer.principal;
      const before = [...peer.sessions];
      const shown = await list.of(peer.principal);
      const ids = new Set(shown.map(({ id }) => id));
      for (const id of ids) desks.join(peer, id);
      for (const id of before) if (!ids.has(id)) desks.leave(peer, id);
      // Read again now that nothing is missed: states and logs are as new as what is told after this answer.
      const [whole, newest] = await snapshot(peer, await sessions.sessions(tenantId, [...ids]));
      const pages: Record<string, ActivityPage> = {};
      for (const [id, page] of newest) pages[id] = await withDeliveries(id, page);
      for (const [id, after] of Object.entries(request.sessions)) {
        if (!ids.has(id) && !(await mayRead(peer, id))) continue;
        pages[id] = await withDeliveries(id, await sessions.activities(tenantId, id, 'staff', after, pageSize));
      }
      const order = new Map(shown.map(({ id }, index) => [id, index]));
      whole.sessions.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
      return { ok: true, snapshot: whole, pages };
    },
    async 'activities:read'(peer, { session: id, after, limit }) {
      const session = await sessionAccess.session(peer.principal, 'read-staff', id);
      const page = await sessions.activities(session.tenantId, id, 'staff', after, limit ?? pageSize);
      return { ok: true, ...(await withDeliveries(id, page)) };
    },
    async 'message:send'(peer, request) {
      const { accountId, tenantId } = peer.principal;
      const audience = request.audience ?? 'all';
      const session = await sessionAccess.session(
        peer.principal,
        audience === 'staff' ? 'note' : 'write',
        request.session,
      );
      const content: ActivityContent = {};
      if (request.text !== undefined && request.text !== '')
        Object.assign(content, { text: request.text, textFormat: 'plain' });
      if (request.suggestedActions !== undefined) content.suggestedActions = request.suggestedActions;
      if (request.replyToId !== undefined) content.replyToId = request.replyToId;
      const message: StaffMessage = {
        session,
        from: speaker(peer),
        accountId,
        clientId: request.clientId,
        audience,
        content,
        connectionId: peer.id,
      };
      const { uploads, facts } = attachmentsOf(request);
      const linked = await link(peer, request.clientId, uploads, facts, audience);
      if ('stored' in linked)
        return { ok: true, activity: linked.stored.activity, prev: linked.stored.activity.seq - 1 };
      if (linked.media !== undefined) message.media = linked.media;
      const { stored } = await sessionService.send(message);
      if (stored.tenantId !== tenantId) throw notFound('session');
      return { ok: true, activity: stored.activity, prev: stored.activity.seq - 1 };
    },
    async 'receipt:send'(peer, { session: id, delivered, read }) {
      const session = await sessionAccess.session(peer.principal, 'read', id);
      // Only who talks with the customer has read for them; who looks on leaves no ticks.
      const talks = (session.agentId ?? session.preferredAgentId) === peer.principal.accountId;
      if (!talks) return done;
      const marks: { delivered?: number; read?: number } = {};
      if (delivered !== undefined) marks.delivered = delivered;
      if (read !== undefined) marks.read = read;
      await sessionService.receipt(session, speaker(peer), marks);
      return done;
    },
    async 'typing:send'(peer, { session: id, typing }) {
      const session = await sessionAccess.session(peer.principal, 'write', id);
      sessionService.typing(session, speaker(peer), typing, peer.id);
      return done;
    },
    async 'state:set'(peer, { state, reason }) {
      const { tenantId, accountId } = peer.principal;
      await routingService.setState(tenantId, accountId, state, reason ?? null);
      return done;
    },
    async 'offer:accept'(peer, { session: id }) {
      const { tenantId, accountId } = peer.principal;
      const session = await sessionAccess.session(peer.principal, 'accept', id);
      const accepted = await routingService.accept(accountId, session);
      for (const mine of desks.peersOf(tenantId, accountId)) desks.join(mine, id);
      return { ok: true, session: await viewFor(peer, accepted) };
    },
    async 'offer:decline'(peer, { session: id, reason }) {
      const session = await sessionAccess.session(peer.principal, 'read', id);
      await routingService.decline(peer.principal.accountId, session, reason);
      return done;
    },
    async 'session:transfer'(peer, { session: id, agent, queue, note }) {
      const session = await sessionAccess.session(peer.principal, 'transfer', id);
      const { accountId, name } = peer.principal;
      await routingService.transfer({ id: accountId, name }, session, {
        ...(agent === undefined ? {} : { agentId: agent }),
        ...(queue === undefined ? {} : { queueId: queue }),
        ...(note === undefined ? {} : { note }),
      });
      return done;
    },
    async 'session:close'(peer, { session: id, reason }) {
      const session = await sessionAccess.session(peer.principal, 'close', id);
      await sessionService.close(session, speaker(peer), reason);
      return done;
    },
    async 'media:resolve'(peer, { ids }) {
      const reader = `account:${peer.principal.accountId}` as const;
      const found = await mediaCache.addresses(peer.principal.tenantId, reader, ids);
      const readable = [];
      for (const { sessionId, uploader, audience: _, ...address } of found) {
        if (sessionId === null ? uploader === reader : await mayRead(peer, sessionId)) readable.push(address);
      }
      if (readable.length === 0) throw notFound('media');
      return { ok: true, media: readable };
    },
  };

  async function mayRead({ principal }: DeskPeer, sessionId: string): Promise<boolean> {
    const session = await sessions.session(principal.tenantId, sessionId);
    return session !== undefined && sessionAccess.allowed(principal, 'read-staff', session);
  }

  /** The media of a message; or the message itself, when it was stored before and only the answer got lost. */
  async function link(
    { principal: { tenantId, accountId } }: DeskPeer,
    clientId: string,
    uploads: readonly string[],
    facts: readonly Attachment[],
    audience: Audience,
  ): Promise<{ media: StaffMessage['media'] } | { stored: StoredActivity }> {
    if (uploads.length === 0) return { media: linkedWith(undefined, facts) };
    const scope = `account:${accountId}` as const;
    try {
      return { media: linkedWith(await mediaCache.link(tenantId, scope, uploads, audience), facts) };
    } catch (error) {
      const stored = await sessions.activityByKey(scope, clientId);
      if (stored === undefined || stored.tenantId !== tenantId) throw error;
      return { stored };
    }
  }

  function answer<Name extends DeskRequestName>(peer: DeskPeer, event: Name, payload: unknown): Promise<unknown> {
    return answers[event](peer, decodeDesk(event, payload));
  }

  return {
    list,
    supervises,
    async handle(peer: DeskPeer, event: string, payload: unknown): Promise<unknown> {
      if (!isDeskRequest(event)) throw new FoyerError('REQUEST_INVALID', 'The desk has no such request.');
      return answer(peer, event, payload);
    },
  };
}
