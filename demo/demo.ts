import { type App, startApp } from '../channel-server/app.ts';
import { checkDeclared } from '../channel-server/config/declared-file.ts';
import type { Environment } from '../channel-server/config/environment.ts';
import { sampleData } from './sample-data.ts';
import { siteRoutes } from './site-routes.ts';

/**
 * `npm start` without configuration: the real product with a company's website, two agents and an administrator.
 * Prints only addresses that exist; the made-up passwords are for this demo alone.
 */
export async function startDemo(environment: Environment): Promise<App> {
  const app = await startApp({
    environment,
    declared: checkDeclared(sampleData, 'the demo'),
    pages: [siteRoutes],
    autoIdle: true,
  });
  for (const warning of app.warnings) process.stderr.write(`${warning}\n`);
  const width = Math.max(...sampleData.accounts.map(({ login }) => login.length));
  const accounts = sampleData.accounts.map(
    ({ login, password, role }) => `  ${login.padEnd(width)}  ${password}  (${role})`,
  );
  process.stdout.write(
    [
      '',
      'Foyer is ready.',
      `  Company website  ${app.url}/`,
      `  Desk             ${app.url}/desk`,
      `  Console          ${app.url}/console`,
      `  API              ${app.url}/api/openapi.json`,
      '',
      'Sign in with',
      ...accounts,
      '',
      `Write to the company from its website, answer at the desk. What you write is kept in ${environment.dataDir}.`,
      'To run your own company: set FOYER_CONFIG to a file that declares it (docs/configuration.md).',
      '',
    ].join('\n'),
  );
  return app;
}
