import { FoyerError } from '../errors.ts';
import type { AdvanceReceipt, AppendActivity, RedactActivity, StoredActivity } from '../session/changes.ts';
import { activityColumns, contentOf, readActivity, type SessionFacts, storedActivity } from './activity-row.ts';
import { advanceByReading, advanceByReturning } from './advance-session.ts';
import { type Row, text } from './columns.ts';
import { type Flavour, forFlavour } from './flavour.ts';
import type { Step, Steps } from './step.ts';

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

/** The keys by which a repeat of an append is known. */
function keysOf({ keyScope, activity }: AppendActivity): readonly string[] {
  if (keyScope === undefined) return [];
  const { clientId, externalId } = activity;
  if (clientId === undefined || clientId === externalId) return externalId === undefined ? [] : [externalId];
  return externalId === undefined ? [clientId] : [clientId, externalId];
}

export function createLogSteps(flavour: Flavour): LogSteps {
  const { log } = flavour;
  const advance = flavour.forUpdate === '' ? advanceByReading(flavour) : advanceByReturning(flavour);
  const written = (statement: string) => forFlavour(flavour, statement);
  const values = (count: number) => Array.from({ length: count }, (_, n) => `$${n + 1}`).join(', ');

  const commonColumns = [
    ...['session_id', 'seq', 'tenant_id', 'type', 'name', 'audience', 'from_id', 'from_role', 'from_name'],
    ...['client_id', 'external_id', 'at', 'previous_public', 'content'],
  ];
  const activityNames = [...log.placeColumns, ...commonColumns];
  const insertActivity = written(
    `insert into activities (${activityNames.join(', ')}) values (${values(activityNames.length)})`,
  );
  const insertKey = written(
    `insert into activity_keys (key, scope, session_id, seq, created_at) values (${values(5)}) on conflict do nothing`,
  );
  const selectKey = written(
    'select sessions.id, activity_keys.seq, sessions.channel_id, sessions.channel_type from activity_keys ' +
      'inner join sessions on sessions.id = activity_keys.session_id where key = $1 and scope = $2',
  );
  const selectStretch = written(log.stretch(activityColumns));
  const bounded = (mark: string) => `${flavour.least}(cast(${mark} as bigint), last_seq)`;
  const later = (column: string) => `${column} = ${flavour.greatest}(receipts.${column}, excluded.${column})`;
  const advanceReceipt = written(
    'insert into receipts (session_id, participant_id, role, delivered, read, at) ' +
      `select id, cast($3 as text), cast($4 as text), ${bounded('$5')}, ${bounded('$6')}, cast($7 as bigint) ` +
      'from sessions where id = $1 and tenant_id = $2 on conflict (session_id, participant_id) ' +
      `do update set ${later('delivered')}, ${later('read')}, at = excluded.at ` +
      'where excluded.delivered > receipts.delivered or excluded.read > receipts.read',
  );
  const takeContent = written(
    'update activities set content = null, redacted_at = $4, redacted_reason = $5 ' +
      `where ${log.one} and tenant_id = $3 and redacted_at is null`,
  );

  function activityStep({ activity, sessionId, tenantId, at }: AppendActivity, session: Row): Step {
    const { name, from, clientId, externalId } = activity;
    const parameters = log.placeOf(session);
    parameters.push(
      sessionId,
      session.last_seq ?? null,
      tenantId,
      activity.type,
      name ?? null,
      activity.audience,
      from.id,
      from.role,
      from.name === undefined ? null : text(from.name),
      clientId ?? null,
      externalId ?? null,
      at,
      session.previous_public ?? null,
      contentOf(activity),
    );
    return { text: insertActivity, parameters };
  }

  return {
    *append(change) {
      const { activity, at, sessionId, tenantId } = change;
      const session = yield* advance.begin(change);
      if (typeof session === 'string') return session;
      const seq = session.last_seq as number;
      for (const key of keysOf(change)) {
        const parameters = [text(key), change.keyScope ?? null, sessionId, seq, at];
        const claimed = yield { text: insertKey, parameters };
        if (claimed.changes === 0) return repeated;
      }
      const { row } = yield activityStep(change, session);
      if (advance.end !== undefined) yield advance.end(change, session, row);
      const mark = log.mark?.(sessionId, seq);
      if (mark !== undefined) yield mark;
      return storedActivity(activity, {
        tenantId,
        sessionId,
        at,
        seq,
        previousPublic: session.previous_public as number,
        channelId: session.channel_id as string,
        channelType: session.channel_type as string,
      });
    },

    receipt({ sessionId, tenantId, participantId, role, at, ...marks }) {
      const read = mark(marks.read);
      const delivered = Math.max(mark(marks.delivered), read);
      return { text: advanceReceipt, parameters: [sessionId, tenantId, participantId, role, delivered, read, at] };
    },

    redact({ sessionId, seq, tenantId, at, reason }) {
      return { text: takeContent, parameters: [sessionId, seq, tenantId, at, text(reason)] };
    },

    *stored(change) {
      for (const key of keysOf(change)) {
        const found = (yield { text: selectKey, parameters: [key, change.keyScope ?? null] }).rows[0];
        if (found === undefined) continue;
        const seq = found.seq as number;
        const { rows } = yield { text: selectStretch, parameters: [found.id as string, seq - 1, seq] };
        if (rows[0] !== undefined) return readActivity(rows[0], found as unknown as SessionFacts);
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
