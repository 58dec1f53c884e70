import { rmSync } from 'node:fs';
import { smallCompany, startServer } from '../../../test/support/server.ts';
import { platforms } from '../platforms.ts';

/** Foyer itself, as it ships, with a channel of each platform. */
const server = await startServer({
  declared: {
    ...smallCompany,
    channels: [
      ...(smallCompany.channels ?? []),
      ...platforms.map(({ type, settings }) => ({ id: type, type, name: type, queue: 'support', settings })),
    ],
  },
});
process.on('exit', () => rmSync(server.dataDir, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ port: server.port });
