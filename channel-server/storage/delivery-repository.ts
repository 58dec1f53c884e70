import { type Kysely, sql } from 'kysely';
import type { ConversationRecord } from '../channels/conversation.ts';
import type { DeliveryRepository } from '../channels/ports.ts';
import { FoyerError } from '../errors.ts';
import { toRecord } from './columns.ts';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';
import type { Steps } from './step.ts';
import type { Writer } from './writer.ts';

/** States that a watermark moves on from. Of what failed, or may never have been taken, it says nothing. */
const movedOn = { delivered: ['sent'], read: ['sent', 'delivered'] } as const;

/** What goes out to platforms: conversations claimed by lease, deliveries, their parts and what platforms call them. */
export function createDeliveryRepository(db: Kysely<Database>, writer: Writer, flavour: Flavour): DeliveryRepository {
  const p = flavour.parameter;
  // Materialized: PostgreSQL might look for due rows anew for every row it changes, and so take more than asked.
  const claim =
    `with due as materialized (select id from conversations where channel_id = ${p(1)} and due_at <= ${p(2)} ` +
    `and (lease_until is null or lease_until <= ${p(3)}) order by due_at, id limit ${p(4)} ${flavour.skipLocked}) ` +
    `update conversations set lease_until = ${p(5)}, lease_owner = ${p(6)} ` +
    `where channel_id = ${p(7)} and id in (select id from due) returning *`;
  const prune = `delete from held_statuses where at < ${p(1)}`;

  function* claimed(
    channelId: string,
    owner: string,
    now: number,
    leaseUntil: number,
    limit: number,
  ): Steps<ConversationRecord[]> {
    const parameters = [channelId, now, now, limit, leaseUntil, owner, channelId];
    const { rows } = yield { text: claim, parameters };
    return rows
      .map((row) => toRecord('conversation', row))
      .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || (a.id < b.id ? -1 : 1));
  }

  return {
    async conversation(channelId, conversation) {
      const row = await db
        .selectFrom('conversations')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('id', '=', conversation)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('conversation', row);
    },

    async claim(channelId, owner, now, leaseUntil, limit) {
      const due = await db
        .selectFrom('conversations')
        .select('id')
        .where('channel_id', '=', channelId)
        .where('due_at', '<=', now)
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .limit(1)
        .executeTakeFirst();
      return due === undefined ? [] : writer.write({ run: () => claimed(channelId, owner, now, leaseUntil, limit) });
    },

    async nextDue(channelId) {
      const free = await db
        .selectFrom('conversations')
        .select('due_at')
        .where('channel_id', '=', channelId)
        .where('due_at', 'is not', null)
        .where('lease_until', 'is', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      // What somebody has is free when the lease ends: whoever held it may have died.
      const leased = await db
        .selectFrom('conversations')
        .select(['due_at', 'lease_until'])
        .where('channel_id', '=', channelId)
        .where('lease_until', 'is not', null)
        .where('due_at', 'is not', null)
        .execute();
      const due = leased.map((row) => Math.max(row.due_at ?? 0, row.lease_until ?? 0));
      if (typeof free?.due_at === 'number') due.push(free.due_at);
      return due.length === 0 ? undefined : due.reduce((least, time) => Math.min(least, time));
    },

    async channelsWithWork() {
      const channels = db.selectFrom('conversations').select('channel_id').distinct();
      // One by one, each by its index: together, they would be looked for among all conversations there ever were.
      const due = await channels.where('due_at', 'is not', null).execute();
      const leased = await channels.where('lease_until', 'is not', null).execute();
      return [...new Set([...due, ...leased].map((row) => row.channel_id))].sort();
    },

    async unsettled(channelId, conversation, limit) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('conversation', '=', conversation)
        .where('settled', '=', sql.lit(0))
        .orderBy('session_id')
        .orderBy('seq')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => toRecord('delivery', row));
    },

    async delivery(tenantId, deliveryId) {
      const row = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('id', '=', deliveryId)
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord('delivery', row);
    },

    async parts(deliveryId) {
      const rows = await db
        .selectFrom('delivery_parts')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .orderBy('n')
        .execute();
      return rows.map((row) => toRecord('deliveryPart', row));
    },

    async ofSession(sessionId, after, limit) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('seq', '>', after)
        .orderBy('seq')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => toRecord('delivery', row));
    },

    async named(channelId, externalIds) {
      if (externalIds.length === 0) return [];
      const rows = await db
        .selectFrom('part_names')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('external_id', 'in', externalIds)
        .orderBy('external_id')
        .execute();
      return rows.map((row) => toRecord('partName', row));
    },

    async sentUpto(channelId, conversation, at, below, limit) {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('part_names', 'part_names.delivery_id', 'deliveries.id')
        .innerJoin('delivery_parts', (join) =>
          join
            .onRef('delivery_parts.delivery_id', '=', 'part_names.delivery_id')
            .onRef('delivery_parts.n', '=', 'part_names.n'),
        )
        .selectAll('part_names')
        .where('deliveries.channel_id', '=', channelId)
        .where('deliveries.conversation', '=', conversation)
        .where('deliveries.state', '<>', sql.lit('read'))
        .where('delivery_parts.state', 'in', movedOn[below])
        .where('part_names.at', '<=', at)
        .orderBy('part_names.at', 'desc')
        .orderBy('part_names.external_id')
        .limit(limit)
        .execute();
      return rows.map((row) => toRecord('partName', row));
    },

    async namesOf(deliveryId) {
      const rows = await db
        .selectFrom('part_names')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .orderBy('n')
        .orderBy('external_id')
        .execute();
      return rows.map((row) => toRecord('partName', row));
    },

    async held(channelId, externalIds) {
      if (externalIds.length === 0) return [];
      const rows = await db
        .selectFrom('held_statuses')
        .selectAll()
        .where('channel_id', '=', channelId)
        .where('external_id', 'in', externalIds)
        .orderBy('at')
        .orderBy('external_id')
        .orderBy('state')
        .execute();
      return rows.map((row) => toRecord('heldStatus', row));
    },

    async dead(tenantId, { channelId }, { limit, cursor }) {
      let query = db
        .selectFrom('deliveries')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where(sql<boolean>`state in ('failed', 'unconfirmed')`);
      if (channelId !== undefined) query = query.where('channel_id', '=', channelId);
      if (cursor !== undefined) {
        const [at, id] = placeOf(cursor);
        query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(at, id)));
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map((row) => toRecord('delivery', row));
      const last = items.at(-1);
      return rows.length > limit && last !== undefined ? { items, next: `${last.createdAt}.${last.id}` } : { items };
    },

    pruneHeld: (before) =>
      writer.write({
        *run(): Steps<number> {
          return (yield { text: prune, parameters: [before] }).changes;
        },
      }),
  };
}

/** Where a list of dead letters goes on: the time and id of the last one seen. */
function placeOf(cursor: string): [number, string] {
  const [, at, id] = /^(\d{1,15})\.(.+)$/s.exec(cursor) ?? [];
  if (at === undefined || id === undefined || id.includes('\0')) {
    throw new FoyerError('REQUEST_INVALID', 'The cursor is none that this list gave.');
  }
  return [Number(at), id];
}
