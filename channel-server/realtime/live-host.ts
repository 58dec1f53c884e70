import {
  type ActivityContent,
  type ActivityPage,
  type Appended,
  ChannelError,
  type Clock,
  type Ids,
  type LiveHost,
  type Log,
  type MediaAddress,
  type Participant,
  type TypedIdentity,
  type Visitor,
} from '../../adapters/contract/index.ts';
import type { VisitorTokens } from '../access/access-service.ts';
import type { SessionAction } from '../access/may.ts';
import { conversationsOf, type VisitorPrincipal } from '../access/principal.ts';
import type { SessionAccess } from '../access/session-access.ts';
import type { RunningChannel } from '../channels/channel-service.ts';
import type { IdentityFacts } from '../customers/customer.ts';
import { notFound } from '../errors.ts';
import type { MediaCache } from '../media/media-cache.ts';
import type { SessionRepository, StoredActivity } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import type { CustomerMessage, SessionService } from '../session/session-service.ts';
import { type CustomerSessions, customerView } from './customer-sessions.ts';

export interface LiveHostDependencies {
  sessionService: SessionService;
  sessionAccess: SessionAccess;
  visitorTokens: VisitorTokens;
  mediaCache: Pick<MediaCache, 'link' | 'addresses'>;
  sessions: Pick<
    SessionRepository,
    'sessions' | 'sessionsOfConversations' | 'activities' | 'newestActivities' | 'activityByKey'
  >;
  customerSessions: CustomerSessions;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Sessions a returning customer is given. */
const sessionsShown = 20;
/** Activities of the newest session for a page that has none of it. */
const newestShown = 50;
/** Activities of one answer. */
const pageSize = 200;

export function principalOf(visitor: Visitor): VisitorPrincipal {
  const { id: visitorId, tenantId, channelId, subject } = visitor;
  return { kind: 'visitor', tenantId, channelId, visitorId, ...(subject === undefined ? {} : { subject }) };
}

/** The conversations of a visitor, the one new sessions start in first. */
export function visitorConversations(visitor: Visitor): readonly string[] {
  let conversations = known.get(visitor);
  if (conversations === undefined) {
    conversations = conversationsOf({ visitorId: visitor.id, subject: visitor.subject });
    known.set(visitor, conversations);
  }
  return conversations;
}

/** A visitor never changes (signing in makes another one), and every message asks for its conversations. */
const known = new WeakMap<Visitor, readonly string[]>();

/** What a customer's page may say: the files come from the media cache. */
function wordsOf({ text, textFormat, replyToId }: ActivityContent): ActivityContent {
  const content: ActivityContent = {};
  if (text !== undefined) content.text = text;
  if (textFormat !== undefined) content.textFormat = textFormat;
  if (replyToId !== undefined) content.replyToId = replyToId;
  return content;
}

/** What one channel's live adapter may ask of the server. Every call checks the visitor's right itself. */
export function createLiveHost({ record, settings }: RunningChannel, dependencies: LiveHostDependencies): LiveHost {
  const { sessionService, sessionAccess, visitorTokens, mediaCache, sessions, customerSessions, clock, ids } =
    dependencies;
  const channel = { id: record.id, tenantId: record.tenantId, type: record.type, name: record.name, settings };
  const log = dependencies.log.child({ channel: record.id });

  const participant = (visitor: Visitor): Participant => ({ id: visitor.id, role: 'user' });

  /** The session when the visitor may; rights of customers hang on facts of a session that never change. */
  const owned = async (visitor: Visitor, action: SessionAction, sessionId: string): Promise<Session> => {
    const entry = await customerSessions.get(channel.tenantId, sessionId);
    if (entry === undefined || !(await sessionAccess.allowed(principalOf(visitor), action, entry.session))) {
      throw notFound('session');
    }
    return entry.session;
  };

  const pageAfter = (sessionId: string, after: number, limit: number): Promise<ActivityPage> =>
    sessions.activities(channel.tenantId, sessionId, 'all', after, Math.min(limit, pageSize));

  return {
    channel,
    clock,
    log,

    async authenticate(token) {
      if (token === undefined) {
        const visitor = { id: ids.next('vis'), tenantId: channel.tenantId, channelId: channel.id };
        return { visitor, token: await visitorTokens.issue(visitor), fresh: true };
      }
      const visitor = await visitorTokens.verify(token, channel.id);
      if (visitor === undefined || visitor.channelId !== channel.id || visitor.tenantId !== channel.tenantId) {
        throw new ChannelError('CHANNEL_TOKEN_INVALID', 'This visitor token is not valid any more.');
      }
      // A new token at every visit: it expires only for those who stay away.
      return { visitor, token: await visitorTokens.issue(visitor), fresh: false };
    },

    async identify(visitor, { subject, expiresAt: _, ...signed }) {
      // Another person on the same browser must not inherit what the first one left there.
      const other = visitor.subject !== undefined && visitor.subject !== subject;
      const bound: Visitor = {
        id: other ? ids.next('vis') : visitor.id,
        tenantId: channel.tenantId,
        channelId: channel.id,
        subject,
      };
      const facts: IdentityFacts = signed;
      await sessionService.identify(channel.tenantId, channel.id, visitorConversations(bound), { signed: facts });
      return { visitor: bound, token: await visitorTokens.issue(bound), fresh: other };
    },

    async describe(visitor: Visitor, typed: TypedIdentity) {
      await sessionService.identify(channel.tenantId, channel.id, visitorConversations(visitor), { typed });
    },

    async logout(visitor) {
      await visitorTokens.revoke(visitor);
    },

    async resume(visitor, cursor) {
      const conversations = visitorConversations(visitor);
      const newestFirst = await sessions.sessionsOfConversations(
        channel.tenantId,
        channel.id,
        conversations,
        sessionsShown,
      );
      const own = new Map(newestFirst.map((session) => [session.id, session]));
      const further = Object.keys(cursor).filter((id) => !own.has(id));
      if (further.length > 0) {
        for (const session of await sessions.sessions(channel.tenantId, further)) {
          if (await sessionAccess.allowed(principalOf(visitor), 'read', session)) own.set(session.id, session);
        }
      }
      const entries = await Promise.all(newestFirst.map((session) => customerSessions.remember(session)));
      const pages: Record<string, ActivityPage> = {};
      const newest = newestFirst[0];
      for (const [id, session] of own) {
        const after = cursor[id];
        if (after !== undefined) pages[id] = await pageAfter(id, after, pageSize);
        else if (session === newest) {
          pages[id] = await sessions.newestActivities(channel.tenantId, id, 'all', newestShown);
        }
      }
      return { sessions: entries.map(customerView).reverse(), pages };
    },

    async read(visitor, sessionId, after, limit) {
      await owned(visitor, 'read', sessionId);
      return pageAfter(sessionId, after, limit);
    },

    async append(visitor, message, connectionId) {
      const { clientId, page, attachments } = message;
      const keyScope = `visitor:${visitor.id}` as const;
      const asked: CustomerMessage = {
        tenantId: channel.tenantId,
        channel,
        conversations: visitorConversations(visitor),
        from: participant(visitor),
        keyScope,
        clientId,
        content: wordsOf(message),
        connectionId,
      };
      if (page !== undefined) {
        asked.page = page;
        if (page.locale !== undefined) asked.locale = page.locale;
      }
      if (attachments !== undefined && attachments.length > 0) {
        const urls = attachments.flatMap(({ contentUrl }) => contentUrl ?? []);
        try {
          asked.media = await mediaCache.link(channel.tenantId, keyScope, urls);
        } catch (error) {
          // Sent again after a lost acknowledgement, its media are linked already: answer what was stored.
          const stored = await sessions.activityByKey(keyScope, clientId);
          if (stored === undefined) throw error;
          return withSession(stored, true);
        }
      }
      const { stored, repeated, entered } = await sessionService.receive(asked);
      if (entered) return withSession(stored, repeated);
      return { stored: { activity: stored.activity, prev: stored.previousPublic }, repeated };
    },

    async receipt(visitor, sessionId, marks) {
      const session = await owned(visitor, 'read', sessionId);
      await sessionService.receipt(session, participant(visitor), marks);
    },

    async typing(visitor, sessionId, typing) {
      const session = await owned(visitor, 'read', sessionId);
      sessionService.typing(session, participant(visitor), typing);
    },

    async page(visitor, page) {
      await sessionService.page(channel.tenantId, channel.id, visitorConversations(visitor), page);
    },

    async end(visitor, sessionId) {
      const session = await owned(visitor, 'close', sessionId);
      const closed = await sessionService.close(session, participant(visitor), 'customer-left');
      return customerView(await customerSessions.remember(closed));
    },

    async rate(visitor, sessionId, rating) {
      await sessionService.rate(await owned(visitor, 'rate', sessionId), participant(visitor), rating);
    },

    async media(visitor, mediaIds) {
      const reader = `visitor:${visitor.id}` as const;
      const found = await mediaCache.addresses(channel.tenantId, reader, mediaIds);
      const readable: MediaAddress[] = [];
      for (const { sessionId, uploader, audience, ...address } of found) {
        const mine =
          sessionId === null ? uploader === reader : audience === 'all' && (await mayRead(visitor, sessionId));
        if (mine) readable.push(address);
      }
      if (readable.length === 0) throw notFound('media');
      return readable;
    },
  };

  async function withSession(stored: StoredActivity, repeated: boolean): Promise<Appended> {
    const sessionId = stored.activity.conversation.id;
    const entry = customerSessions.peek(sessionId) ?? (await customerSessions.get(channel.tenantId, sessionId));
    if (entry === undefined) throw notFound('session');
    const session = customerView(entry);
    if (session.lastSeq < stored.activity.seq) session.lastSeq = stored.activity.seq;
    return { stored: { activity: stored.activity, prev: stored.previousPublic }, session, repeated };
  }

  async function mayRead(visitor: Visitor, sessionId: string): Promise<boolean> {
    const entry = await customerSessions.get(channel.tenantId, sessionId);
    return entry !== undefined && sessionAccess.allowed(principalOf(visitor), 'read', entry.session);
  }
}
