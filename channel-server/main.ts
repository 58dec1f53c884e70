import type { App } from './app.ts';
import { FoyerError } from './errors.ts';

/**
 * The process: environment in, signals handled, one clear line when it cannot start. People read stdout, and stderr
 * when it cannot start; the log stands on stderr, too, as JSON.
 */

/** Milliseconds for what runs to end: below the 10 s that container engines wait by default before they kill. */
const drainMs = 8_000;

async function start(): Promise<App> {
  // Said before the house is loaded, which takes a moment.
  process.stdout.write('Foyer is starting …\n');
  const { readEnvironment } = await import('./config/environment.ts');
  // The log is quiet where a person looks on.
  const environment = readEnvironment(process.env, process.stderr.isTTY);
  for (const name of environment.unknown) {
    process.stderr.write(`Foyer does not know ${name}; it is ignored. Is it misspelt?\n`);
  }
  const { configFile } = environment;
  if (configFile === undefined) {
    const { startDemo } = await import('../demo/demo.ts');
    return startDemo(environment);
  }
  const { readDeclaredFile } = await import('./config/declared-file.ts');
  const declared = await readDeclaredFile(configFile, process.env);
  const { startApp } = await import('./app.ts');
  const app = await startApp({ environment, declared });
  for (const warning of app.warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(`Foyer is ready.\n  Desk     ${app.url}/desk\n  Console  ${app.url}/console\n`);
  return app;
}

function cannot(what: 'start' | 'stop', error: unknown): never {
  const line = error instanceof FoyerError ? error.message : unexpected(error);
  process.stderr.write(`Foyer cannot ${what}: ${line}\n`);
  process.exit(1);
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

let stopping = false;
/** Also while starting: what was begun is ended in order. Asking again changes nothing. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A drain that hangs must not keep a deployment waiting for ever.
  setTimeout(() => process.exit(1), drainMs + 5_000).unref();
  try {
    const app = await started;
    await app.stop(drainMs);
    process.exit(0);
  } catch (error) {
    cannot('stop', error);
  }
}

// Before anything is loaded: a signal that nobody handles ends the process.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
const started = start().catch((error: unknown) => cannot('start', error));
