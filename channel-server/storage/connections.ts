import type { Kysely } from 'kysely';
import type { FoyerError } from '../errors.ts';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';
import type { Writer } from './writer.ts';

/** An opened database, whichever it is. */
export interface Connections {
  flavour: Flavour;
  /** Only for reading. */
  reads: Kysely<Database>;
  writer: Writer;
  /** A failed read in Foyer's words. */
  failure(error: unknown): FoyerError;
  /** Finish what was accepted, then let go of the database. */
  close(): Promise<void>;
}
