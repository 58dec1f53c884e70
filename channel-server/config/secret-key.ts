import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
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
  let key: string;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    key = await keyIn(file).catch(async (error: unknown) => {
      if (!isErrno(error, 'ENOENT')) throw error;
      await make(file);
      return keyIn(file);
    });
  } catch (cause) {
    throw unusable(dataDir, cause);
  }
  if (!/^[\x21-\x7e]{32,}$/.test(key)) {
    throw new FoyerError(
      'CONFIG_INVALID',
      `${file} is damaged: it must hold one line of at least 32 characters. Restore it from your backup; a new one would make stored secrets unreadable.`,
    );
  }
  return key;
}

const keyIn = async (file: string) => (await readFile(file, 'utf8')).trim();

/** Whole or not at all, whatever ends the process in between. */
async function make(file: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    // Some file systems know no links.
    if (isErrno(error, 'EPERM') || isErrno(error, 'ENOTSUP') || isErrno(error, 'ENOSYS')) return rename(draft, file);
    // Another process was faster: its key counts.
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  await unlink(draft);
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
