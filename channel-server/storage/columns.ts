import { FoyerError } from '../errors.ts';
import type { RecordName, Records } from '../session/changes.ts';
import { type ColumnKind, recordTables } from './schema.ts';

/** A value as both databases take and give it. */
export type ColumnValue = string | number | null;
/** A row as a database gives it: by column name. */
export type Row = Readonly<Record<string, ColumnValue>>;

/** A field of a record with its column. */
export interface Column {
  field: string;
  column: string;
  kind: ColumnKind;
}

export interface RecordShape {
  table: string;
  columns: readonly Column[];
  byField: ReadonlyMap<string, Column>;
}

function shapeOf(name: RecordName): RecordShape {
  const { table, fields } = recordTables[name];
  const columns = Object.entries(fields).map(([field, kind]) => ({
    field,
    column: field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    kind,
  }));
  return { table, columns, byField: new Map(columns.map((column) => [column.field, column])) };
}

const shapes = Object.fromEntries(
  (Object.keys(recordTables) as RecordName[]).map((name) => [name, shapeOf(name)]),
) as Record<RecordName, RecordShape>;

/** A record's table and columns; throws INTERNAL for a name that is no record. */
export function recordShape(name: RecordName): RecordShape {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) throw new FoyerError('INTERNAL', `No record is called ${String(name)}.`);
  return shape;
}

/** The column of a record's field; throws INTERNAL for a field the record does not have. */
export function columnOf(name: RecordName, field: string): Column {
  const column = recordShape(name).byField.get(field);
  if (column === undefined) throw new FoyerError('INTERNAL', `A ${name} has no ${field}.`);
  return column;
}

/** PostgreSQL cannot hold NUL in text, so neither store takes it. */
export function text(value: string): string {
  if (value.includes('\0')) throw new FoyerError('REQUEST_INVALID', 'Text must not contain the NUL character.');
  return value;
}

/** A field's value as its column holds it; throws INTERNAL when it is of another type than its column. */
export function toColumn(column: Column, value: unknown): ColumnValue {
  if (value === null) return null;
  if (column.kind === 'text' && typeof value === 'string') return text(value);
  if (column.kind === 'integer' && Number.isSafeInteger(value)) return value as number;
  if (column.kind === 'boolean' && typeof value === 'boolean') return value ? 1 : 0;
  if (column.kind === 'json' && value !== undefined) return JSON.stringify(value);
  throw new FoyerError('INTERNAL', `${column.field} must be ${column.kind}, not ${typeof value}.`);
}

/** The record that a row holds. Columns that belong to no field are left out. */
export function toRecord<N extends RecordName>(name: N, row: object): Records[N] {
  const record: Record<string, unknown> = {};
  for (const { field, column, kind } of shapes[name].columns) {
    const value = (row as Row)[column] ?? null;
    if (value === null || kind === 'text' || kind === 'integer') record[field] = value;
    else record[field] = kind === 'boolean' ? value === 1 : JSON.parse(value as string);
  }
  return record as unknown as Records[N];
}
