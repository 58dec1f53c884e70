import { createServer } from 'node:net';
import { type App, startApp } from '../channel-server/app.ts';
import { checkDeclared, type DeclaredInput } from '../channel-server/config/declared-file.ts';
import type { Environment } from '../channel-server/config/environment.ts';
import { createSimulators, type Simulators } from './platforms/simulators.ts';
import { sampleData } from './sample-data.ts';
import { siteRoutes } from './site-routes.ts';

/**
 * `npm start` without configuration: the real product with a company's website, two agents and an administrator, and
 * a simulated phone for every platform. Prints only addresses that exist; the made-up passwords are for this demo alone.
 */
export async function startDemo(given: Environment): Promise<App> {
  // The simulators' address is part of the channels' settings: it must be known before anything listens.
  const environment = given.port === 0 ? { ...given, port: await freePort(given.host) } : given;
  const simulators = simulatorsFor(environment);
  const app = await startApp({
    environment,
    declared: checkDeclared(withChannels(simulators), 'the demo'),
    pages: simulators === undefined ? [siteRoutes] : [simulators.routes, siteRoutes],
    autoIdle: true,
  });
  for (const warning of app.warnings) process.stderr.write(`${warning}\n`);
  await warnOfRefusals(simulators);
  const width = Math.max(...sampleData.accounts.map(({ login }) => login.length));
  const accounts = sampleData.accounts.map(
    ({ login, password, role }) => `  ${login.padEnd(width)}  ${password}  (${role})`,
  );
  const phones = simulators === undefined ? [] : [`  Phones           ${app.url}/simulators`];
  process.stdout.write(
    [
      '',
      'Foyer is ready.',
      `  Company website  ${app.url}/`,
      ...phones,
      `  Desk             ${app.url}/desk`,
      `  Console          ${app.url}/console`,
      `  API              ${app.url}/api/openapi.json`,
      '',
      'Sign in with',
      ...accounts,
      '',
      `Write to the company from its website${simulators === undefined ? '' : ' or from a phone'}, answer at the desk. What you write is kept in ${environment.dataDir}.`,
      'To run your own company: set FOYER_CONFIG to a file that declares it (docs/configuration.md).',
      '',
    ].join('\n'),
  );
  return app;
}

/** A channel for each simulator beside those of the sample data. */
export function withChannels(simulators: Pick<Simulators, 'channels'> | undefined): DeclaredInput {
  const simulated = (simulators?.channels ?? []).map((channel) => ({ ...channel, queue: 'support' }));
  return { ...sampleData, channels: [...sampleData.channels, ...simulated] };
}

/** Channels reach their simulators by plain http, which is for loopback only: bound elsewhere, there are none. */
function simulatorsFor({ host, port, publicUrl, mediaUrl }: Environment): Simulators | undefined {
  const loopback = loopbackOf(host);
  if (loopback === undefined) {
    process.stderr.write(
      `The phone simulators are off: they need this server on loopback, and FOYER_HOST is ${host}. Unset it, or set it to 0.0.0.0.\n`,
    );
    return undefined;
  }
  const origin = `http://${loopback}:${port}`;
  return createSimulators({
    origin,
    aliases: [`http://localhost:${port}`, publicUrl, mediaUrl].filter((alias) => alias !== undefined),
    deliverTo: (channelId) => `${origin}/webhooks/${channelId}`,
  });
}

/** By which address of loopback a server bound to `host` is reached; undefined when by none. */
export function loopbackOf(host: string): string | undefined {
  if (host === '0.0.0.0' || host === 'localhost' || /^127(\.\d+){3}$/.test(host)) {
    return host.startsWith('127.') ? host : '127.0.0.1';
  }
  return host === '::' || host === '::1' ? '[::1]' : undefined;
}

/** Every platform checks its webhook, as its console does when somebody saves the address. */
async function warnOfRefusals(simulators: Simulators | undefined): Promise<void> {
  for (const { state, detail, webhook } of (await simulators?.connect()) ?? []) {
    if (state !== 'connected') process.stderr.write(`A simulated platform could not use ${webhook}: ${detail}\n`);
  }
}

/** A port nobody listens on. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
