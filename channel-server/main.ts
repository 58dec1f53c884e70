import { startDemo } from '../demo/demo.ts';
import { startApp } from './app.ts';
import { readDeclaredFile } from './config/declared-file.ts';
import { readEnvironment } from './config/environment.ts';
import { FoyerError } from './errors.ts';

/** The process: environment in, signals handled, one clear line when it cannot start. */
const drainMs = 30_000;

async function start(): Promise<void> {
  const environment = readEnvironment(process.env);
  for (const name of environment.unknown) {
    process.stderr.write(`Foyer does not know ${name}; it is ignored. Is it misspelt?\n`);
  }
  const app =
    environment.configFile === undefined
      ? await startDemo(environment)
      : await startApp({ environment, declared: await readDeclaredFile(environment.configFile, process.env) });
  if (environment.configFile !== undefined) {
    for (const warning of app.warnings) process.stderr.write(`${warning}\n`);
    process.stdout.write(`Foyer is ready.\n  Desk     ${app.url}/desk\n  Console  ${app.url}/console\n`);
  }

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // A drain that hangs must not keep a deployment waiting for ever.
    setTimeout(() => process.exit(1), drainMs + 5_000).unref();
    await app.stop(drainMs);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

start().catch((error: unknown) => {
  const line = error instanceof FoyerError ? error.message : unexpected(error);
  process.stderr.write(`Foyer cannot start: ${line}\n`);
  process.exit(1);
});

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
