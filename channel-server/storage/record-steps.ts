import { FoyerError } from '../errors.ts';
import type { InsertRecord, RecordName, RemoveRecord, UpdateRecord } from '../session/changes.ts';
import { type ColumnValue, columnOf, recordShape, toColumn } from './columns.ts';
import type { Flavour } from './flavour.ts';
import type { Step } from './step.ts';

/** Collects a statement's parameters while its text is written. */
function parametersOf(flavour: Flavour) {
  const values: ColumnValue[] = [];
  const add = (value: ColumnValue) => flavour.parameter(values.push(value));
  return { values, add };
}

type Add = (value: ColumnValue) => string;

/** `{ add: 1 }` and the like; JSON columns hold objects themselves and know no such forms. */
function formOf<K extends 'in' | 'below' | 'add'>(value: unknown, name: K): { [P in K]: unknown } | undefined {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { [P in K]: unknown })
    : undefined;
}

function condition(record: RecordName, field: string, expected: unknown, add: Add): string {
  const column = columnOf(record, field);
  const name = `"${column.column}"`;
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
    if (limit !== undefined) return `${name} < ${add(toColumn(column, limit.below))}`;
  }
  return expected === null ? `${name} is null` : `${name} = ${add(toColumn(column, expected))}`;
}

function conditions(record: RecordName, where: object, expect: object, add: Add): string {
  const named = Object.entries(where);
  // An empty `where` would mean every row of every tenant.
  if (named.length === 0) throw new FoyerError('INTERNAL', `A change of a ${record} must say which one.`);
  const all = [...named, ...Object.entries(expect)];
  return all.map(([field, value]) => condition(record, field, value, add)).join(' and ');
}

export function insertStep(change: InsertRecord, flavour: Flavour): Step {
  const { table, columns } = recordShape(change.record);
  const given = change.values as unknown as Readonly<Record<string, unknown>>;
  for (const field of Object.keys(given)) columnOf(change.record, field);
  const { values, add } = parametersOf(flavour);
  const placed = columns.map((column) => add(toColumn(column, given[column.field])));
  const named = columns.map(({ column }) => `"${column}"`).join(', ');
  // A skipped row and a refused one are found by the count, so that neither ends a transaction of PostgreSQL.
  const skipped = change.ignore === true || change.refusal !== undefined ? ' on conflict do nothing' : '';
  return { text: `insert into "${table}" (${named}) values (${placed.join(', ')})${skipped}`, parameters: values };
}

export function updateStep(change: UpdateRecord, flavour: Flavour): Step {
  const { table } = recordShape(change.record);
  const { values, add } = parametersOf(flavour);
  const assigned = Object.entries(change.set).map(([field, value]) => {
    const column = columnOf(change.record, field);
    const more = column.kind === 'json' ? undefined : formOf(value, 'add');
    const name = `"${column.column}"`;
    return more === undefined
      ? `${name} = ${add(toColumn(column, value))}`
      : `${name} = ${name} + ${add(toColumn(column, more.add))}`;
  });
  if (assigned.length === 0) throw new FoyerError('INTERNAL', `A change of a ${change.record} must change something.`);
  const where = conditions(change.record, change.where, change.expect ?? {}, add);
  return { text: `update "${table}" set ${assigned.join(', ')} where ${where}`, parameters: values };
}

export function removeStep(change: RemoveRecord, flavour: Flavour): Step {
  const { table } = recordShape(change.record);
  const { values, add } = parametersOf(flavour);
  const where = conditions(change.record, change.where, {}, add);
  return { text: `delete from "${table}" where ${where}`, parameters: values };
}
