import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * The first of `candidates` that exists; else installs `packages` (said first) when this is Debian and we are
 * root; else throws an error with the one command to run. Nothing is skipped silently.
 */
export function findOrInstall(what: string, candidates: () => string[], packages: string[]): string {
  const found = () => candidates().find((path) => existsSync(path));
  const present = found();
  if (present !== undefined) return present;

  const command = `apt-get update && apt-get install -y ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`The tests need ${what}, which this machine lacks. Run: sudo sh -c '${command}'`);
  }
  process.stdout.write(`The tests need ${what}, which this machine lacks: installing it (${command}) …\n`);
  execFileSync('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const installed = found();
  if (installed === undefined) throw new Error(`${what} was installed but is not at ${candidates().join(' or ')}.`);
  return installed;
}
