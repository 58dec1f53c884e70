import { FoyerError } from '../errors.ts';
import type { Change, CommitResult, InsertRecord, StoredActivity } from '../session/changes.ts';
import type { Flavour } from './flavour.ts';
import { createLogSteps, type LogSteps, repeated } from './log-steps.ts';
import { insertRecord, removeRecord, updateRecord } from './record-steps.ts';
import type { StepResult, Steps, Transaction } from './step.ts';

/** Makes one transaction of each list of changes; the same for both databases. */
export function createApplier(flavour: Flavour): (changes: readonly Change[]) => Transaction<CommitResult> {
  const log = createLogSteps(flavour);
  return (changes) => ({
    run: () => apply(changes, log, flavour),
    undoes: (result) => result.outcome !== 'applied',
    undone: (result) => repeatOf(changes, result, log),
  });
}

function* apply(changes: readonly Change[], log: LogSteps, flavour: Flavour): Steps<CommitResult> {
  const appended: StoredActivity[] = [];
  if (flavour.forUpdate !== '') yield* lockSessions(changes, flavour);
  for (const change of changes) {
    switch (change.kind) {
      case 'append': {
        const stored = yield* log.append(change);
        if (typeof stored === 'string') return { outcome: 'refused', refusal: stored };
        appended.push(stored);
        break;
      }
      case 'receipt':
        yield log.receipt(change);
        break;
      case 'redact':
        yield log.redact(change);
        break;
      case 'insert': {
        const result = yield* insertRecord(change.appended === true ? withAppended(change, appended) : change, flavour);
        if (change.ignore !== true && missed(result, change)) return refused(change.refusal);
        break;
      }
      case 'update': {
        const result = yield* updateRecord(change, flavour);
        if (missed(result, change)) return refused(change.refusal);
        break;
      }
      case 'remove': {
        const result = yield* removeRecord(change, flavour);
        if (missed(result, change)) return refused(change.refusal);
        break;
      }
      default:
        throw new FoyerError('INTERNAL', 'A list holds a change of an unknown kind.');
    }
  }
  return { outcome: 'applied', appended };
}

/** A record that goes with the activity appended last: it has its id and seq. */
function withAppended(change: InsertRecord, appended: readonly StoredActivity[]): InsertRecord {
  const activity = appended.at(-1)?.activity;
  if (activity === undefined) {
    throw new FoyerError('INTERNAL', `A ${change.record} goes with an activity, but none was appended before it.`);
  }
  const { id, seq } = activity;
  return { ...change, values: { ...change.values, id, seq } } as InsertRecord;
}

/** Whether a change that may refuse its list does. Throws REQUEST_CONFLICT for a conflict that has no name. */
function missed<C extends { refusal?: string }>(
  { changes, conflict }: StepResult,
  change: C,
): change is C & { refusal: string } {
  if (change.refusal !== undefined) return conflict || changes === 0;
  if (conflict) throw new FoyerError('REQUEST_CONFLICT', 'There is such a record already.');
  return false;
}

function refused(refusal: string): CommitResult {
  return { outcome: 'refused', refusal };
}

/** A repeat wins over a refusal: a sender whose answer was lost gets it, even when the session has closed since. */
function* repeatOf(changes: readonly Change[], result: CommitResult, log: LogSteps): Steps<CommitResult> {
  for (const change of changes) {
    if (change.kind !== 'append') continue;
    const stored = yield* log.stored(change);
    if (stored !== undefined) return { outcome: 'repeated', stored };
  }
  if (result.outcome === 'refused' && result.refusal === repeated) {
    throw new FoyerError('INTERNAL', 'A list of changes names one dedupe key twice.');
  }
  return result;
}

/** Sessions are locked in the order of their ids, so that lists about the same ones never wait for each other in a ring. */
function* lockSessions(changes: readonly Change[], flavour: Flavour): Steps<void> {
  const ids = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'append' || change.kind === 'receipt') ids.add(change.sessionId);
    else if (change.kind === 'update' && change.record === 'session' && change.where.id !== undefined) {
      ids.add(change.where.id);
    }
  }
  if (ids.size < 2) return;
  const named = [...ids].map((_, n) => flavour.parameter(n + 1)).join(', ');
  yield {
    text: `select id from sessions where id in (${named}) order by id ${flavour.forUpdate}`,
    parameters: [...ids],
  };
}
