import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A company's page that embeds the widget, on an origin of its own. */
export interface ShopPage {
  url: string;
  stop(): Promise<void>;
}

export interface ShopPageOptions {
  /** Where the script tag points. */
  foyer: string;
  channel?: string;
  /** Attributes of the script tag, and how often it is there. */
  attributes?: string;
  tags?: number;
  /** In front of the script tag. */
  head?: string;
  body?: string;
  htmlAttributes?: string;
  /** Further scripts, by path: inline ones are forbidden by the page's policy. */
  scripts?: Record<string, string>;
}

/** The strictest policy docs/embedding.md promises to work under. */
export function strictPolicy(foyer: string): string {
  const { origin, host } = new URL(foyer);
  return [
    "default-src 'none'",
    `script-src 'self' ${origin}`,
    `connect-src ${origin} ws://${host}`,
    `img-src ${origin} blob:`,
    `media-src ${origin} blob:`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types foyer',
  ].join('; ');
}

export async function startShopPage(options: ShopPageOptions): Promise<ShopPage> {
  const { foyer, channel = 'web', attributes = '', tags = 1, scripts = {} } = options;
  const tag = `<script async src="${foyer}/widget.js" data-channel="${channel}" ${attributes}></script>`;
  const html = `<!doctype html><html lang="en" ${options.htmlAttributes ?? ''}><head><meta charset="utf-8"><title>Shop</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">${options.head ?? ''}${tag.repeat(tags)}</head>
    <body>${options.body ?? '<main><h1>Shop</h1><p>Chairs and tables.</p></main>'}</body></html>`;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts[pathname];
    if (pathname === '/favicon.ico') response.writeHead(204).end();
    else if (script !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': strictPolicy(foyer),
      });
      response.end(html);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
