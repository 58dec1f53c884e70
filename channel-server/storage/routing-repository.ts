import { type Kysely, sql } from 'kysely';
import type { RoutingRepository } from '../routing/ports.ts';
import { openStates } from '../session/session.ts';
import { toRecord } from './columns.ts';
import type { Database } from './schema.ts';

/** Reads of queues, agents, offers and waiting sessions. */
export function createRoutingRepository(db: Kysely<Database>): RoutingRepository {
  const session = (row: object) => toRecord('session', row);
  const agent = (row: object) => toRecord('agent', row);
  const queue = (row: object) => toRecord('queue', row);
  const offer = (row: object) => toRecord('offer', row);

  /** Says what the index of open sessions says, so that SQLite sees that it may use it. */
  const open = () => db.selectFrom('sessions').where('sessions.state', '<>', sql.lit('closed'));

  return {
    async queue(tenantId, queueId) {
      const row = await db
        .selectFrom('queues')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', queueId)
        .executeTakeFirst();
      return row === undefined ? undefined : queue(row);
    },

    async queues(tenantId) {
      const rows = await db.selectFrom('queues').selectAll().where('tenant_id', '=', tenantId).orderBy('id').execute();
      return rows.map(queue);
    },

    async agent(tenantId, accountId) {
      const row = await db
        .selectFrom('agents')
        .selectAll()
        .where('id', '=', accountId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : agent(row);
    },

    async agents(tenantId) {
      const rows = await db.selectFrom('agents').selectAll().where('tenant_id', '=', tenantId).orderBy('id').execute();
      return rows.map(agent);
    },

    async agentsNotOffline() {
      const rows = await db.selectFrom('agents').selectAll().where('state', '<>', 'offline').orderBy('id').execute();
      return rows.map(agent);
    },

    async waiting(tenantId, queueIds, limit) {
      if (queueIds !== 'all' && queueIds.length === 0) return [];
      let query = open().selectAll().where('tenant_id', '=', tenantId).where('state', '=', 'queued');
      if (queueIds !== 'all') query = query.where('queue_id', 'in', queueIds);
      const rows = await query.orderBy('priority', 'desc').orderBy('queued_at').orderBy('id').limit(limit).execute();
      return rows.map(session);
    },

    async waitingOrder(tenantId, queueId) {
      const rows = await open()
        .select('id')
        .where('tenant_id', '=', tenantId)
        .where('state', 'in', ['queued', 'offered'])
        .where('queue_id', '=', queueId)
        .orderBy('priority', 'desc')
        .orderBy('queued_at')
        .orderBy('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async waitingCounts(tenantId) {
      const rows = await open()
        .select(['queue_id', ({ fn }) => fn.countAll<number>().as('waiting')])
        .where('tenant_id', '=', tenantId)
        .where('state', 'in', ['queued', 'offered'])
        .groupBy('queue_id')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.queue_id, row.waiting]));
    },

    async tenantsWithWaiting() {
      const rows = await open()
        .select('tenant_id')
        .distinct()
        .where('state', '=', 'queued')
        .orderBy('tenant_id')
        .execute();
      return rows.map((row) => row.tenant_id);
    },

    async passedOver(sessionId, since) {
      const rows = await db
        .selectFrom('offers')
        .select('agent_id')
        .distinct()
        .where('session_id', '=', sessionId)
        .where('made_at', '>=', since)
        .where('state', 'not in', ['ringing', 'accepted'])
        .orderBy('agent_id')
        .execute();
      return rows.map((row) => row.agent_id);
    },

    async offer(tenantId, offerId) {
      const row = await db
        .selectFrom('offers')
        .selectAll()
        .where('id', '=', offerId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : offer(row);
    },

    async ringingOffer(sessionId) {
      const row = await db
        .selectFrom('offers')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('state', '=', sql.lit('ringing'))
        .executeTakeFirst();
      return row === undefined ? undefined : offer(row);
    },

    async ringingOffersOf(tenantId, accountId) {
      const rows = await db
        .selectFrom('offers')
        .selectAll()
        .where('agent_id', '=', accountId)
        .where('state', '=', sql.lit('ringing'))
        .where('tenant_id', '=', tenantId)
        .orderBy('id')
        .execute();
      return rows.map(offer);
    },

    async sessionsOf(tenantId, accountId) {
      const held = await db
        .selectFrom('sessions')
        .selectAll()
        .where('agent_id', '=', accountId)
        .where('state', 'in', openStates)
        .where('tenant_id', '=', tenantId)
        .execute();
      const offered = await db
        .selectFrom('offers')
        .select('session_id')
        .where('agent_id', '=', accountId)
        .where('state', '=', sql.lit('ringing'))
        .execute();
      const ids = offered.map((ringing) => ringing.session_id);
      const ringing =
        ids.length === 0
          ? []
          : await db
              .selectFrom('sessions')
              .selectAll()
              .where('id', 'in', ids)
              .where('state', 'in', openStates)
              .where('tenant_id', '=', tenantId)
              .execute();
      const byId = new Map([...held, ...ringing].map((row) => [row.id, session(row)]));
      return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
}
