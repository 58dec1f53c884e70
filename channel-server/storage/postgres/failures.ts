import { FoyerError } from '../../errors.ts';

/** What the server says when a transaction lost a race and may be run again as it is. */
const races = ['40001', '40P01', '55P03'];
const uniqueViolation = '23505';
const untranslatable = ['22021', '22P05'];
const full = ['53100'];

/** PostgreSQL's SQLSTATE or the system's error name; undefined for any other error. */
function stateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the same transaction may succeed when it is run again. */
export function isRace(error: unknown): boolean {
  return races.includes(stateOf(error) ?? '');
}

export function isUniqueViolation(error: unknown): boolean {
  return stateOf(error) === uniqueViolation;
}

/** An error of PostgreSQL or of the way to it in Foyer's words. `place` names the server, without a password. */
export function postgresFailure(error: unknown, place: string): FoyerError {
  if (error instanceof FoyerError) return error;
  const state = stateOf(error);
  const fail = (name: ConstructorParameters<typeof FoyerError>[0], message: string) =>
    new FoyerError(name, message, { cause: error });
  if (state === undefined || !/^[0-9A-Z]{5}$/.test(state)) {
    if (error instanceof TypeError || error instanceof RangeError)
      return fail('INTERNAL', 'The store could not do this.');
    return fail(
      'STORAGE_UNAVAILABLE',
      `PostgreSQL at ${place} does not answer. Check FOYER_DATABASE_URL and the server.`,
    );
  }
  if (races.includes(state)) return fail('STORAGE_BUSY', 'Too many changes met in one place. Try again.');
  if (full.includes(state)) return fail('STORAGE_FULL', `The disk of PostgreSQL at ${place} is full. Make room on it.`);
  if (untranslatable.includes(state)) return fail('REQUEST_INVALID', 'Text must not contain the NUL character.');
  if (state === '57014' || state === '53300') {
    return fail('STORAGE_BUSY', `PostgreSQL at ${place} has too much to do. Try again.`);
  }
  if (state.startsWith('28') || state === '3D000') {
    return fail(
      'STORAGE_UNAVAILABLE',
      `PostgreSQL at ${place} refused Foyer. Check the user, password and database in FOYER_DATABASE_URL.`,
    );
  }
  if (/^(08|57P|58|53|25006)/.test(state)) {
    return fail('STORAGE_UNAVAILABLE', `PostgreSQL at ${place} cannot serve at the moment.`);
  }
  return fail('INTERNAL', 'The store could not do this.');
}
