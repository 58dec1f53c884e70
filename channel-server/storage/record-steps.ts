import { FoyerError } from '../errors.ts';
import type { InsertRecord, RecordName, RemoveRecord, UpdateRecord } from '../session/changes.ts';
import { type Column, type ColumnValue, columnOf, recordShape, toColumn } from './columns.ts';
import type { Flavour } from './flavour.ts';
import type { SessionHeads } from './log-layout.ts';
import type { Step, StepResult, Steps } from './step.ts';

/** Collects a statement's parameters while its text is written. */
function parametersOf(flavour: Flavour) {
  const values: ColumnValue[] = [];
  const add = (value: ColumnValue) => flavour.parameter(values.push(value));
  return { values, add };
}

type Add = (value: ColumnValue) => string;

/** How a statement names a column. */
type Name = (column: string) => string;

/** A record's table for a statement, and the table of heads when some of its columns lie there. */
interface Place {
  table: string;
  heads: SessionHeads | undefined;
  name: Name;
}

function placeOf(record: RecordName, flavour: Flavour): Place {
  const { table } = recordShape(record);
  const heads = record === 'session' ? flavour.log.heads : undefined;
  if (heads === undefined) return { table, heads, name: (column) => `"${column}"` };
  const name = (column: string) =>
    heads.columns.has(column)
      ? `(select "${column}" from ${heads.table} where ${heads.key} = ${heads.facts}.id)`
      : `"${column}"`;
  return { table: heads.facts, heads, name };
}

/** `{ add: 1 }` and the like; JSON columns hold objects themselves and know no such forms. */
function formOf<K extends 'in' | 'below' | 'add'>(value: unknown, name: K): { [P in K]: unknown } | undefined {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { [P in K]: unknown })
    : undefined;
}

function condition(column: Column, name: string, expected: unknown, add: Add): string {
  if (column.kind !== 'json') {
    const among = formOf(expected, 'in');
    if (among !== undefined) {
      const values = among.in as readonly unknown[];
      const given = values.filter((value) => value !== null).map((value) => add(toColumn(column, value)));
      const alternatives = given.length > 0 ? [`${name} in (${given.join(', ')})`] : [];
      if (given.length < values.length) alternatives.push(`${name} is null`);
      return alternatives.length > 0 ? `(${alternatives.join(' or ')})` : '1 = 0';
    }
    const limit = formOf(expected, 'below');
    if (limit !== undefined) {
      const below = `${name} < ${add(toColumn(column, limit.below))}`;
      return (limit as { orNull?: true }).orNull === true ? `(${below} or ${name} is null)` : below;
    }
  }
  return expected === null ? `${name} is null` : `${name} = ${add(toColumn(column, expected))}`;
}

function conditions(record: RecordName, name: Name, where: object, expect: object, add: Add): string {
  const named = Object.entries(where);
  // An empty `where` would mean every row of every tenant.
  if (named.length === 0) throw new FoyerError('INTERNAL', `A change of a ${record} must say which one.`);
  const all = [...named, ...Object.entries(expect)];
  return all
    .map(([field, value]) => {
      const column = columnOf(record, field);
      return condition(column, name(column.column), value, add);
    })
    .join(' and ');
}

function assignment(column: Column, value: unknown, add: Add): string {
  const more = column.kind === 'json' ? undefined : formOf(value, 'add');
  const name = `"${column.column}"`;
  return more === undefined
    ? `${name} = ${add(toColumn(column, value))}`
    : `${name} = ${name} + ${add(toColumn(column, more.add))}`;
}

/** What is remembered of a session is no longer true; without an id, of none. */
function forget(sessionId: string | undefined, { memory }: Flavour): void {
  if (sessionId === undefined) memory?.clear();
  else memory?.forget(sessionId);
}

/** Insert a record; the answer is that of its (first) row. */
export function* insertRecord(change: InsertRecord, flavour: Flavour): Steps<StepResult> {
  const { table, heads } = placeOf(change.record, flavour);
  const { columns } = recordShape(change.record);
  if (change.record === 'session') flavour.memory?.forget(change.values.id);
  const given = change.values as unknown as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(given)) columnOf(change.record, field);
  // A skipped row and a refused one are found by the count, so that neither ends a transaction of PostgreSQL.
  const skipped = change.ignore === true || change.refusal !== undefined ? ' on conflict do nothing' : '';
  const insert = (into: string, placed: readonly Column[], extra: readonly [string, unknown][] = []): Step => {
    const { values, add } = parametersOf(flavour);
    const names = [...extra.map(([name]) => name), ...placed.map(({ column }) => column)];
    const marks = [
      ...extra.map(([, value]) => add(value as ColumnValue)),
      ...placed.map((column) => add(toColumn(column, given[column.field]))),
    ];
    const named = names.map((name) => `"${name}"`).join(', ');
    return { text: `insert into "${into}" (${named}) values (${marks.join(', ')})${skipped}`, parameters: values };
  };
  if (heads === undefined) return yield insert(table, columns);
  const result = yield insert(
    table,
    columns.filter(({ column }) => !heads.columns.has(column)),
  );
  if (result.changes === 0) return result;
  const head = columns.filter(({ column }) => heads.columns.has(column));
  yield insert(heads.table, head, [[heads.key, given.id]]);
  return result;
}

/** Change a record that is as expected; the answer says whether it was. */
export function* updateRecord(change: UpdateRecord, flavour: Flavour): Steps<StepResult> {
  const { table, heads, name } = placeOf(change.record, flavour);
  if (change.record === 'session') forget(change.where.id, flavour);
  const assigned = Object.entries(change.set).map(([field, value]) => [columnOf(change.record, field), value] as const);
  if (assigned.length === 0) throw new FoyerError('INTERNAL', `A change of a ${change.record} must change something.`);
  const inHead = assigned.filter(([{ column }]) => heads?.columns.has(column) === true);
  const rest = assigned.filter((each) => !inHead.includes(each));
  const { values, add } = parametersOf(flavour);
  const set = rest.map(([column, value]) => assignment(column, value, add));
  // Nothing but the head changes: the row is still asked whether it is as expected.
  if (set.length === 0) set.push('id = id');
  const where = conditions(change.record, name, change.where, change.expect ?? {}, add);
  const result = yield { text: `update "${table}" set ${set.join(', ')} where ${where}`, parameters: values };
  if (heads === undefined || inHead.length === 0 || result.changes === 0) return result;
  const { id } = change.where as { id?: unknown };
  if (typeof id !== 'string') throw new FoyerError('INTERNAL', 'A change of sessions’ heads must name one session.');
  const head = parametersOf(flavour);
  const moved = inHead.map(([column, value]) => assignment(column, value, head.add));
  const text = `update ${heads.table} set ${moved.join(', ')} where ${heads.key} = ${head.add(id)}`;
  yield { text, parameters: head.values };
  return result;
}

/** Remove records; the answer says how many. */
export function* removeRecord(change: RemoveRecord, flavour: Flavour): Steps<StepResult> {
  const { table, heads, name } = placeOf(change.record, flavour);
  if (change.record === 'session') forget(change.where.id, flavour);
  const { values, add } = parametersOf(flavour);
  const where = conditions(change.record, name, change.where, {}, add);
  if (heads !== undefined) {
    const named = `select id from "${table}" where ${where}`;
    yield { text: `delete from ${heads.table} where ${heads.key} in (${named})`, parameters: values };
  }
  return yield { text: `delete from "${table}" where ${where}`, parameters: values };
}
