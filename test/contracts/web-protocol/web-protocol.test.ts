import { afterAll, beforeAll, describe } from 'vitest';
import { type AgentDesk, openDesk } from '../../support/agent-desk.ts';
import { smallCompany, startServer, type TestServer } from '../../support/server.ts';
import { connectingBehaves } from './connecting.ts';
import { conversingBehaves } from './conversing.ts';
import type { ServerUnderTest } from './page.ts';
import { sharingBehaves } from './sharing.ts';
import { withstandingBehaves } from './withstanding.ts';

const origin = 'https://shop.example';
const secret = 'a secret that only the shop and Foyer know';

describe('the web protocol, spoken by this server', () => {
  let server: TestServer;
  let desk: AgentDesk;
  let subject: ServerUnderTest;

  beforeAll(async () => {
    const settings = { allowedOrigins: [origin], identity: { hs256Secret: secret } };
    server = await startServer({
      declared: {
        ...smallCompany,
        accounts: smallCompany.accounts.map((account) => ({ ...account, capacity: 500 })),
        channels: [
          { id: 'shop', type: 'web', name: 'Shop', queue: 'support', settings },
          { id: 'blog', type: 'web', name: 'Blog', queue: 'support', settings: { allowedOrigins: [origin] } },
        ],
      },
    });
    desk = await openDesk(server, 'ann');
    await desk.ask('state:set', { state: 'idle' });
    subject = {
      url: server.url,
      channel: 'shop',
      origin,
      secret,
      otherChannel: 'blog',
      answer: (session, text) => desk.say(session, text),
      note: (session, text) => desk.say(session, text, 'staff'),
    };
  });
  afterAll(async () => {
    desk?.close();
    await server?.remove();
  });

  connectingBehaves(() => subject);
  conversingBehaves(() => subject);
  sharingBehaves(() => subject);
  withstandingBehaves(() => subject);
});
