import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { sampleData } from '../../demo/sample-data.ts';
import { siteRoutes } from '../../demo/site-routes.ts';
import { bundleModules } from '../../scripts/build/bundle.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { startServer } from '../../test/support/server.ts';

/**
 * What a visitor's browser fetches from Foyer, counted in real Chromium on the demo's website: at page load, and at
 * the first opening; beside the floor of lit + socket.io-client alone, bundled the same way in the same run.
 */
interface Fetched {
  requests: number;
  bytes: number;
  sockets: number;
}

export async function weight(): Promise<void> {
  const server = await startServer({ declared: structuredClone(sampleData) as never, pages: [siteRoutes] });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const fetched: Fetched = { requests: 0, bytes: 0, sockets: 0 };
    const sizes: Promise<void>[] = [];
    page.on('websocket', () => {
      fetched.sockets += 1;
    });
    page.on('requestfinished', (request) => {
      if (!/\/widget(\.js|\/)/.test(new URL(request.url()).pathname)) return;
      fetched.requests += 1;
      sizes.push(
        request.sizes().then(({ responseBodySize }) => {
          fetched.bytes += responseBodySize;
        }),
      );
    });
    const settled = async (): Promise<Fetched> => {
      await page.waitForTimeout(1_500);
      await Promise.all(sizes);
      return { ...fetched };
    };

    await page.goto(server.url);
    const load = await settled();
    const frames = page.frames().length - 1;
    await page.locator('foyer-widget').getByRole('button').first().click();
    await page.waitForEvent('websocket');
    const open = await settled();

    const [floor] = await bundleModules({ floor: join(import.meta.dirname, 'floor.ts') });
    const floorBytes = brotliCompressSync(floor?.code ?? '').byteLength;
    const opened = open.bytes - load.bytes;
    console.log(
      `page load    ${load.bytes} bytes, ${load.requests} request, ${load.sockets} sockets, ${frames} iframes`,
    );
    console.log(`first open   ${opened} bytes, ${open.requests - load.requests} requests, ${open.sockets} socket`);
    console.log(`floor        ${floorBytes} bytes (lit + slim socket.io-client)`);
    console.log(`first open / floor: ${(opened / floorBytes).toFixed(2)}`);
    if (load.bytes > 3_000 || load.requests !== 1 || load.sockets !== 0)
      throw new Error('page load is over its budget');
    if (opened > 40_000) throw new Error('the first opening is over its budget');
  } finally {
    await browser.close();
    await server.remove();
  }
}
