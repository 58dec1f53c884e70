import { FoyerError } from '../errors.ts';
import type { AdvanceReceipt, AppendActivity, RedactActivity, StoredActivity } from '../session/changes.ts';
import { activityColumns, contentOf, readActivity, storedActivity } from './activity-row.ts';
import { type ColumnValue, text } from './columns.ts';
import type { Flavour, Step, Steps } from './step.ts';

/** The steps that write a session's log, for one database. */
export interface LogSteps {
  /** The activity, or the name of what refused it. */
  append(change: AppendActivity): Steps<StoredActivity | string>;
  receipt(change: AdvanceReceipt): Step;
  redact(change: RedactActivity): Step;
  /** The activity stored under one of a change's keys, if any. */
  stored(change: AppendActivity): Steps<StoredActivity | undefined>;
}

/** The refusal of an append whose key is taken; the activity stored first is looked up once the list is undone. */
export const repeated = 'REPEATED';

/** What an append writes into its session's row besides the numbers: who waits for whom since when. */
const effects = {
  asked: ', last_customer_at = $at, waiting_since = coalesce(waiting_since, $at)',
  answered: ', last_agent_at = $at, waiting_since = null',
  none: '',
} as const;

function effectOf({ activity }: AppendActivity): keyof typeof effects {
  if (activity.type !== 'message' || activity.audience !== 'all') return 'none';
  if (activity.from.role === 'user') return 'asked';
  return activity.from.role === 'agent' ? 'answered' : 'none';
}

/** The keys by which a repeat of an append is known. */
export function keysOf({ keyScope, activity }: AppendActivity): readonly string[] {
  if (keyScope === undefined) return [];
  const { clientId, externalId } = activity;
  if (clientId === undefined || clientId === externalId) return externalId === undefined ? [] : [externalId];
  return externalId === undefined ? [clientId] : [clientId, externalId];
}

export function createLogSteps(flavour: Flavour): LogSteps {
  const p = flavour.parameter;
  const parameters = (count: number) => Array.from({ length: count }, (_, n) => p(n + 1)).join(', ');
  const insertActivity =
    'insert into activities (session_id, seq, tenant_id, type, name, audience, from_id, from_role, from_name, ' +
    `client_id, external_id, at, previous_public, content) values (${parameters(14)})`;
  const insertKey = `insert into activity_keys (scope, key, session_id, seq, created_at) values (${parameters(5)}) on conflict do nothing`;
  const selectByKey =
    `select ${activityColumns.join(', ')} from activity_keys ` +
    'inner join activities on activities.session_id = activity_keys.session_id and activities.seq = activity_keys.seq ' +
    'inner join sessions on sessions.id = activities.session_id ' +
    `where activity_keys.scope = ${p(1)} and activity_keys.key = ${p(2)}`;
  const selectSession = `select state from sessions where id = ${p(1)} and tenant_id = ${p(2)}`;
  const bounded = (mark: string) => `${flavour.least}(cast(${mark} as bigint), last_seq)`;
  const later = (column: string) => `${column} = ${flavour.greatest}(receipts.${column}, excluded.${column})`;
  const advanceReceipt =
    'insert into receipts (session_id, participant_id, role, delivered, read, at) ' +
    `select id, cast(${p(1)} as text), cast(${p(2)} as text), ${bounded(p(3))}, ${bounded(p(4))}, ` +
    `cast(${p(5)} as bigint) from sessions where id = ${p(6)} and tenant_id = ${p(7)} ` +
    `on conflict (session_id, participant_id) do update set ${later('delivered')}, ${later('read')}, at = excluded.at ` +
    'where excluded.delivered > receipts.delivered or excluded.read > receipts.read';
  const takeContent =
    `update activities set content = null, redacted_at = ${p(1)}, redacted_reason = ${p(2)} ` +
    `where session_id = ${p(3)} and seq = ${p(4)} and tenant_id = ${p(5)} and redacted_at is null`;

  /** One text for each form of an append, made when it is first needed. */
  const forms = new Map<string, string>();

  function advanceSession(change: AppendActivity): Step {
    const effect = effectOf(change);
    const isPublic = change.activity.audience === 'all';
    const times = { asked: [change.at, change.at], answered: [change.at], none: [] }[effect];
    const values: ColumnValue[] = [...times, change.sessionId, change.tenantId];
    if (change.agentId !== undefined) values.push(change.agentId);
    if (change.states !== undefined) values.push(...change.states);
    const form = `${effect} ${isPublic} ${change.agentId !== undefined} ${change.states?.length ?? ''}`;
    let statement = forms.get(form);
    if (statement === undefined) {
      statement = advanceText(effect, isPublic, change.agentId !== undefined, change.states?.length);
      forms.set(form, statement);
    }
    return { text: statement, parameters: values };
  }

  function advanceText(effect: keyof typeof effects, isPublic: boolean, byAgent: boolean, states?: number): string {
    let count = 0;
    const next = () => p(++count);
    const numbers = isPublic
      ? 'last_seq = last_seq + 1, previous_public_seq = last_public_seq, last_public_seq = last_seq + 1'
      : 'last_seq = last_seq + 1';
    const set = numbers + effects[effect].replaceAll('$at', next);
    const conditions = [`id = ${next()}`, `tenant_id = ${next()}`];
    if (byAgent) conditions.push(`agent_id = ${next()}`);
    if (states !== undefined) {
      conditions.push(states === 0 ? '1 = 0' : `state in (${Array.from({ length: states }, next).join(', ')})`);
    }
    const previous = isPublic ? 'previous_public_seq' : 'last_public_seq';
    return (
      `update sessions set ${set} where ${conditions.join(' and ')} ` +
      `returning last_seq, ${previous} as previous_public, channel_id, channel_type`
    );
  }

  /** Why no session was advanced. */
  function* refusalOf(change: AppendActivity): Steps<string> {
    const { rows } = yield { text: selectSession, parameters: [change.sessionId, change.tenantId] };
    const session = rows[0];
    if (session === undefined) return 'SESSION_NOT_FOUND';
    const closed = change.states !== undefined && !change.states.includes(session.state as string);
    return closed ? 'SESSION_CLOSED' : 'SESSION_CHANGED';
  }

  return {
    *append(change) {
      const { activity, at, sessionId, tenantId } = change;
      const advanced = yield advanceSession(change);
      const row = advanced.rows[0];
      if (row === undefined) return yield* refusalOf(change);
      const facts = {
        tenantId,
        sessionId,
        at,
        seq: row.last_seq as number,
        previousPublic: row.previous_public as number,
        channelId: row.channel_id as string,
        channelType: row.channel_type as string,
      };
      for (const key of keysOf(change)) {
        const claimed = yield {
          text: insertKey,
          parameters: [change.keyScope ?? null, text(key), sessionId, facts.seq, at],
        };
        if (claimed.changes === 0) return repeated;
      }
      yield {
        text: insertActivity,
        parameters: [
          sessionId,
          facts.seq,
          tenantId,
          activity.type,
          activity.name ?? null,
          activity.audience,
          activity.from.id,
          activity.from.role,
          activity.from.name === undefined ? null : text(activity.from.name),
          activity.clientId ?? null,
          activity.externalId ?? null,
          at,
          facts.previousPublic,
          contentOf(activity),
        ],
      };
      return storedActivity(activity, facts);
    },

    receipt(change) {
      const read = mark(change.read);
      const delivered = Math.max(mark(change.delivered), read);
      return {
        text: advanceReceipt,
        parameters: [change.participantId, change.role, delivered, read, change.at, change.sessionId, change.tenantId],
      };
    },

    redact(change) {
      return {
        text: takeContent,
        parameters: [change.at, text(change.reason), change.sessionId, change.seq, change.tenantId],
      };
    },

    *stored(change) {
      for (const key of keysOf(change)) {
        const { rows } = yield { text: selectByKey, parameters: [change.keyScope ?? null, key] };
        if (rows[0] !== undefined) return readActivity(rows[0]);
      }
      return undefined;
    },
  };
}

function mark(seq: number | undefined): number {
  const value = seq ?? 0;
  if (!Number.isSafeInteger(value) || value < 0) throw new FoyerError('REQUEST_INVALID', 'A receipt names a seq.');
  return value;
}
