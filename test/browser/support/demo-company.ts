import { sampleData } from '../../../demo/sample-data.ts';
import { siteRoutes } from '../../../demo/site-routes.ts';
import { build, buildIsStale } from '../../../scripts/build.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type TcpProxy, tcpProxy } from '../../support/tcp-proxy.ts';

/** A way to the server for one person, which can be cut. */
export interface Line extends TcpProxy {
  /** The server's address through this line. */
  url: string;
}

/** What `npm start` shows without configuration, on free ports and with data of its own. */
export interface DemoCompany {
  server: TestServer;
  line(): Promise<Line>;
  /** A password of the sample data. */
  password(login: string): string;
  close(): Promise<void>;
}

export async function startDemoCompany(): Promise<DemoCompany> {
  if (await buildIsStale()) await build();
  const server = await startServer({
    declared: sampleData,
    pages: [siteRoutes],
    autoIdle: true,
  });
  const lines: Line[] = [];
  return {
    server,
    async line() {
      const proxy = await tcpProxy({ host: '127.0.0.1', port: server.port });
      const line = Object.assign(proxy, { url: `http://127.0.0.1:${proxy.port}` });
      lines.push(line);
      return line;
    },
    password(login) {
      const account = sampleData.accounts.find((each) => each.login === login);
      if (account === undefined) throw new Error(`the demo has no account ${login}`);
      return account.password;
    },
    async close() {
      for (const line of lines) await line.close();
      await server.remove();
    },
  };
}
