import type { AppendActivity } from '../session/changes.ts';
import type { ColumnValue, Row } from './columns.ts';
import { type Flavour, forFlavour } from './flavour.ts';
import type { Step, Steps } from './step.ts';

/** Moves a session on by one activity. */
export interface AdvanceSession {
  /**
   * The session as the activity needs it (`last_seq`, `previous_public`, `channel_id`, `channel_type` and the columns
   * of its place), or the name of what refuses it.
   */
  begin(change: AppendActivity): Steps<Row | string>;
  /** What is left to be written right after the activity. */
  end?(change: AppendActivity, session: Row, row: number): Step;
}

/** What an append writes into its session's row besides the numbers: who waits for whom since when. */
const effects = {
  asked: 'last_customer_at = $3, waiting_since = coalesce(waiting_since, $3)',
  answered: 'last_agent_at = $3, waiting_since = null',
  none: undefined,
} as const;
type Effect = keyof typeof effects;

function effectOf({ activity }: AppendActivity): Effect {
  if (activity.type !== 'message' || activity.audience !== 'all') return 'none';
  if (activity.from.role === 'user') return 'asked';
  return activity.from.role === 'agent' ? 'answered' : 'none';
}

/** Why a session in this state, with this agent, takes no such activity. */
function refusalOf(change: AppendActivity, session: Row | undefined): string | undefined {
  if (session === undefined) return 'SESSION_NOT_FOUND';
  if (change.states !== undefined && !change.states.includes(session.state as string)) return 'SESSION_CLOSED';
  if (change.agentId !== undefined && change.agentId !== session.agent_id) return 'SESSION_CHANGED';
  return undefined;
}

/**
 * Read, decide, write: for a database in which only one transaction runs, so that what was read still holds.
 * SQLite's RETURNING costs more than the second statement, for it makes a table of its answer.
 */
export function advanceByReading(flavour: Flavour): AdvanceSession {
  const { memory } = flavour;
  const { head, keep } = flavour.log.placing;
  const { table, key } = flavour.log.heads ?? { table: 'sessions', key: 'id' };
  const columns = ['tenant_id', 'state', 'agent_id', 'channel_id', 'channel_type'];
  const numbers = ['last_seq + 1 as last_seq', 'last_public_seq as previous_public'];
  const select = forFlavour(
    flavour,
    `select ${[...columns, ...numbers, ...head].join(', ')} from sessions where id = $1`,
  );
  const forms = new Map<string, string>();

  const update = (effect: Effect, isPublic: boolean): string => {
    const form = `${effect} ${isPublic}`;
    let text = forms.get(form);
    if (text === undefined) {
      const set = ['last_seq = $2'];
      if (isPublic) set.push('last_public_seq = $2');
      if (effects[effect] !== undefined) set.push(effects[effect]);
      set.push(...keep);
      text = forFlavour(flavour, `update ${table} set ${set.join(', ')} where ${key} = $1`);
      forms.set(form, text);
    }
    return text;
  };

  return {
    *begin(change) {
      let session = memory?.get(change.sessionId);
      session ??= (yield { text: select, parameters: [change.sessionId] }).rows[0];
      if (session === undefined || session.tenant_id !== change.tenantId) return 'SESSION_NOT_FOUND';
      return refusalOf(change, session) ?? session;
    },
    end(change, session, row) {
      const effect = effectOf(change);
      const isPublic = change.activity.audience === 'all';
      const parameters: ColumnValue[] = [change.sessionId, session.last_seq ?? null];
      if (effect !== 'none') parameters.push(change.at);
      memory?.set(change.sessionId, following(session, isPublic, row));
      return { text: update(effect, isPublic), parameters };
    },
  };
}

/** The session as its next activity finds it. Written out: this runs for every message. */
function following(session: Row, isPublic: boolean, row: number): Row {
  const seq = session.last_seq as number;
  return {
    tenant_id: session.tenant_id as string,
    state: session.state as string,
    agent_id: session.agent_id ?? null,
    channel_id: session.channel_id as string,
    channel_type: session.channel_type as string,
    last_seq: seq + 1,
    previous_public: isPublic ? seq : (session.previous_public as number),
    previous_row: row,
  };
}

/** One conditional update that answers what it wrote: for a database whose transactions run side by side. */
export function advanceByReturning(flavour: Flavour): AdvanceSession {
  const selectState = forFlavour(flavour, 'select state, agent_id from sessions where id = $1 and tenant_id = $2');
  const forms = new Map<string, string>();

  const update = (effect: Effect, isPublic: boolean, byAgent: boolean, states: number | undefined): string => {
    const form = `${effect} ${isPublic} ${byAgent} ${states ?? ''}`;
    let text = forms.get(form);
    if (text === undefined) {
      text = forFlavour(flavour, updateText(effect, isPublic, byAgent, states));
      forms.set(form, text);
    }
    return text;
  };

  return {
    *begin(change) {
      const effect = effectOf(change);
      const parameters: ColumnValue[] = [change.sessionId, change.tenantId];
      if (effect !== 'none') parameters.push(change.at);
      if (change.agentId !== undefined) parameters.push(change.agentId);
      if (change.states !== undefined) parameters.push(...change.states);
      const isPublic = change.activity.audience === 'all';
      const text = update(effect, isPublic, change.agentId !== undefined, change.states?.length);
      const session = (yield { text, parameters }).rows[0];
      if (session !== undefined) return session;
      const { rows } = yield { text: selectState, parameters: [change.sessionId, change.tenantId] };
      return refusalOf(change, rows[0]) ?? 'SESSION_CHANGED';
    },
  };
}

function updateText(effect: Effect, isPublic: boolean, byAgent: boolean, states: number | undefined): string {
  const set = ['last_seq = last_seq + 1'];
  if (isPublic) set.push('previous_public_seq = last_public_seq', 'last_public_seq = last_seq + 1');
  if (effects[effect] !== undefined) set.push(effects[effect]);
  let count = effects[effect] === undefined ? 2 : 3;
  const next = () => `$${++count}`;
  const conditions = ['id = $1', 'tenant_id = $2'];
  if (byAgent) conditions.push(`agent_id = ${next()}`);
  if (states === 0) conditions.push('1 = 0');
  else if (states !== undefined) conditions.push(`state in (${Array.from({ length: states }, next).join(', ')})`);
  const previous = isPublic ? 'previous_public_seq' : 'last_public_seq';
  return (
    `update sessions set ${set.join(', ')} where ${conditions.join(' and ')} ` +
    `returning last_seq, ${previous} as previous_public, channel_id, channel_type`
  );
}
