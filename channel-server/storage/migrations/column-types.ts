import type { CreateTableBuilder, Expression } from 'kysely';

/** What differs between the databases when tables are made. */
export interface ColumnTypes {
  /** Text compared byte by byte. */
  text: 'text' | Expression<unknown>;
  /** 64 bits: times in ms, counts, 0 or 1. */
  integer: 'integer' | 'bigint';
  /** Whether logs are laid out as chains (embedded) or by an index (PostgreSQL). */
  chained: boolean;
  /** Keep the rows in the order of their primary key, where the database can. */
  clustered<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
}
