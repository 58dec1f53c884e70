import { DatabaseSync } from 'node:sqlite';
import { FoyerError } from '../../errors.ts';

const busy = 5;

/**
 * Hold a data folder for this process alone, until `release`. The lock is the operating system's, on a file of
 * its own: it ends with the process, however that dies. Throws STORAGE_LOCKED when another process holds it.
 */
export function lockFolder(file: string, place: string): { release(): void } {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== busy) throw error;
    throw new FoyerError(
      'STORAGE_LOCKED',
      `The data folder ${place} is in use by another Foyer. Stop that one, or give this one a folder of its own by FOYER_DATA_DIR.`,
      { cause: error },
    );
  }
  return { release: () => db.close() };
}
