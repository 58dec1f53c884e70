import type { Activity, ActivityContent, DraftActivity } from '../../adapters/contract/index.ts';
import type { StoredActivity } from '../session/changes.ts';
import type { Row } from './columns.ts';

/**
 * Copies the fields of an activity's content that are there, field by field: this runs for every message, and a walk over
 * field names is several times slower.
 */
function putContent(draft: ActivityContent, content: ActivityContent): void {
  if (draft.text !== undefined) content.text = draft.text;
  if (draft.textFormat !== undefined) content.textFormat = draft.textFormat;
  if (draft.attachments !== undefined) content.attachments = draft.attachments;
  if (draft.suggestedActions !== undefined) content.suggestedActions = draft.suggestedActions;
  if (draft.replyToId !== undefined) content.replyToId = draft.replyToId;
  if (draft.value !== undefined) content.value = draft.value;
  if (draft.channelData !== undefined) content.channelData = draft.channelData;
}

/** The replaceable part of an activity as JSON, or null when it has none. */
export function contentOf(draft: DraftActivity): string | null {
  const content: ActivityContent = {};
  putContent(draft, content);
  const json = JSON.stringify(content);
  return json === '{}' ? null : json;
}

let writtenAt = Number.NaN;
let written = '';

/** A time (ms since the epoch) in ISO 8601. The messages of a busy moment share theirs, and writing it is not cheap. */
function isoTime(at: number): string {
  if (at !== writtenAt) {
    written = new Date(at).toISOString();
    writtenAt = at;
  }
  return written;
}

/** What the store adds to a draft. `content`: as stored, so that the answer is what a later read gives. */
export interface StoredFacts {
  tenantId: string;
  sessionId: string;
  seq: number;
  previousPublic: number;
  at: number;
  channelId: string;
  channelType: string;
}

/** The stored activity of a draft, the same that a read answers. */
export function storedActivity(draft: DraftActivity, facts: StoredFacts): StoredActivity {
  const activity: Activity = {
    type: draft.type,
    id: `${facts.sessionId}.${facts.seq}`,
    timestamp: isoTime(facts.at),
    channelId: facts.channelType,
    from: participant(draft.from.id, draft.from.role, draft.from.name ?? null),
    conversation: { id: facts.sessionId },
    seq: facts.seq,
    channel: facts.channelId,
    audience: draft.audience,
  };
  if (draft.name !== undefined) activity.name = draft.name;
  if (draft.clientId !== undefined) activity.clientId = draft.clientId;
  if (draft.externalId !== undefined) activity.externalId = draft.externalId;
  putContent(draft, activity);
  return { tenantId: facts.tenantId, activity, previousPublic: facts.previousPublic };
}

/** Columns of `activities` that an activity is read from. */
export const activityColumns = [
  ...['session_id', 'seq', 'tenant_id', 'type', 'name', 'audience', 'from_id', 'from_role', 'from_name'],
  ...['client_id', 'external_id', 'at', 'previous_public', 'content', 'redacted_at', 'redacted_reason'],
].map((column) => `activities.${column}`);

/** What a session says of all its activities. */
export interface SessionFacts {
  channel_id: string;
  channel_type: string;
}

/** The activity that a row of {@link activityColumns} holds. */
export function readActivity(source: object, session: SessionFacts): StoredActivity {
  const row = source as Row;
  const sessionId = row.session_id as string;
  const activity: Activity = {
    ...(row.content === null ? {} : (JSON.parse(row.content as string) as ActivityContent)),
    type: row.type as Activity['type'],
    id: `${sessionId}.${row.seq}`,
    timestamp: isoTime(row.at as number),
    channelId: session.channel_type,
    from: participant(row.from_id as string, row.from_role as Activity['from']['role'], row.from_name as string | null),
    conversation: { id: sessionId },
    seq: row.seq as number,
    channel: session.channel_id,
    audience: row.audience as Activity['audience'],
  };
  if (row.name !== null) activity.name = row.name as string;
  if (row.client_id !== null) activity.clientId = row.client_id as string;
  if (row.external_id !== null) activity.externalId = row.external_id as string;
  if (row.redacted_at !== null) {
    activity.redacted = {
      at: new Date(row.redacted_at as number).toISOString(),
      reason: row.redacted_reason as string,
    };
  }
  return { tenantId: row.tenant_id as string, activity, previousPublic: row.previous_public as number };
}

function participant(id: string, role: Activity['from']['role'], name: string | null): Activity['from'] {
  return name === null ? { id, role } : { id, name, role };
}
