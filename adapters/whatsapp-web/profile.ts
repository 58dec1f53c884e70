import { lstat, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** How often {@link touchOwner} is called while a browser runs, and when an untouched folder counts as left: ms. */
export const touchEvery = 30_000;
const leftAfter = 4 * touchEvery;

const singletons = ['SingletonLock', 'SingletonSocket', 'SingletonCookie'] as const;

/** The folder in which LocalAuth keeps a browser's profile. */
export function profileFolder(folder: string, clientId: string): string {
  return join(folder, `session-${clientId}`);
}

/**
 * Chromium marks a profile as in use by links that stay behind after a crash; it then never starts again. They are
 * taken away when no owner lives: a process of this machine by its number, one of another (a container that was made
 * anew) by the sign of life that this adapter gives. Answers what is in the way, or undefined.
 */
export async function clearStaleLocks(profile: string, folder: string, now: number): Promise<string | undefined> {
  const lock = await readlink(join(profile, 'SingletonLock')).catch(() => undefined);
  if (lock === undefined) return undefined;
  // `<host name>-<process>`; host names have dashes too.
  const dash = lock.lastIndexOf('-');
  const [host, pid] = [lock.slice(0, dash), Number(lock.slice(dash + 1))];
  if (host === hostname()) {
    if (await runsWith(pid, profile)) {
      return `A browser from an earlier run (process ${pid}) still uses the session: end it.`;
    }
  } else if (now - (await touchedAt(folder)) < leftAfter) {
    return `Another machine (${host}) uses the session: stop it there.`;
  }
  for (const name of singletons) {
    const path = join(profile, name);
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere) await rm(path, { force: true });
  }
  return undefined;
}

/** Give a sign of life: the folder is in use. */
export async function touchOwner(folder: string, now: number): Promise<void> {
  const path = join(folder, 'in-use');
  await writeFile(path, hostname());
  await utimes(path, now / 1000, now / 1000);
}

async function touchedAt(folder: string): Promise<number> {
  return stat(join(folder, 'in-use')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Whether this process lives and is a browser on this profile; where it cannot be told, living is enough. */
async function runsWith(pid: number, profile: string): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || command.includes(profile);
}
