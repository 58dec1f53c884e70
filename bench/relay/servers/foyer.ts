import { rmSync } from 'node:fs';
import { signIn, smallCompany, startServer } from '../../../test/support/server.ts';
import { memoryInUse } from '../../support/memory.ts';

/** Foyer itself, as it ships, but for the event rate limits, which would throttle so few customers so fast. */
const agents = Number(process.env.BENCH_AGENTS ?? 10);
const unlimited = { perSecond: 1e9, burst: 1e9, dropAt: 1e9 };
const password = 'a passphrase for the bench only';
const logins = Array.from({ length: agents }, (_, index) => `agent${index}`);

const server = await startServer({
  declared: {
    ...smallCompany,
    accounts: logins.map((login) => ({
      login,
      name: login,
      role: 'agent' as const,
      password,
      capacity: 10,
      queues: ['support'],
    })),
  },
  realtime: { limits: { connection: unlimited, person: unlimited } },
});
process.on('exit', () => rmSync(server.dataDir, { recursive: true, force: true }));

process.on('message', (message: { ask?: string }) => {
  if (message.ask !== 'memory') return;
  process.send?.(memoryInUse());
});
process.once('SIGTERM', () => process.exit(0));

const tokens: string[] = [];
for (const login of logins) tokens.push(await signIn(server, login, password));
process.send?.({ port: server.port, tokens, channel: 'web' });
