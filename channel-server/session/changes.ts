import type { Activity, DraftActivity } from '../../adapters/contract/index.ts';
import type { Customer, Identity } from '../customers/customer.ts';
import type { Session, SessionParticipant } from './session.ts';
import type { Timer } from './timer.ts';

/** What can be inserted, updated and removed. Other domain folders add their records in their ports (declaration merging). */
export interface Records {
  session: Session;
  participant: SessionParticipant;
  timer: Timer;
  customer: Customer;
  identity: Identity;
}
export type RecordName = keyof Records;

/**
 * A write is data: a list of changes that a store applies all together or refuses by name.
 * Nothing here knows SQL; `storage/embedded` and `storage/postgres` each apply lists their own way.
 */
export type Change = AppendActivity | AdvanceReceipt | RedactActivity | InsertRecord | UpdateRecord | RemoveRecord;

/**
 * Store one activity: assigns the session's next seq inside the transaction. Refused as SESSION_CLOSED when the
 * session is not in one of `states`, as SESSION_CHANGED when `agentId` differs. A repeat (`keyScope`) is answered
 * before either is looked at. Moves the session's facts with it, in the same statement: lastSeq, lastPublicSeq
 * (audience `all`); a `message` of audience `all` from a `user` sets lastCustomerAt = `at` and, if it was null,
 * waitingSince = `at`; one from an `agent` sets lastAgentAt = `at` and waitingSince = null.
 */
export interface AppendActivity {
  kind: 'append';
  tenantId: string;
  sessionId: string;
  at: number;
  activity: DraftActivity;
  /** Allowed session states. Absent: any. */
  states?: readonly string[];
  /** The agent who must have the session. Absent: any. */
  agentId?: string;
  /**
   * Uniqueness of `activity.clientId` / `externalId`: unique in this scope (`visitor:<id>`, `account:<id>`,
   * `channel:<id>`), kept 30 days at least, whatever the session. A repeat applies nothing of the whole list
   * and answers the activity stored first.
   */
  keyScope?: string;
}

/** Move a participant's watermarks forward; never back, never beyond the session's lastSeq. */
export interface AdvanceReceipt {
  kind: 'receipt';
  tenantId: string;
  sessionId: string;
  participantId: string;
  role: 'user' | 'agent' | 'bot' | 'system';
  delivered?: number;
  read?: number;
  at: number;
}

/** Take an activity's content away; seq, id, time and dedupe key stay. */
export interface RedactActivity {
  kind: 'redact';
  tenantId: string;
  sessionId: string;
  seq: number;
  at: number;
  reason: string;
}

/**
 * Insert a record. When a unique index refuses it, the list is refused by `refusal`, or with `ignore` only this change is
 * skipped. With `appended`, `id` and `seq` are those of the activity this list appended last, whatever `values` say: only
 * the store knows them.
 */
export type InsertRecord = {
  [N in RecordName]: {
    kind: 'insert';
    record: N;
    values: Records[N];
    refusal?: string;
    ignore?: boolean;
    appended?: Records[N] extends { id: string; seq: number } ? true : never;
  };
}[RecordName];

/**
 * Change the one record that `where` names, if it is as `expect` says; else the list is refused by `refusal`.
 * Without `refusal` a miss is ignored. A unique index that forbids the new values refuses the list, too.
 */
export type UpdateRecord = {
  [N in RecordName]: {
    kind: 'update';
    record: N;
    where: Partial<Records[N]>;
    expect?: Expectation<Records[N]>;
    set: Assignment<Records[N]>;
    refusal?: string;
  };
}[RecordName];

/** Remove the records that `where` names. Removing nothing is no refusal, unless `refusal` is given. */
export type RemoveRecord = {
  [N in RecordName]: { kind: 'remove'; record: N; where: Partial<Records[N]>; refusal?: string };
}[RecordName];

/** What a record must be: a value (null included), one of several, or a number below another (with `orNull`, or null). */
export type Expectation<R> = {
  [K in keyof R]?:
    | R[K]
    | { in: readonly R[K][] }
    | ([Extract<R[K], number>] extends [never] ? never : { below: number; orNull?: true });
};

/** New values; numbers may be added to. */
export type Assignment<R> = { [K in keyof R]?: R[K] | (R[K] extends number ? { add: number } : never) };

/** What became of a list. */
export type CommitResult =
  | { outcome: 'applied'; appended: StoredActivity[] }
  /** A clientId or externalId was there already: nothing of the list was applied. */
  | { outcome: 'repeated'; stored: StoredActivity }
  /** A condition did not hold: nothing of the list was applied. */
  | { outcome: 'refused'; refusal: string };

/** An activity as stored, with the previous seq that a customer may see. For staff, prev is `seq - 1`. */
export interface StoredActivity {
  tenantId: string;
  activity: Activity;
  previousPublic: number;
}

/** The only way to write. One list is one transaction; an answer comes after it is durable. */
export interface UnitOfWork {
  /**
   * Apply all of `changes` or nothing. Rejects (FoyerError STORAGE_…) only for failures of the store itself.
   */
  commit(changes: readonly Change[]): Promise<CommitResult>;
}
