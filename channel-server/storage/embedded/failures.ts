import { FoyerError } from '../../errors.ts';

/** SQLite's primary result codes that mean something to the person who runs the server. */
const codes = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
};
/** What the file system answers when the folder cannot be made. */
const folderErrors = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'];
const uniqueViolations = [1555, 2067];

/** The extended result code of an error of node:sqlite; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' ? code : undefined;
}

/** Whether the store itself failed, so that nothing of a running transaction can be trusted. */
export function isStoreFailure(error: unknown): boolean {
  const code = resultCode(error);
  const { noMemory, readOnly, io, corrupt, full, cannotOpen, notADatabase } = codes;
  return code !== undefined && [noMemory, readOnly, io, corrupt, full, cannotOpen, notADatabase].includes(code & 0xff);
}

export function isUniqueViolation(error: unknown): boolean {
  return uniqueViolations.includes(resultCode(error) ?? 0);
}

/** An error of node:sqlite in Foyer's words. `place` names the data folder. */
export function embeddedFailure(error: unknown, place: string): FoyerError {
  if (error instanceof FoyerError) return error;
  const code = resultCode(error);
  const fail = (name: ConstructorParameters<typeof FoyerError>[0], message: string) =>
    new FoyerError(name, message, { cause: error });
  const unwritable = () =>
    fail(
      'STORAGE_UNAVAILABLE',
      `Cannot write in the data folder ${place}. Let this user own it, or name another folder by FOYER_DATA_DIR.`,
    );
  const system = (error as NodeJS.ErrnoException | undefined)?.code;
  if (system === 'ERR_INVALID_STATE') return fail('STORAGE_UNAVAILABLE', 'The store is closed.');
  if (system === 'ENOSPC') return fail('STORAGE_FULL', `The disk of ${place} is full. Make room on it.`);
  if (system !== undefined && folderErrors.includes(system)) return unwritable();
  switch (code === undefined ? undefined : code & 0xff) {
    case codes.busy:
    case codes.locked:
      return fail('STORAGE_BUSY', `The store in ${place} is held by another program for a moment. Try again.`);
    case codes.full:
      return fail('STORAGE_FULL', `The disk of ${place} is full. Nothing was stored; make room on it.`);
    case codes.readOnly:
    case codes.cannotOpen:
      return unwritable();
    case codes.io:
    case codes.noMemory:
      return fail('STORAGE_UNAVAILABLE', `The disk of ${place} does not answer as it should. Nothing was stored.`);
    case codes.corrupt:
    case codes.notADatabase:
      return fail('STORAGE_UNAVAILABLE', `The store in ${place} is damaged. Restore it from a backup.`);
    default:
      return fail('INTERNAL', 'The store could not do this.');
  }
}
