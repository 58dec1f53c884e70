import { rmSync } from 'node:fs';
import { startServer } from '../../../test/support/server.ts';
import { companyOf, unlimitedDesk } from '../../../test/support/simulated-talk.ts';

/** Foyer itself, as it ships, but for the agents' rate limits: one here writes as many do elsewhere. */
const channels = JSON.parse(process.env.BENCH_CHANNELS ?? '[]');
const server = await startServer({ declared: companyOf(channels), realtime: unlimitedDesk });
process.on('exit', () => rmSync(server.dataDir, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ port: server.port });
