import type { Activity, ActivityPage, Attachment, Clock } from '../../adapters/contract/index.ts';
import type { AccountRepository } from '../access/ports.ts';
import type { AccountPrincipal } from '../access/principal.ts';
import type { SessionAccess } from '../access/session-access.ts';
import type { ChannelService } from '../channels/channel-service.ts';
import type { ConversationRecord } from '../channels/conversation.ts';
import type { DeliveryRepository } from '../channels/ports.ts';
import { displayName } from '../customers/customer.ts';
import type { CustomerRepository } from '../customers/ports.ts';
import type {
  AgentView,
  ChannelView,
  CustomerView,
  OfferView,
  QueueView,
  ReachView,
  SessionView,
} from '../protocol/desk.ts';
import { type Agent, defaultCapacity } from '../routing/agent.ts';
import type { Offer } from '../routing/offer.ts';
import type { RoutingRepository } from '../routing/ports.ts';
import type { Queue } from '../routing/queue.ts';
import type { SessionRepository } from '../session/ports.ts';
import type { Session } from '../session/session.ts';

/** What every reader of a session is told alike, read once for all of them. */
export interface SharedSessionFacts {
  session: Session;
  view: Omit<SessionView, 'unread' | 'may'>;
  /** The newest activities, for the preview and the count of unread ones. */
  newest: ActivityPage;
  /** The account at which it rings. */
  ringingAt: string | undefined;
  /** Whether its queue lets agents take it without an offer. */
  picking: boolean;
}

export interface DeskViews {
  shared(session: Session): Promise<SharedSessionFacts>;
  session(shared: SharedSessionFacts, reader: AccountPrincipal): Promise<SessionView>;
  offer(offer: Offer, session: Session, reader: AccountPrincipal): Promise<OfferView>;
  agent(agent: Agent): Promise<AgentView>;
  queue(queue: Queue, waiting: number): QueueView;
  /** The tenant's channels whose settings are valid. */
  channels(tenantId: string): ChannelView[];
  /** Undefined where no platform has a say. */
  reach(session: Session): Promise<ReachView | undefined>;
  /** Chats at once of the tenant's agents whose own number is 0. */
  tenantCapacity(tenantId: string): Promise<number>;
}

export interface DeskViewsDependencies {
  sessions: Pick<SessionRepository, 'newestActivities'>;
  customers: CustomerRepository;
  routing: Pick<RoutingRepository, 'agent' | 'queue' | 'ringingOffer'>;
  accounts: Pick<AccountRepository, 'tenants' | 'account'>;
  channels: Pick<ChannelService, 'all' | 'sends'>;
  deliveries: Pick<DeliveryRepository, 'conversation'>;
  sessionAccess: SessionAccess;
  clock: Clock;
}

/** Newest activities a desk is given of a session it knows nothing of. */
export const newestShown = 50;

const iso = (ms: number) => new Date(ms).toISOString();

export function createDeskViews(dependencies: DeskViewsDependencies): DeskViews {
  const { sessions, customers, routing, accounts, channels, deliveries, sessionAccess } = dependencies;

  const nameOfAgent = async (tenantId: string, accountId: string): Promise<string> =>
    (await routing.agent(tenantId, accountId))?.name ??
    (await accounts.account(tenantId, accountId))?.name ??
    accountId;

  const customerView = async (session: Session): Promise<CustomerView> => {
    const identity = await customers.identity(session.tenantId, session.identityId);
    if (identity === undefined) return { id: session.identityId, signed: false, attributes: {} };
    const customer = await customers.customer(session.tenantId, identity.customerId);
    const { signed, typed } = identity;
    const view: CustomerView = {
      id: identity.customerId,
      // What a platform tells of its people is no signature of the company's.
      signed: signed !== null && !channels.sends(session.channelType),
      attributes: { ...customer?.attributes, ...signed?.attributes },
    };
    const name = displayName(identity);
    const email = signed?.email ?? typed?.email;
    const phone = signed?.phone ?? typed?.phone;
    if (name !== undefined) view.name = name;
    if (email !== undefined) view.email = email;
    if (phone !== undefined) view.phone = phone;
    return view;
  };

  const tenantCapacity = async (tenantId: string): Promise<number> => {
    const tenant = (await accounts.tenants()).find(({ id }) => id === tenantId);
    return tenant !== undefined && tenant.defaultCapacity > 0 ? tenant.defaultCapacity : defaultCapacity;
  };

  const views: DeskViews = {
    tenantCapacity,
    async shared(session) {
      const [newest, customer, queue, ringing, agentName, reach] = await Promise.all([
        sessions.newestActivities(session.tenantId, session.id, 'staff', newestShown),
        customerView(session),
        routing.queue(session.tenantId, session.queueId),
        session.state === 'closed' ? undefined : routing.ringingOffer(session.id),
        session.agentId === null ? undefined : nameOfAgent(session.tenantId, session.agentId),
        views.reach(session),
      ]);
      const channel = channels.all().find(({ record }) => record.id === session.channelId);
      const view: SharedSessionFacts['view'] = {
        id: session.id,
        state: session.state,
        channel: { id: session.channelId, type: session.channelType, name: channel?.record.name ?? session.channelId },
        queue: { id: session.queueId, name: queue?.name ?? session.queueId },
        customer,
        priority: session.priority,
        createdAt: iso(session.createdAt),
        lastSeq: session.lastSeq,
      };
      if (session.agentId !== null && agentName !== undefined) view.agent = { id: session.agentId, name: agentName };
      if (reach !== undefined) view.reach = reach;
      if (session.page !== null) view.page = session.page;
      if (session.subject !== null) view.subject = session.subject;
      if (session.closeReason !== null) view.closeReason = session.closeReason;
      for (const time of ['queuedAt', 'assignedAt', 'parkedAt', 'closedAt', 'waitingSince', 'goneSince'] as const) {
        const at = session[time];
        if (at !== null) view[time] = iso(at);
      }
      const preview = previewOf(newest);
      if (preview !== undefined) view.preview = preview;
      return { session, view, newest, ringingAt: ringing?.agentId, picking: queue?.picking === true };
    },

    async session({ session, view, newest, ringingAt, picking }, reader) {
      const may = async (action: 'write' | 'note' | 'accept' | 'transfer' | 'close') =>
        sessionAccess.allowed(reader, action, session);
      const offered = ringingAt === reader.accountId;
      const [write, note, accept, transfer, close] = await Promise.all([
        may('write'),
        may('note'),
        offered || (picking && session.state === 'queued') ? may('accept') : false,
        may('transfer'),
        session.state === 'closed' ? false : may('close'),
      ]);
      return { ...view, unread: unreadOf(newest, reader.accountId), may: { write, note, accept, transfer, close } };
    },

    async offer(offer, session, reader) {
      const shared = await views.shared(session);
      const view: OfferView = {
        id: offer.id,
        sessionId: offer.sessionId,
        queueId: offer.queueId,
        kind: offer.kind,
        madeAt: iso(offer.madeAt),
        expiresAt: iso(offer.expiresAt),
        session: await views.session(shared, reader),
      };
      if (offer.fromAgentId !== null) {
        view.from = { id: offer.fromAgentId, name: await nameOfAgent(offer.tenantId, offer.fromAgentId) };
        const note = noteOf(shared.newest, offer.fromAgentId, offer.madeAt);
        if (note !== undefined) view.note = note;
      }
      return view;
    },

    async agent(agent) {
      return {
        id: agent.id,
        name: agent.name,
        state: agent.state,
        reason: agent.reason,
        since: iso(agent.stateSince),
        load: agent.load,
        capacity: agent.capacity > 0 ? agent.capacity : await tenantCapacity(agent.tenantId),
        queues: [...agent.queueIds],
        lost: agent.lostSince !== null,
      };
    },

    queue: ({ id, name, picking }, waiting) => ({ id, name, waiting, picking }),

    channels: (tenantId) =>
      channels
        .all()
        .filter(({ record }) => record.tenantId === tenantId)
        .map(({ record: { id, type, name, enabled }, capabilities }) => ({
          id,
          type,
          name,
          sends: channels.sends(type),
          running: enabled,
          capabilities,
        })),

    async reach({ channelId, channelType, conversation: id, tenantId }) {
      if (!channels.sends(channelType)) return undefined;
      const conversation = await deliveries.conversation(channelId, id);
      return conversation?.tenantId === tenantId ? reachOf(conversation) : undefined;
    },
  };
  return views;
}

function reachOf({ windowUntil, windowLeft, closed }: ConversationRecord): ReachView {
  const reach: ReachView = {};
  if (windowUntil !== null) {
    reach.window =
      windowLeft === null ? { until: iso(windowUntil) } : { until: iso(windowUntil), left: Math.max(0, windowLeft) };
  }
  if (closed !== null) reach.closed = closed;
  return reach;
}

/** The newest message, for a list. */
function previewOf(page: ActivityPage): SessionView['preview'] {
  const newest = page.items.findLast(({ activity }) => activity.type === 'message')?.activity;
  if (newest === undefined) return undefined;
  return { text: shortened(textOf(newest)), from: newest.from, at: newest.timestamp };
}

/** What the colleague wrote for the one who gets the session, stored together with the offer. */
function noteOf(page: ActivityPage, from: string, madeAt: number): string | undefined {
  return page.items.findLast(
    ({ activity }) =>
      activity.type === 'message' &&
      activity.audience === 'staff' &&
      activity.from.id === from &&
      Date.parse(activity.timestamp) >= madeAt,
  )?.activity.text;
}

function textOf(activity: Activity): string {
  if (activity.text !== undefined && activity.text !== '') return activity.text;
  return activity.attachments?.map(wordsOf).find((words) => words !== '') ?? '';
}

/** A file's name; what a template, card, link or place says. */
function wordsOf({ name, content }: Attachment): string {
  const said = (content ?? {}) as { text?: unknown; title?: unknown; name?: unknown };
  const words = [name, said.text, said.title, said.name].find((one) => typeof one === 'string' && one !== '');
  return typeof words === 'string' ? words : '';
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 140
    ? line
    : `${line
        .slice(0, 139)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;
}

/** Messages of the customer after this reader's watermark, as far as the newest activities tell. */
function unreadOf(page: ActivityPage, accountId: string): number {
  const read = page.receipts.find(({ participant }) => participant.id === accountId)?.read ?? 0;
  return page.items.filter(
    ({ activity }) => activity.type === 'message' && activity.from.role === 'user' && activity.seq > read,
  ).length;
}
