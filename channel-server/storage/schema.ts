import type {} from '../access/ports.ts';
import type {} from '../channels/ports.ts';
import type {} from '../media/ports.ts';
import type {} from '../routing/ports.ts';
import type { Records } from '../session/changes.ts';

/**
 * How a field of a record lies in its column: `text` and `integer` as they are, `boolean` as 0 or 1,
 * `json` as text. Null stays null in each.
 */
export type ColumnKind = 'text' | 'integer' | 'boolean' | 'json';

/** Which kinds a field of type V may have. */
type KindOf<V> = [NonNullable<V>] extends [string]
  ? 'text'
  : [NonNullable<V>] extends [number]
    ? 'integer'
    : [NonNullable<V>] extends [boolean]
      ? 'boolean'
      : 'json';

/** `lastSeq` → `last_seq`. */
type SnakeCase<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : '';

type ColumnValue<V> = [NonNullable<V>] extends [string]
  ? V
  : [NonNullable<V>] extends [number]
    ? V
    : [NonNullable<V>] extends [boolean]
      ? number | (V & null)
      : string | (V & null);

/** A record's row: its fields in snake case, booleans as 0 or 1, objects as JSON text. */
export type RowOf<R> = { [K in keyof R & string as SnakeCase<K>]: ColumnValue<R[K]> };

interface ActivityTable {
  session_id: string;
  seq: number;
  tenant_id: string;
  type: string;
  name: string | null;
  audience: string;
  from_id: string;
  from_role: string;
  from_name: string | null;
  client_id: string | null;
  external_id: string | null;
  /** ms since the epoch. */
  at: number;
  /** seq of the activity before this one that a customer may see. */
  previous_public: number;
  /** The replaceable part (ActivityContent) as JSON; null when it has none or it was taken away. */
  content: string | null;
  redacted_at: number | null;
  redacted_reason: string | null;
}

/** Dedupe keys: unique in their scope, whatever the session. */
interface ActivityKeyTable {
  scope: string;
  key: string;
  session_id: string;
  seq: number;
  created_at: number;
}

interface ReceiptTable {
  session_id: string;
  participant_id: string;
  role: string;
  delivered: number;
  read: number;
  at: number;
}

/** All tables, for Kysely. Those of records follow from the records' types. */
export interface Database {
  sessions: RowOf<Records['session']> & {
    /** seq of the public activity before `last_public_seq`. */
    previous_public_seq: number;
  };
  participants: RowOf<Records['participant']>;
  timers: RowOf<Records['timer']>;
  customers: RowOf<Records['customer']>;
  identities: RowOf<Records['identity']>;
  queues: RowOf<Records['queue']>;
  agents: RowOf<Records['agent']>;
  offers: RowOf<Records['offer']>;
  media: RowOf<Records['media']>;
  tenants: RowOf<Records['tenant']>;
  accounts: RowOf<Records['account']>;
  refresh_tokens: RowOf<Records['refreshToken']>;
  revoked_visitors: RowOf<Records['revokedVisitor']>;
  channels: RowOf<Records['channel']>;
  conversations: RowOf<Records['conversation']>;
  deliveries: RowOf<Records['delivery']>;
  delivery_parts: RowOf<Records['deliveryPart']>;
  part_names: RowOf<Records['partName']>;
  held_statuses: RowOf<Records['heldStatus']>;
  channel_statuses: RowOf<Records['channelStatus']>;
  credentials: RowOf<Records['credential']>;
  media_fetches: RowOf<Records['mediaFetch']>;
  activities: ActivityTable;
  activity_keys: ActivityKeyTable;
  receipts: ReceiptTable;
}

/** Where a record lies. Every field of the record is named, so that none is ever lost on its way. */
export interface RecordTable<R> {
  table: keyof Database;
  fields: { [K in keyof R & string]-?: KindOf<R[K]> };
}

const text = 'text';
const integer = 'integer';
const boolean = 'boolean';
const json = 'json';

export const recordTables: { readonly [N in keyof Records]: RecordTable<Records[N]> } = {
  session: {
    table: 'sessions',
    fields: {
      id: text,
      tenantId: text,
      channelId: text,
      channelType: text,
      identityId: text,
      conversation: text,
      queueId: text,
      agentId: text,
      preferredAgentId: text,
      media: json,
      priority: integer,
      subject: text,
      locale: text,
      page: json,
      state: text,
      lastSeq: integer,
      lastPublicSeq: integer,
      lastCustomerAt: integer,
      lastAgentAt: integer,
      waitingSince: integer,
      goneSince: integer,
      createdAt: integer,
      queuedAt: integer,
      assignedAt: integer,
      parkedAt: integer,
      closedAt: integer,
      closeReason: text,
      closedBy: text,
    },
  },
  participant: {
    table: 'participants',
    fields: { sessionId: text, accountId: text, role: text, joinedAt: integer, leftAt: integer },
  },
  timer: {
    table: 'timers',
    fields: { id: text, tenantId: text, kind: text, subject: text, dueAt: integer, claimedUntil: integer },
  },
  customer: { table: 'customers', fields: { id: text, tenantId: text, createdAt: integer, attributes: json } },
  identity: {
    table: 'identities',
    fields: {
      id: text,
      tenantId: text,
      channelId: text,
      externalId: text,
      customerId: text,
      createdAt: integer,
      signed: json,
      typed: json,
    },
  },
  queue: {
    table: 'queues',
    fields: {
      id: text,
      tenantId: text,
      name: text,
      type: text,
      ringTime: integer,
      graceTime: integer,
      picking: boolean,
      skills: json,
      lastAgentWait: integer,
      wrapUpTime: integer,
      declared: boolean,
    },
  },
  agent: {
    table: 'agents',
    fields: {
      id: text,
      tenantId: text,
      name: text,
      state: text,
      reason: text,
      stateSince: integer,
      capacity: integer,
      load: integer,
      loadSince: integer,
      skills: json,
      queueIds: json,
      lostSince: integer,
    },
  },
  offer: {
    table: 'offers',
    fields: {
      id: text,
      tenantId: text,
      sessionId: text,
      queueId: text,
      agentId: text,
      kind: text,
      fromAgentId: text,
      state: text,
      madeAt: integer,
      expiresAt: integer,
      endedAt: integer,
      reason: text,
    },
  },
  media: {
    table: 'media',
    fields: {
      id: text,
      tenantId: text,
      channelId: text,
      uploader: text,
      sessionId: text,
      audience: text,
      name: text,
      contentType: text,
      size: integer,
      hash: text,
      thumbnailHash: text,
      width: integer,
      height: integer,
      state: text,
      hint: text,
      createdAt: integer,
      expiresAt: integer,
    },
  },
  tenant: {
    table: 'tenants',
    fields: {
      id: text,
      name: text,
      defaultCapacity: integer,
      passwordPolicy: text,
      deskOrigins: json,
      declared: boolean,
    },
  },
  account: {
    table: 'accounts',
    fields: {
      id: text,
      tenantId: text,
      login: text,
      name: text,
      role: text,
      passwordHash: text,
      mustChange: boolean,
      disabled: boolean,
      tokensValidFrom: integer,
      queueIds: json,
      declared: boolean,
      createdAt: integer,
    },
  },
  refreshToken: {
    table: 'refresh_tokens',
    fields: {
      id: text,
      tenantId: text,
      accountId: text,
      family: text,
      hash: text,
      expiresAt: integer,
      spentAt: integer,
    },
  },
  revokedVisitor: { table: 'revoked_visitors', fields: { id: text, tenantId: text, revokedAt: integer } },
  channel: {
    table: 'channels',
    fields: {
      id: text,
      tenantId: text,
      type: text,
      name: text,
      queueId: text,
      settings: json,
      enabled: boolean,
      declared: boolean,
    },
  },
  conversation: {
    table: 'conversations',
    fields: {
      channelId: text,
      id: text,
      tenantId: text,
      address: json,
      personId: text,
      windowUntil: integer,
      windowLeft: integer,
      closed: text,
      heardAt: integer,
      dueAt: integer,
      leaseUntil: integer,
      leaseOwner: text,
    },
  },
  delivery: {
    table: 'deliveries',
    fields: {
      id: text,
      tenantId: text,
      channelId: text,
      conversation: text,
      sessionId: text,
      seq: integer,
      state: text,
      settled: boolean,
      reason: json,
      failures: integer,
      failingSince: integer,
      createdAt: integer,
      replacedBy: text,
    },
  },
  deliveryPart: {
    table: 'delivery_parts',
    fields: {
      deliveryId: text,
      n: integer,
      part: json,
      state: text,
      ready: json,
      attempts: integer,
      attemptedAt: integer,
      reason: json,
    },
  },
  partName: {
    table: 'part_names',
    fields: { channelId: text, externalId: text, deliveryId: text, n: integer, at: integer },
  },
  heldStatus: {
    table: 'held_statuses',
    fields: { channelId: text, externalId: text, state: text, at: integer, reason: json },
  },
  channelStatus: {
    table: 'channel_statuses',
    fields: {
      channelId: text,
      tenantId: text,
      report: json,
      circuit: text,
      pausedUntil: integer,
      problem: text,
      problemAt: integer,
      heardAt: integer,
      sentAt: integer,
      dropped: integer,
    },
  },
  credential: {
    table: 'credentials',
    fields: { channelId: text, name: text, seed: text, value: json, expiresAt: integer, leaseUntil: integer },
  },
  mediaFetch: {
    table: 'media_fetches',
    fields: {
      id: text,
      tenantId: text,
      channelId: text,
      sessionId: text,
      reference: json,
      attempts: integer,
      dueAt: integer,
      leaseUntil: integer,
      createdAt: integer,
    },
  },
};
