import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleModules } from '../../../scripts/build/bundle.ts';

/** A page of `test/browser/pages/`, built and served under the policy of the staff pages. */
export interface BundledPage {
  url: string;
  stop(): Promise<void>;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
].join('; ');

export async function serveBundled(entry: string): Promise<BundledPage> {
  const files = await bundleModules({ page: entry }, { minify: false });
  const main = files.find((file) => file.entry)?.name;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Foyer Desk</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/page.css">
    <script type="module" src="/${main}"></script></head><body></body></html>`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = files.find(({ name }) => pathname === `/${name}`);
    if (file) response.writeHead(200, { 'content-type': 'text/javascript' }).end(file.code);
    else if (pathname === '/page.css') response.writeHead(200, { 'content-type': 'text/css' }).end('body{margin:0}');
    else if (pathname !== '/') response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
