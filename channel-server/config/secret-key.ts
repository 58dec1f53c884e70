import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FoyerError } from '../errors.ts';

/**
 * The installation's secret: from `FOYER_SECRET_KEY`, else from `<data folder>/secret.key`, made (readable by its
 * owner only) on first start. Everything signed or encrypted is derived from it.
 * @throws FoyerError CONFIG_INVALID when the data folder is not writable or the key file is damaged.
 */
export async function secretKey(given: string | undefined, dataDir: string): Promise<string> {
  if (given !== undefined) return given;
  const file = join(dataDir, 'secret.key');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!isErrno(cause, 'EEXIST')) throw unusable(dataDir, cause);
  }
  let key: string;
  try {
    key = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw unusable(dataDir, cause);
  }
  if (key.length < 32) {
    throw new FoyerError(
      'CONFIG_INVALID',
      `${file} is damaged (under 32 characters). Restore it from your backup; a new one would make stored secrets unreadable.`,
    );
  }
  return key;
}

/** What to do about a data folder that cannot be used. */
function unusable(dataDir: string, cause: unknown): FoyerError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  return new FoyerError(
    'CONFIG_INVALID',
    `The data folder ${dataDir} cannot be used (${reason}). Give this user the right to write there, or set FOYER_DATA_DIR to another folder.`,
    { cause },
  );
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
