/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { build, buildIsStale } from '../../scripts/build.ts';
import { launchChromium } from '../support/chromium.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type ShopPage, type ShopPageOptions, startShopPage } from '../support/shop-page.ts';

let server: TestServer;
let browser: Browser;
const shops: ShopPage[] = [];

beforeAll(async () => {
  if (await buildIsStale()) await build();
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const shop of shops.splice(0)) await shop.stop();
});

afterAll(async () => {
  await browser.close();
  await server.remove();
});

/** A visit to a company's page under the strict policy: what it fetched, opened and complained about. */
async function visit(options: Partial<ShopPageOptions> = {}) {
  const shop = await startShopPage({ foyer: server.url, ...options });
  shops.push(shop);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  const requests: string[] = [];
  const sockets: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => request.url().startsWith(server.url) && requests.push(request.url()));
  page.on('websocket', (socket) => sockets.push(socket.url()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  await page.goto(shop.url);
  return { page, requests, sockets, complaints, shop };
}

const launcher = (page: Page) => page.locator('foyer-widget .launcher');
const panel = (page: Page) => page.locator('foyer-widget foyer-panel');

test('a page view costs one request: no socket, no frame, nothing stored, and the launcher is there', async () => {
  const { page, requests, sockets, complaints } = await visit();
  await launcher(page).waitFor();
  await page.waitForTimeout(1_000);
  expect(requests).toEqual([`${server.url}/widget.js`]);
  expect(sockets).toEqual([]);
  expect(page.frames()).toHaveLength(1);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
  expect(complaints).toEqual([]);
});

test('a click opens the conversation under a strict policy with Trusted Types', async () => {
  const { page, complaints, sockets } = await visit();
  await launcher(page).click();
  await panel(page).locator('textarea').waitFor();
  await page.locator('foyer-widget .greeting').waitFor();
  expect(sockets).toHaveLength(1);
  expect(sockets[0]).toContain('transport=websocket');
  expect(complaints).toEqual([]);
});

test('calls made before the script ran are kept, in order', async () => {
  const stub = `
    window.Foyer = window.Foyer || function () { (Foyer.q = Foyer.q || []).push(arguments) };
    window.heard = [];
    Foyer('on', 'opened', function () { heard.push('opened') });
    Foyer('on', 'closed', function () { heard.push('closed') });
    Foyer('open');
  `;
  const { page, complaints } = await visit({ head: '<script src="/stub.js"></script>', scripts: { '/stub.js': stub } });
  await panel(page).locator('textarea').waitFor();
  await page.evaluate(() => (globalThis as unknown as { Foyer(name: string): void }).Foyer('close'));
  await page.waitForFunction(() => (globalThis as unknown as { heard: string[] }).heard.length === 2);
  expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual(['opened', 'closed']);
  expect(complaints).toEqual([]);
});

test('the tag twice is one widget', async () => {
  const { page } = await visit({ tags: 2 });
  await launcher(page).first().click();
  await panel(page).first().waitFor();
  expect(await page.locator('foyer-widget').count()).toBe(1);
});

test('a page that pollutes prototypes and hides document properties does not disturb it', async () => {
  const hostile = `
    Object.prototype.polluted = 'yes'; Object.prototype.token = 'mine'; Object.prototype.text = 'mine';
    Object.prototype.extend = function () {}; Array.prototype.remove = function () {};
  `;
  const { page, complaints } = await visit({
    tags: 0,
    head: '<script src="/hostile.js"></script>',
    scripts: { '/hostile.js': hostile },
    body: `<main><h1>Shop</h1><img name="currentScript" alt=""><img name="title" alt=""><img name="referrer" alt=""><img name="visibilityState" alt=""><form name="body"></form><a id="Foyer" href="#">x</a><a id="config" href="#">y</a>
      <p id="foyer-widget">z</p></main><script src="${server.url}/widget.js" data-channel="web"></script>`,
  });
  await launcher(page).click();
  await panel(page).locator('textarea').fill('hello');
  await panel(page).locator('textarea').press('Enter');
  await page.locator('foyer-widget foyer-message .tick.sent').waitFor();
  expect(complaints).toEqual([]);
});

test('a script that cannot be had leaves the launcher to be pressed again', async () => {
  const { page } = await visit();
  await page.route('**/widget/*.js', (route) => route.abort());
  await launcher(page).click();
  await page.waitForTimeout(500);
  expect(await launcher(page).getAttribute('aria-busy')).toBeNull();
  await page.unroute('**/widget/*.js');
  await launcher(page).click();
  await panel(page).locator('textarea').waitFor();
});

test('the look can be changed from outside by custom properties and parts', async () => {
  const { page } = await visit({ attributes: 'data-theme="dark" data-position="start"' });
  await page.evaluate(() => document.querySelector('foyer-widget')?.setAttribute('id', 'w'));
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      'foyer-widget { --foyer-accent: rgb(1, 2, 3) } foyer-widget::part(launcher) { border-radius: 7px }',
    );
    document.adoptedStyleSheets = [sheet];
  });
  for (const when of ['before', 'after']) {
    const style = await launcher(page).evaluate((button) => {
      const { backgroundColor, borderTopLeftRadius } = getComputedStyle(button);
      return [backgroundColor, borderTopLeftRadius, Math.round(button.getBoundingClientRect().left)];
    });
    expect(style, when).toEqual(['rgb(1, 2, 3)', '7px', 20]);
    if (when === 'before') {
      await launcher(page).click();
      await panel(page).waitFor();
    }
  }
  expect(await page.locator('foyer-widget').getAttribute('theme')).toBe('dark');
});
