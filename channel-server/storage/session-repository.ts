import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Activity, ActivityPage, Audience, Receipt } from '../../adapters/contract/index.ts';
import type { StoredActivity } from '../session/changes.ts';
import type { SessionFilter, SessionRepository } from '../session/ports.ts';
import type { Session } from '../session/session.ts';
import { toRecord } from './columns.ts';
import type { LogReader } from './log-reader.ts';
import type { Database } from './schema.ts';

type SessionQuery = SelectQueryBuilder<Database, 'sessions', Database['sessions']>;

/** Reads of sessions and their logs. */
export function createSessionRepository(db: Kysely<Database>, logs: LogReader): SessionRepository {
  const session = (row: object) => toRecord('session', row);

  /** A log as it is now, before its activities are read. */
  const logOf = (sessionId: string) =>
    db
      .selectFrom('sessions')
      .select(['sessions.id', 'last_seq', 'channel_id', 'channel_type'])
      .where('sessions.id', '=', sessionId);

  const receipts = async (sessionId: string): Promise<Receipt[]> => {
    const rows = await db
      .selectFrom('receipts')
      .selectAll()
      .where('session_id', '=', sessionId)
      .orderBy('participant_id')
      .execute();
    return rows.map((row) => ({
      sessionId: row.session_id,
      participant: { id: row.participant_id, role: row.role as Activity['from']['role'] },
      delivered: row.delivered,
      read: row.read,
    }));
  };

  const page = (
    stored: readonly StoredActivity[],
    audience: Audience,
    upto: number,
    marks: Receipt[],
  ): ActivityPage => ({
    items: stored.map(({ activity, previousPublic }) => ({
      activity,
      prev: audience === 'staff' ? activity.seq - 1 : previousPublic,
    })),
    upto,
    receipts: marks,
  });

  const nothing: ActivityPage = { items: [], upto: 0, receipts: [] };

  return {
    async session(tenantId, sessionId) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('id', '=', sessionId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : session(row);
    },

    async sessions(tenantId, sessionIds) {
      if (sessionIds.length === 0) return [];
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('id', 'in', sessionIds)
        .where('tenant_id', '=', tenantId)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(session);
    },

    async openSession(tenantId, channelId, conversation) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('conversation', '=', conversation)
        .where('tenant_id', '=', tenantId)
        .where('state', '<>', sql.lit('closed'))
        .executeTakeFirst();
      return row === undefined ? undefined : session(row);
    },

    async sessionsOfConversations(tenantId, channelId, conversations, limit) {
      const found: Session[] = [];
      // One by one, each by its index: together, SQLite would rather walk the whole channel backwards.
      for (const conversation of conversations) {
        const rows = await db
          .selectFrom('sessions')
          .selectAll()
          .where('channel_id', '=', channelId)
          .where('conversation', '=', conversation)
          .where('tenant_id', '=', tenantId)
          .orderBy('id', 'desc')
          .limit(limit)
          .execute();
        found.push(...rows.map(session));
      }
      return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
    },

    async list(tenantId, filter, { limit, cursor }) {
      if (excludesAll(filter)) return { items: [] };
      let query: SessionQuery = db.selectFrom('sessions').selectAll().where('sessions.tenant_id', '=', tenantId);
      if (cursor !== undefined) query = query.where('sessions.id', '<', cursor);
      query = filtered(query, tenantId, filter);
      const rows = await query
        .orderBy('sessions.id', 'desc')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(session);
      const last = items.at(-1);
      return rows.length > limit && last !== undefined ? { items, next: last.id } : { items };
    },

    async openSessionsOfChannels(channelIds) {
      if (channelIds.length === 0) return [];
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('channel_id', 'in', channelIds)
        .where('state', '<>', sql.lit('closed'))
        .orderBy('id')
        .execute();
      return rows.map(session);
    },

    async participants(sessionId) {
      const rows = await db
        .selectFrom('participants')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('joined_at')
        .orderBy('account_id')
        .orderBy('role')
        .execute();
      return rows.map((row) => toRecord('participant', row));
    },

    async activities(tenantId, sessionId, audience, after, limit) {
      const log = await logOf(sessionId).where('tenant_id', '=', tenantId).executeTakeFirst();
      if (log === undefined) return nothing;
      const { stored, upto } = await logs.after(log, audience, after, limit);
      return page(stored, audience, upto, await receipts(sessionId));
    },

    async newestActivities(tenantId, sessionId, audience, limit) {
      const log = await logOf(sessionId).where('tenant_id', '=', tenantId).executeTakeFirst();
      if (log === undefined) return nothing;
      const { stored, upto } = await logs.newest(log, audience, limit);
      return page(stored, audience, upto, await receipts(sessionId));
    },

    receipts,

    async activityByKey(scope, key) {
      const found = await db
        .selectFrom('activity_keys')
        .select(['session_id', 'seq'])
        .where('key', '=', key)
        .where('scope', '=', scope)
        .executeTakeFirst();
      if (found === undefined) return undefined;
      const log = await logOf(found.session_id).executeTakeFirst();
      return log === undefined ? undefined : logs.one(log, found.seq);
    },
  };
}

/** A list that may hold none of something holds nothing. */
function excludesAll({ states, queueIds }: SessionFilter): boolean {
  return states?.length === 0 || queueIds?.length === 0;
}

function filtered(all: SessionQuery, tenantId: string, filter: SessionFilter): SessionQuery {
  const { channelId, states, customerId, agentId, queueIds, visibleTo } = filter;
  let query = all;
  if (channelId !== undefined) query = query.where('sessions.channel_id', '=', channelId);
  if (states !== undefined) {
    query = query.where('sessions.state', 'in', states);
    // Said again as the index of open sessions says it, so that SQLite sees that it may use it.
    if (!states.includes('closed')) query = query.where('sessions.state', '<>', sql.lit('closed'));
  }
  if (agentId !== undefined) query = query.where('sessions.agent_id', '=', agentId);
  if (queueIds !== undefined) query = query.where('sessions.queue_id', 'in', queueIds);
  if (customerId !== undefined) {
    query = query.where('sessions.identity_id', 'in', (nested) =>
      nested
        .selectFrom('identities')
        .select('identities.id')
        .where('identities.tenant_id', '=', tenantId)
        .where('identities.customer_id', '=', customerId),
    );
  }
  if (visibleTo !== undefined && visibleTo.supervisedQueueIds !== 'all') {
    const { accountId, supervisedQueueIds } = visibleTo;
    query = query.where((where) => {
      const took = where('sessions.id', 'in', (nested) =>
        nested
          .selectFrom('participants')
          .select('participants.session_id')
          .where('participants.account_id', '=', accountId),
      );
      return supervisedQueueIds.length === 0
        ? took
        : where.or([took, where('sessions.queue_id', 'in', supervisedQueueIds)]);
    });
  }
  return query;
}
